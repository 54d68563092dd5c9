"""The states of a published item, in one place. Whatever was published keeps its number and its address for ever."""

from django.db import models


class LessonState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LearningPointState(models.TextChoices):
    DRAFT = "draft", "Draft"
    PUBLISHED = "published", "Published"
    REVISED = "revised", "Revised"
    WITHDRAWN = "withdrawn", "Withdrawn"


# What a reader may find in the lists. A withdrawn item stays at its address, with the reason instead of the text.
LISTED = (LearningPointState.PUBLISHED, LearningPointState.REVISED)


def blockers_to_edit(state: str, name: str) -> list[str]:
    """Why a draft edit is not possible: published text changes by a revision that says what changed."""
    if state == LessonState.DRAFT:
        return []
    return [f"{name} is no longer a draft. Revise it instead, and say what changed."]


def blockers_to_revise(state: str, name: str) -> list[str]:
    """Why a revision is not possible."""
    if state == LessonState.DRAFT:
        return [f"{name} is still a draft. Edit it and publish it."]
    return _if_withdrawn(state, name)


def blockers_to_publish(state: str, name: str) -> list[str]:
    """Why publishing is not possible, as far as the state goes."""
    if state in LISTED:
        return [f"{name} is published already."]
    return _if_withdrawn(state, name)


def blockers_to_withdraw(state: str, name: str) -> list[str]:
    """Why withdrawing is not possible."""
    if state == LessonState.DRAFT:
        return [f"{name} was never published, so nothing needs to be withdrawn."]
    return _if_withdrawn(state, name)


def _if_withdrawn(state: str, name: str) -> list[str]:
    return [f"{name} was withdrawn."] if state == LessonState.WITHDRAWN else []
