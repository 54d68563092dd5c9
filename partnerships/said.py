"""You said, we did, we could not: from the involvement diary and from published ideas, as one list, newest first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.timezone import localdate

from partnerships.models import Idea, Involvement, Partnership

Key = tuple[date, str, int]


@dataclass(frozen=True)
class Said:
    heading: str
    you_said: str
    we_did: str
    we_could_not: str


def page_of_said(partnership: Partnership, number: Any, *, in_public: bool, size: int) -> Page[Any]:
    """A page whose `object_list` is `Said`. For visitors only what was marked for them. Four queries at most."""
    diary = partnership.involvement.filter(is_public=True) if in_public else partnership.involvement.all()
    keys: list[Key] = [(day, "diary", pk) for pk, day in diary.values_list("pk", "held_on")]
    ideas = Idea.objects.published().filter(partnership=partnership).values_list("pk", "created_at")
    keys += [(localdate(moment), "idea", pk) for pk, moment in ideas]
    page: Page[Any] = Paginator(sorted(keys, reverse=True), size).get_page(number)
    page.object_list = _told(list(page.object_list))
    return page


def _told(keys: Sequence[Key]) -> list[Said]:
    diary = Involvement.objects.in_bulk([pk for _, kind, pk in keys if kind == "diary"])
    ideas = Idea.objects.published().in_bulk([pk for _, kind, pk in keys if kind == "idea"])
    return [_of_diary(diary[pk]) if kind == "diary" else _of_idea(ideas[pk], day) for day, kind, pk in keys]


def _of_diary(entry: Involvement) -> Said:
    return Said(f"{entry.about}, {entry.held_on:%B %Y}", entry.heard, entry.we_did, entry.we_could_not)


def _of_idea(idea: Idea, day: date) -> Said:
    what = "An idea" if idea.kind == "idea" else "A comment"
    return Said(f"{what} from this page, {day:%B %Y}", idea.shown, idea.we_did, idea.we_could_not)
