"""The states of a published item, in one place. Whatever was published keeps its number and its address for ever."""

from django.db import models


class LessonState(models.TextChoices):
    DRAFT = "draft", "Draft"
    COMMENTS = "comments", "With the partners for comments"
    SIGNED = "signed", "Signed off"
    CHECKED = "checked", "Checked"
    PUBLISHED = "published", "Published"
    WITHDRAWN = "withdrawn", "Withdrawn"


class LearningPointState(models.TextChoices):
    DRAFT = "draft", "Draft"
    COMMENTS = "comments", "With the partners for comments"
    SIGNED = "signed", "Signed off"
    CHECKED = "checked", "Checked"
    PUBLISHED = "published", "Published"
    REVISED = "revised", "Revised"
    WITHDRAWN = "withdrawn", "Withdrawn"


# On its way: not for the public yet. The values are the same in both lists.
WRITING = (LessonState.DRAFT, LessonState.COMMENTS, LessonState.SIGNED, LessonState.CHECKED)
# What a reader may find in the lists. A withdrawn item stays at its address, with the reason instead of the text.
LISTED = (LearningPointState.PUBLISHED, LearningPointState.REVISED)


def blockers_to_edit(state: str, name: str) -> list[str]:
    """Why a draft edit is not possible: published text changes by a revision that says what changed."""
    if state == LessonState.DRAFT:
        return []
    if state in WRITING:
        return [f"{name} is being signed off or checked. Take it back to a draft first; partners then sign it again."]
    return [f"{name} is no longer a draft. Revise it instead, and say what changed."]


def blockers_to_ask(state: str, name: str) -> list[str]:
    """Why partners cannot be asked for comments and their sign-off."""
    if state == LessonState.COMMENTS:
        return [f"{name} is with the partners already."]
    return [] if state == LessonState.DRAFT else _past_writing(state, name) or [f"{name} is signed off already."]


def blockers_to_answer(state: str, name: str) -> list[str]:
    """Why a partner can neither comment nor sign off."""
    if state == LessonState.COMMENTS:
        return []
    if state == LessonState.DRAFT:
        return [f"{name} is a draft: the partners have not been asked yet."]
    return _past_writing(state, name) or [f"{name} is signed off already."]


def blockers_to_check(state: str, name: str) -> list[str]:
    """Why it cannot be checked, as far as the state goes; a round that still runs is another matter."""
    if state == LessonState.CHECKED:
        return [f"{name} is checked already."]
    return _past_writing(state, name)


def blockers_to_reopen(state: str, name: str) -> list[str]:
    """Why it cannot become a draft again."""
    if state == LessonState.DRAFT:
        return [f"{name} is a draft already."]
    return _past_writing(state, name)


def blockers_to_revise(state: str, name: str) -> list[str]:
    """Why a revision is not possible."""
    if state in WRITING:
        return [f"{name} is still a draft. Edit it and publish it."]
    return _if_withdrawn(state, name)


def blockers_to_publish(state: str, name: str) -> list[str]:
    """Why publishing is not possible, as far as the state goes."""
    if state == LessonState.CHECKED:
        return []
    if state in WRITING:
        return [f"{name} has not passed its check yet: names, abbreviations and links are looked at first."]
    return _past_writing(state, name)


def blockers_to_withdraw(state: str, name: str) -> list[str]:
    """Why withdrawing is not possible."""
    if state in WRITING:
        return [f"{name} was never published, so nothing needs to be withdrawn."]
    return _if_withdrawn(state, name)


def _past_writing(state: str, name: str) -> list[str]:
    return [f"{name} is published already."] if state in LISTED else _if_withdrawn(state, name)


def _if_withdrawn(state: str, name: str) -> list[str]:
    return [f"{name} was withdrawn."] if state == LessonState.WITHDRAWN else []
