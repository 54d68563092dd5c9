"""The words of ideas from people without an account: what was sent, what became of it, why it was turned down."""

from django.db import models


class IdeaKind(models.TextChoices):
    IDEA = "idea", "Idea"
    COMMENT = "comment", "Comment"


class IdeaState(models.TextChoices):
    WAITING = "waiting", "Waiting for a moderator"
    PUBLISHED = "published", "Published with an answer"
    PRIVATE = "private", "Kept private"
    REJECTED = "rejected", "Rejected"


class Rejection(models.TextChoices):
    """The short list of reasons."""

    ELSEWHERE = "elsewhere", "It is not about this partnership"
    PEOPLE = "people", "It tells of people who could be recognised"
    REPEATED = "repeated", "It says what another idea says"
    ABUSE = "abuse", "It is abusive"
    ADVERT = "advert", "It is an advertisement or was sent by a machine"


# Whoever sends abuse or advertisements may have given somebody else's address: nobody is written to.
UNANSWERED = (Rejection.ABUSE, Rejection.ADVERT)
