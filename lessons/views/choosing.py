"""Which lessons a report or a learning point starts with: ticked by hand, or everything the library's filter finds."""

from django.http import HttpRequest

from lessons.actions.report import MOST_LESSONS
from lessons.documents import in_the_order_of_reports
from lessons.filters import LibraryFilter
from lessons.models import Lesson

BY_HAND = "Chosen"


def chosen_lessons(request: HttpRequest) -> tuple[list[Lesson], dict[str, str]]:
    """The lessons the address names (`?lesson=3&lesson=5`), or those its filter finds; and that choice in words."""
    published = Lesson.objects.published()
    numbers = [int(n) for n in request.GET.getlist("lesson") if n.isascii() and n.isdecimal() and len(n) < 7]
    if numbers:
        return in_the_order_of_reports(published.filter(number__in=numbers))[:MOST_LESSONS], {BY_HAND: "by hand"}
    wanted = LibraryFilter(request.GET, queryset=published)
    found = wanted.found()
    lessons = Lesson.objects.in_bulk(found.ids[:MOST_LESSONS])
    in_order = [lessons[pk] for pk in found.ids if pk in lessons]
    if not found.words:
        in_order = in_the_order_of_reports(in_order)
    return in_order, wanted.in_words()
