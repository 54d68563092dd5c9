"""The library: search, facets, and each lesson at its permanent address. Open to everybody."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from foundation.published.caching import for_visitors
from lessons import described, search
from lessons.actions.report import MOST_LESSONS
from lessons.arriving import in_words
from lessons.editions import earlier_of
from lessons.feeds import address_of, title_of
from lessons.filters import LibraryFilter, beside
from lessons.lifecycle import WRITING, LessonState
from lessons.models import LearningPoint, Lesson, Profile
from lessons.permissions import can_publish
from lessons.readings import PAGE, counted
from lessons.views.choosing import choice, search_only

PER_PAGE = 20
BEGINNING = 180
BESIDE = 3
"""As many learning points, and as many profiles, are shown beside the lessons that a search found."""


@for_visitors
def library(request: HttpRequest) -> HttpResponse:
    wanted = LibraryFilter(request.GET, queryset=Lesson.objects.published())
    found = wanted.found()
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    rows = _rows(list(page.object_list), found.words)
    themes = wanted.chosen.get("theme") or []
    theme = themes[0] if len(themes) == 1 else ""
    context = {
        "form": wanted.form,
        "text": wanted.words,
        "facets": wanted.facets(found.words),
        "instead": found.instead,
        "filtered": wanted.is_narrow,
        "page_obj": page,
        "rows": rows,
        "labels": wanted.labels_named(forgive=not found.ids) if wanted.words else [],
        "choice": choice(request, {row["number"] for row in rows}),
        "is_capped": found.is_capped,
        "report_url": f"{reverse('lessons:report_new')}?{search_only(request.GET).urlencode()}".removesuffix("?"),
        "most_in_a_report": min(len(found.ids), MOST_LESSONS),
        "may_publish": can_publish(request.user),
        "described": described.library(),
        "theme_feed": address_of(theme) if theme else "",
        "theme_feed_title": title_of(theme) if theme else "",
    }
    if found.words:
        points, profiles = LearningPoint.objects.listed().select_related("series"), Profile.objects.listed()
        context["beside"] = [
            _beside("Learning points", reverse("lessons:learning_points"), points, wanted.words, found),
            _beside("Profiles", reverse("lessons:profiles"), profiles, wanted.words, found),
        ]
    return render(request, "lessons/library.html", context)


def _beside(name: str, url: str, listed: QuerySet[Any], typed: str, lessons: search.Found) -> dict[str, Any]:
    """Those that hold the words, best first, and what was looked for if it was not what was typed."""
    found = beside(listed, typed, lessons)
    rows = listed.in_bulk(found.ids[:BESIDE])
    return {
        "name": name,
        "url": url,
        "rows": [rows[pk] for pk in found.ids[:BESIDE] if pk in rows],
        "more": max(len(found.ids) - BESIDE, 0),
        "instead": found.instead,
    }


@for_visitors
def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    """At its permanent address; 410 with the reason once it is withdrawn."""
    found = get_object_or_404(Lesson.objects.exclude(state__in=WRITING), slug=slug)
    may_publish = can_publish(request.user)
    if found.state == LessonState.WITHDRAWN:
        return render(request, "lessons/lesson.html", {"lesson": found}, status=410)
    earlier = earlier_of(found)
    context = {
        "lesson": found,
        "proven": _proven(found),
        "may_publish": may_publish,
        "earlier": earlier,
        "described": described.lesson(found, len(earlier) + 1),
        "theme_feed": address_of(found.theme),
        "theme_feed_title": title_of(found.theme),
    }
    page = render(request, "lessons/lesson.html", context)
    return page if may_publish else counted(request, page, found, PAGE)


def _proven(lesson: Lesson) -> str:
    """What use has shown, in partnerships counted and not named. One query."""
    counts = lesson.uses.aggregate(
        used=Count("pk"), good=Count("pk", filter=Q(worked=True)), bad=Count("pk", filter=Q(worked=False))
    )
    return in_words(counts["used"], counts["good"], counts["bad"])


def _rows(ids: list[int], words: search.Words) -> list[dict[str, Any]]:
    """The lessons on the screen, in order, ready to print. Two queries: the rows, and what was found in them."""
    lessons, excerpts = Lesson.objects.in_bulk(ids), search.excerpts(words, ids)
    return [_row(lessons[pk], excerpts.get(pk)) for pk in ids if pk in lessons]


def _row(lesson: Lesson, excerpt: search.Excerpt | None) -> dict[str, Any]:
    tags = (lesson.get_theme_display(), lesson.get_stage_display(), lesson.get_kind_of_service_display())
    return {
        "number": lesson.number,
        "url": lesson.get_absolute_url(),
        "title": excerpt.title if excerpt else lesson.title,
        "plain_title": lesson.title,
        "text": (excerpt.passage if excerpt else "") or _beginning(lesson.advice),
        "tags": " · ".join(tags),
        "updated": lesson.revised_at,
    }


def _beginning(text: str) -> str:
    return text if len(text) <= BEGINNING else f"{text[:BEGINNING].rsplit(' ', 1)[0]} …"
