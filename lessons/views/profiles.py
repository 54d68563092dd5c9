"""Profiles: as everybody reads them, as drafts, and what publishers do with one."""

from collections.abc import Callable

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from foundation.policy.refusals import NotPermitted
from lessons import described, search
from lessons.actions import profile as actions
from lessons.editions import earlier_of
from lessons.forms.lesson import WithdrawForm
from lessons.forms.profile import ProfileForm, ReviseProfileForm, StartProfileForm
from lessons.lifecycle import WRITING, LearningPointState
from lessons.models import Profile
from lessons.permissions import can_edit, can_publish, require_editor
from lessons.publications import Publication, parts
from lessons.readings import PAGE, counted
from lessons.views.drafts import version_shown, way
from lessons.views.formats import part_context
from lessons.views.learning_points import words_typed
from partnerships.models import Partnership
from partnerships.permissions import Ability, where_may

PER_PAGE = 20


def profiles(request: HttpRequest) -> HttpResponse:
    """All of them, newest first; or those that hold the words, best first."""
    text = words_typed(request)
    found = search.find(text, Profile.objects.listed())
    page = Paginator(found.ids, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": _rows(list(page.object_list), found.words),
        "text": text,
        "instead": found.instead,
        "may_publish": can_publish(request.user),
    }
    return render(request, "lessons/profiles.html", context)


def _rows(ids: list[int], words: search.Words) -> list[tuple[Profile, search.Excerpt | None]]:
    """The profiles on the screen, in order, each with what was found in it. Two queries."""
    rows, excerpts = Profile.objects.in_bulk(ids), search.excerpts(words, ids, search.PROFILES)
    return [(rows[pk], excerpts.get(pk)) for pk in ids if pk in rows]


def profile(request: HttpRequest, slug: str) -> HttpResponse:
    """At its permanent address; 410 with the reason once it is withdrawn. No cache: a story may go at any moment."""
    published = Profile.objects.exclude(state__in=WRITING).select_related("partnership")
    found = get_object_or_404(published, slug=slug)
    if found.state == LearningPointState.WITHDRAWN:
        return render(request, "lessons/profile_withdrawn.html", {"profile": found}, status=410)
    earlier = earlier_of(found)
    context = {
        "profile": found,
        "parts": parts(found),
        "earlier": earlier,
        "described": described.profile(found, len(earlier) + 1),
    } | part_context(request, Publication(profile=found))
    page = render(request, "lessons/profile.html", context)
    return page if can_publish(request.user) else counted(request, page, found, PAGE)


def start(request: HttpRequest) -> HttpResponse:
    """For a publisher any partnership that has added a lesson; for others those where they may add one."""
    person = person_of(request)
    if not (among := _to_choose(person)):
        raise NotPermitted("There is no partnership of which you may write a profile. Its leads and managers may.")
    form = StartProfileForm(posted(request), among=among, cancel_url=reverse("lessons:profiles"))
    made: list[Profile] = []

    def action() -> None:
        made.append(actions.start_profile(partnership=form.chosen(), by=person))

    done = "The draft is started, with what the portal knows. Read each part and make it right."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("lessons:draft_profile", made[0].public_id) if made else redirect("lessons:profiles")
    return _form(request, form, "Start a profile", "A profile tells what one partnership does and has learned.")


def draft(request: HttpRequest, profile_id: str) -> HttpResponse:
    found, person = _profile(request, profile_id), person_of(request)
    if not found.is_on_its_way:
        return redirect(found)
    if request.method == "POST":
        require_editor(person, found)
    form = ProfileForm(
        posted(request), profile=found, stories=actions.stories_for(found.partnership), version=found.version
    )

    def action() -> None:
        actions.edit_profile(profile=found, by=person, version=form.version, **form.profile())

    if request.method == "POST" and carry_out(request, form, action, done="The draft is saved."):
        return redirect("lessons:draft_profile", found.public_id)
    context = {
        "profile": found,
        "parts": parts(found),
        "form": form,
        "may_edit": can_edit(person, found),
        "may_publish": can_publish(person),
    }
    return render(request, "lessons/draft_profile.html", context | way(request, found))


def publish(request: HttpRequest, profile_id: str) -> HttpResponse:
    found = actions.publish_profile(
        profile=_profile(request, profile_id), by=person_of(request), version=version_shown(request)
    )
    messages.success(request, "The profile is published, and its formats are being made.")
    return redirect(found)


def revise(request: HttpRequest, profile_id: str) -> HttpResponse:
    found = _profile(request, profile_id)
    form = ReviseProfileForm(
        posted(request), profile=found, stories=actions.stories_for(found.partnership), version=found.version
    )

    def action() -> None:
        note, may_stay = form.cleaned_data["change_note"], form.cleaned_data["names_may_stay"]
        actions.revise_profile(
            profile=found, change_note=note, names_may_stay=may_stay, by=person_of(request), version=form.version,
            **form.profile(),
        )  # fmt: skip

    return _on_published(request, found, form, action, "Revise", "The revision is published.")


def withdraw(request: HttpRequest, profile_id: str) -> HttpResponse:
    found = _profile(request, profile_id)
    form = WithdrawForm(posted(request), version=found.version)

    def action() -> None:
        actions.withdraw_profile(profile=found, by=person_of(request), version=form.version, **form.values())

    return _on_published(request, found, form, action, "Withdraw", "The profile is withdrawn.")


def _to_choose(person: Person) -> list[Partnership]:
    mine = Q(pk__in=where_may(person, Ability.ADD_LESSON))
    told = Q(pk__in=Partnership.objects.filter(lessons__isnull=False).values("pk"))
    return list(Partnership.objects.filter(mine | told if can_publish(person) else mine).order_by("title", "pk"))


def _on_published(
    request: HttpRequest, found: Profile, form: PortalForm, action: Callable[[], None], heading: str, done: str
) -> HttpResponse:
    form.cancel_url = found.get_absolute_url()
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(found)
    return _form(request, form, f"{heading} profile {found.number}", found.title)


def _form(request: HttpRequest, form: PortalForm, heading: str, name: str) -> HttpResponse:
    context = {"form": form, "heading": heading, "name": name, "address": form.cancel_url}
    return render(request, "lessons/form.html", context)


def _profile(request: HttpRequest, profile_id: str) -> Profile:
    visible = Profile.objects.visible_to(person_of(request)).select_related("partnership")
    return get_object_or_404(visible, public_id=profile_id)
