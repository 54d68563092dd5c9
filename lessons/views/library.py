"""The library: search, facets, and each lesson at its permanent address. Open to everybody."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from lessons import search
from lessons.filters import LibraryFilter
from lessons.lifecycle import LessonState
from lessons.models import Lesson
from lessons.permissions import can_publish

PER_PAGE = 20
BEGINNING = 180


def library(request: HttpRequest) -> HttpResponse:
    wanted = LibraryFilter(request.GET, queryset=Lesson.objects.published())
    found = wanted.found()
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    state = request.GET.copy()
    state.pop("page", None)
    context = {
        "form": wanted.form,
        "text": wanted.words,
        "facets": wanted.facets(),
        "filtered": wanted.is_narrow,
        "page_obj": page,
        "rows": _rows(list(page.object_list), found.words),
        "is_capped": found.is_capped,
        "report_url": f"{reverse('lessons:report_new')}?{state.urlencode()}",
        "may_publish": can_publish(request.user),
    }
    return render(request, "lessons/library.html", context)


def lesson(request: HttpRequest, slug: str) -> HttpResponse:
    found = get_object_or_404(Lesson.objects.exclude(state=LessonState.DRAFT), slug=slug)
    context = {"lesson": found, "may_publish": can_publish(request.user)}
    return render(request, "lessons/lesson.html", context)


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
