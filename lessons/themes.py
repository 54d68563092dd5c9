"""How lessons are sorted besides their theme (`partnerships.themes`): stage, kind of service, reader, strength."""

from django.db import models


class LessonStage(models.TextChoices):
    """The stage of a partnership that a lesson helps."""

    ANY = "any", "Any stage"
    DESIGN = "design", "Design"
    PILOT = "pilot", "Pilot"
    REDESIGN = "redesign", "Redesign"
    TENDER = "tender", "Tender"


class KindOfService(models.TextChoices):
    """The fields in which known partnerships worked (`domain.md` 2.3), and one for lessons that hold everywhere."""

    ANY = "any", "Any service"
    CHILDREN = "children", "Children and families"
    DISABILITY = "disability", "Learning disability"
    HOUSING = "housing", "Housing and homelessness"
    JUSTICE = "justice", "Community justice"
    MENTAL_HEALTH = "mental-health", "Mental health"
    OLDER_PEOPLE = "older-people", "Older people"
    TRANSPORT = "transport", "Community transport"
    OTHER = "other", "Another kind of service"


class Audience(models.TextChoices):
    """Whom a lesson is for: the readers that the published collection of 2015 names, and everybody."""

    EVERYBODY = "everybody", "Everybody"
    THIRD_SECTOR = "third-sector", "Third sector managers"
    PUBLIC = "public", "Public service managers"
    COMMISSIONERS = "commissioners", "Commissioners"
    PROCUREMENT = "procurement", "Procurement professionals"


class Strength(models.TextChoices):
    """How well a lesson is shown, weakest first: what a reader should lean on it."""

    TOLD = "told", "Told by those who were there"
    SEVERAL = "several", "Seen in more than one place"
    EVALUATED = "evaluated", "Found by an evaluation"
