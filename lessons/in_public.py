"""What a partnership's public page shows of its lessons: what is published in the library."""

from lessons.models import Lesson, Profile
from partnerships.models import Partnership
from partnerships.public_sections import Entry


def lessons_of(partnership: Partnership) -> list[Entry]:
    """Its profiles, then its lessons, newest first. Two queries."""
    profiles = Profile.objects.listed().filter(partnership=partnership)
    rows = Lesson.objects.published().filter(partnership=partnership).order_by("-number")
    told = [Entry(row.series_line, row.get_absolute_url()) for row in profiles]
    return [*told, *(Entry(row.title, row.get_absolute_url()) for row in rows)]
