"""Drafts, and what publishers do with a lesson: edit, publish, revise, withdraw."""

from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from lessons.actions.lesson import (
    edit_lesson,
    publish_lesson,
    revise_lesson,
    withdraw_lesson,
)
from lessons.actions.readiness import missing_in
from lessons.actions.review import blockers_to_check, named_in, partners_of
from lessons.forms.lesson import LessonForm, RevisionForm, WithdrawForm
from lessons.lifecycle import WRITING, LessonState
from lessons.models import Contributor, Item, LearningPoint, Lesson, Profile
from lessons.permissions import can_ask, can_edit, can_publish, require_editor

MOST = 100


def drafts(request: HttpRequest) -> HttpResponse:
    context = {
        "lessons": Lesson.objects.on_their_way().select_related("partnership", "added_by")[:MOST],
        "profiles": Profile.objects.on_their_way().select_related("partnership", "added_by")[:MOST],
        "points": LearningPoint.objects.filter(state__in=WRITING).select_related("series")[:MOST],
        "may_publish": can_publish(request.user),
    }
    return render(request, "lessons/drafts.html", context)


def lesson(request: HttpRequest, lesson_id: str) -> HttpResponse:
    draft = _lesson(request, lesson_id)
    person = person_of(request)
    if not draft.is_on_its_way:
        return redirect(draft)
    if request.method == "POST":
        require_editor(person, draft)
    form = LessonForm(posted(request), initial=draft.texts(), version=draft.version)

    def action() -> None:
        edit_lesson(lesson=draft, by=person, version=form.version, **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The draft is saved."):
        return redirect("lessons:draft_lesson", draft.public_id)
    context = {
        "lesson": draft,
        "form": form,
        "may_edit": can_edit(person, draft),
        "may_publish": can_publish(person),
    }
    return render(request, "lessons/draft_lesson.html", context | way(request, draft))


def way(request: HttpRequest, item: Item) -> dict[str, Any]:
    """How far a draft is on its way to publication, and what can be done next: for `lessons/way.html`."""
    is_draft = item.state == LessonState.DRAFT
    return {
        "item": item,
        "kind": item.kind,
        "missing": missing_in(item),
        "partners": partners_of(item) if is_draft else [],
        "named": _named(item) if is_draft else [],
        "check_blockers": blockers_to_check(item),
        "contributors": [] if is_draft else item.contributors.select_related("organisation"),
        "may_ask": can_ask(person_of(request), item),
    }


def _named(item: Item) -> list[Contributor]:
    """Who contributed otherwise than as a partner, and whether there is anybody who could be asked. One query."""
    people = Person.objects.filter(is_active=True, organisation=OuterRef("organisation"))
    return list(named_in(item).annotate(has_people=Exists(people)))


def publish(request: HttpRequest, lesson_id: str) -> HttpResponse:
    lesson = publish_lesson(lesson=_lesson(request, lesson_id), by=person_of(request), version=version_shown(request))
    messages.success(request, "The lesson is published. Everybody can read it at this address.")
    return redirect(lesson)


def revise(request: HttpRequest, lesson_id: str) -> HttpResponse:
    lesson = _lesson(request, lesson_id)
    address = lesson.get_absolute_url()
    form = RevisionForm(posted(request), initial=lesson.texts(), version=lesson.version, cancel_url=address)

    def action() -> None:
        revise_lesson(lesson=lesson, by=person_of(request), version=form.version, **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The revision is published."):
        return redirect(address)
    context = {"form": form, "heading": f"Revise lesson {lesson.number}", "name": lesson.title, "address": address}
    return render(request, "lessons/form.html", context)


def withdraw(request: HttpRequest, lesson_id: str) -> HttpResponse:
    lesson = _lesson(request, lesson_id)
    address = lesson.get_absolute_url()
    form = WithdrawForm(posted(request), version=lesson.version, cancel_url=address)

    def action() -> None:
        withdraw_lesson(lesson=lesson, by=person_of(request), version=form.version, **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="The lesson is withdrawn."):
        return redirect(address)
    context = {"form": form, "heading": f"Withdraw lesson {lesson.number}", "name": lesson.title, "address": address}
    return render(request, "lessons/form.html", context)


def version_shown(request: HttpRequest) -> int | None:
    """The version a button was drawn for; anything but a number counts as none."""
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


def _lesson(request: HttpRequest, lesson_id: str) -> Lesson:
    visible = Lesson.objects.visible_to(person_of(request)).select_related("partnership")
    return get_object_or_404(visible, public_id=lesson_id)
