"""Which lessons a report or a learning point starts with: ticked by hand, or everything the library's filter finds.

What is ticked stands in the address (`?lesson=3&lesson=5`) and goes along from page to page and from search to search.
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse

from lessons.actions.report import MOST_LESSONS
from lessons.documents import in_the_order_of_reports
from lessons.filters import LibraryFilter
from lessons.models import Lesson

BY_HAND = "Chosen"
PRESSED = "by_hand"
"""The name of the buttons for what is ticked; their value is the page of the library they were pressed on."""
NONE_CHOSEN = "Choose at least one lesson: tick “Choose” below it. Then press the button again."


@dataclass(frozen=True)
class Choice:
    """The lessons ticked so far, by number; `off_screen` are those that have no box on this page of the library."""

    numbers: list[int]
    off_screen: list[int]
    without: str
    """The address of the same search with nothing ticked."""

    @property
    def query(self) -> str:
        """For links that keep it: “lesson=3&lesson=5”."""
        return urlencode([("lesson", number) for number in self.numbers])


def choice(request: HttpRequest, on_screen: set[int]) -> Choice:
    """What is ticked. One query if anything is; a visitor, who can make nothing of lessons, has no choice."""
    wanted = _ticked(request) if request.user.is_authenticated else []
    numbers = []
    if wanted:
        published = Lesson.objects.published().filter(number__in=wanted)
        numbers = list(published.order_by("number").values_list("number", flat=True))
    return Choice(
        numbers, [number for number in numbers if number not in on_screen], _library(search_only(request.GET))
    )


def search_only(query: QueryDict) -> QueryDict:
    """The search of an address, without its page and without what is ticked."""
    kept = query.copy()
    for name in ("page", "lesson", PRESSED):
        kept.pop(name, None)
    return kept


def asked_to_choose(request: HttpRequest) -> HttpResponse | None:
    """Back to where somebody pressed the button for what is ticked while nothing was."""
    if PRESSED not in request.GET or _ticked(request):
        return None
    messages.error(request, NONE_CHOSEN)
    kept = search_only(request.GET)
    if request.GET[PRESSED] not in ("", "1"):
        kept["page"] = request.GET[PRESSED]
    return redirect(_library(kept))


def chosen_lessons(request: HttpRequest) -> tuple[list[Lesson], dict[str, str]]:
    """The lessons the address names (`?lesson=3&lesson=5`), or those its filter finds; and that choice in words."""
    published = Lesson.objects.published()
    if numbers := _ticked(request):
        return in_the_order_of_reports(published.filter(number__in=numbers))[:MOST_LESSONS], {BY_HAND: "by hand"}
    wanted = LibraryFilter(request.GET, queryset=published)
    found = wanted.found()
    lessons = Lesson.objects.in_bulk(found.ids[:MOST_LESSONS])
    in_order = [lessons[pk] for pk in found.ids if pk in lessons]
    if not found.words:
        in_order = in_the_order_of_reports(in_order)
    return in_order, wanted.in_words()


def _ticked(request: HttpRequest) -> list[int]:
    return [int(n) for n in request.GET.getlist("lesson") if n.isascii() and n.isdecimal() and len(n) < 7]


def _library(query: QueryDict) -> str:
    return f"{reverse('lessons:library')}?{query.urlencode()}".removesuffix("?")
