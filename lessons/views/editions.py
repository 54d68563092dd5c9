"""Earlier editions of what was published, each at an address that stays; and taking the text of one back."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from foundation.published.caching import for_visitors
from foundation.published.links import absolute
from lessons.actions.edition import blockers_to_take_back, take_back_edition
from lessons.editions import lesson_as_it_was, point_as_it_was, profile_as_it_was
from lessons.forms.lesson import TakeBackForm
from lessons.lifecycle import LISTED, LessonState
from lessons.models import EarlierEdition
from lessons.permissions import can_publish

PAGE = "lessons/edition.html"


@for_visitors
def of_lesson(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    editions = EarlierEdition.objects.select_related("lesson").exclude(lesson=None)
    edition = get_object_or_404(editions, lesson__slug=slug, number=number)
    if edition.of.state != LessonState.PUBLISHED or edition.taken_back_because:
        return _gone(request, edition)
    return _page(request, edition, {"lesson": lesson_as_it_was(edition)})


@for_visitors
def of_point(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    editions = EarlierEdition.objects.select_related("learning_point__series").exclude(learning_point=None)
    edition = get_object_or_404(editions, learning_point__slug=slug, number=number)
    if edition.of.state not in LISTED or edition.taken_back_because:
        return _gone(request, edition)
    return _page(request, edition, point_as_it_was(edition))


@for_visitors
def of_profile(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """A profile itself is never kept by a cache, for its story's sake; an edition holds no story."""
    editions = EarlierEdition.objects.select_related("profile__partnership").exclude(profile=None)
    edition = get_object_or_404(editions, profile__slug=slug, number=number)
    if edition.of.state not in LISTED or edition.taken_back_because:
        return _gone(request, edition)
    return _page(request, edition, profile_as_it_was(edition))


def take_back(request: HttpRequest, edition_id: str) -> HttpResponse:
    editions = EarlierEdition.objects.select_related("lesson", "learning_point__series", "profile")
    edition = editions.filter(public_id=edition_id).first()
    if edition is None:
        raise Http404
    form = TakeBackForm(posted(request), cancel_url=edition.get_absolute_url())

    def action() -> None:
        take_back_edition(edition=edition, by=person_of(request), **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The text of that edition is taken back."):
        return redirect(edition.of)
    context = {
        "form": form,
        "heading": f"Take back the text of edition {edition.number}",
        "name": edition.of.name,
        "address": edition.of.get_absolute_url(),
    }
    return render(request, "lessons/form.html", context)


def _page(request: HttpRequest, edition: EarlierEdition, content: dict[str, Any]) -> HttpResponse:
    may_take_back = can_publish(request.user) and not blockers_to_take_back(edition)
    return render(request, PAGE, content | _common(edition) | {"may_take_back": may_take_back})


def _gone(request: HttpRequest, edition: EarlierEdition) -> HttpResponse:
    return render(request, PAGE, _common(edition), status=410)


def _common(edition: EarlierEdition) -> dict[str, Any]:
    return {"edition": edition, "of": edition.of, "current": absolute(edition.of.get_absolute_url())}
