"""The editor of learning points: start, blocks, lessons, links; publish, revise, withdraw."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from lessons.actions import contributor as contributors
from lessons.actions import learning_point as actions
from lessons.actions.importing import import_learning_point
from lessons.actions.learning_point import Chosen
from lessons.actions.review import named_in
from lessons.documents import blocks
from lessons.forms.importing import PreviewForm, UploadForm, initial_of
from lessons.forms.learning_point import (
    BlocksForm,
    LinkForm,
    NameContributorForm,
    RevisePointForm,
    StartForm,
    WordsForm,
    blocks_of,
)
from lessons.forms.lesson import WithdrawForm
from lessons.models import LearningPoint, Lesson
from lessons.views.choosing import asked_to_choose, chosen_lessons
from lessons.views.drafts import version_shown, way


def start(request: HttpRequest) -> HttpResponse:
    if back := asked_to_choose(request):
        return back
    lessons, _ = chosen_lessons(request)
    form = StartForm(posted(request), lessons=lessons)
    made: list[LearningPoint] = []

    def action() -> None:
        series = actions.learning_points_series()
        made.append(
            actions.start_learning_point(series=series, lessons=form.in_order(), by=person_of(request), **form.values())
        )

    if request.method == "POST" and carry_out(request, form, action, done="The draft is started."):
        return redirect("lessons:draft_learning_point", made[0].public_id) if made else redirect("lessons:drafts")
    return _form(request, form, "Start a learning point", "Its lessons can be changed later.", "lessons:drafts")


def import_publication(request: HttpRequest) -> HttpResponse:
    """First the file; then everything found in it, in a form that keeps nothing before it is sent."""
    if request.method == "POST" and "learned" in request.POST:
        return _keep_import(request)
    upload = UploadForm(posted(request), request.FILES or None, cancel_url=reverse("lessons:drafts"))
    if request.method == "POST" and upload.is_valid():
        form = PreviewForm(initial=initial_of(upload.mapped), cancel_url=reverse("lessons:learning_point_import"))
        return render(request, "lessons/import.html", {"form": form, "found": upload.mapped})
    return render(request, "lessons/import.html", {"form": upload})


def _keep_import(request: HttpRequest) -> HttpResponse:
    form = PreviewForm(request.POST, cancel_url=reverse("lessons:learning_point_import"))
    made: list[LearningPoint] = []

    def action() -> None:
        series = actions.learning_points_series()
        kept = form.blocks() | {"learned": form.lessons(), "links": form.links(), "theme": form.cleaned_data["theme"]}
        made.append(import_learning_point(series=series, by=person_of(request), **kept))

    if carry_out(request, form, action, done="It is kept as a draft. Its lessons are drafts in the library."):
        return redirect("lessons:draft_learning_point", made[0].public_id) if made else redirect("lessons:drafts")
    return render(request, "lessons/import.html", {"form": form})


def edit(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    if not point.is_on_its_way:
        return redirect(point)
    form = BlocksForm(posted(request), initial=blocks_of(point), version=point.version)

    def action() -> None:
        actions.edit_learning_point(point=point, by=person_of(request), version=form.version, **form.blocks())

    if request.method == "POST" and carry_out(request, form, action, done="The draft is saved."):
        return redirect("lessons:draft_learning_point", point.public_id)
    context = blocks(point) | {"form": form, "may_publish": True} | way(request, point)
    return render(request, "lessons/draft_learning_point.html", context)


def lessons(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    learned = list(point.learned.select_related("lesson"))
    form = WordsForm(
        posted(request),
        lessons=[item.lesson for item in learned],
        words={item.lesson.number: item.text for item in learned},
        version=point.version,
    )

    def action() -> None:
        kept = form.chosen()
        numbers = form.cleaned_data["more"]
        more = Lesson.objects.published().filter(number__in=numbers).exclude(pk__in=[item.lesson.pk for item in kept])
        actions.choose_lessons(
            point=point,
            lessons=[*kept, *(Chosen(lesson) for lesson in more.order_by("number"))],
            by=person_of(request),
            version=form.version,
        )

    return _on_draft(request, point, form, action, "What has been learned?", "The lessons are saved.")


def add_a_link(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    form = LinkForm(posted(request))

    def action() -> None:
        actions.add_link(point=point, by=person_of(request), **form.values())

    return _on_draft(request, point, form, action, "Add a related link", "The link is added.")


def remove_a_link(request: HttpRequest, point_id: str, link_id: str) -> HttpResponse:
    point = _point(point_id)
    link = get_object_or_404(point.links, public_id=link_id)
    actions.remove_link(point=point, link=link, by=person_of(request))
    messages.success(request, "The link is removed.")
    return redirect("lessons:draft_learning_point", point.public_id)


def name_a_contributor(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    form = NameContributorForm(posted(request), offered=contributors.may_be_named(point), version=point.version)

    def action() -> None:
        contributors.name_contributor(point=point, by=person_of(request), version=form.version, **form.values())

    done = "It is named, and will be asked with the partners."
    return _on_draft(request, point, form, action, "Name an organisation that contributed", done)


def remove_a_contributor(request: HttpRequest, point_id: str, contributor_id: str) -> HttpResponse:
    point = _point(point_id)
    row = get_object_or_404(named_in(point), public_id=contributor_id)
    contributors.remove_contributor(point=point, contributor=row, by=person_of(request))
    messages.success(request, f"{row} is off the list.")
    return redirect("lessons:draft_learning_point", point.public_id)


def publish(request: HttpRequest, point_id: str) -> HttpResponse:
    point = actions.publish_learning_point(
        point=_point(point_id), by=person_of(request), version=version_shown(request)
    )
    messages.success(request, "The learning point is published, and its PDF is being made.")
    return redirect(point)


def revise(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    form = RevisePointForm(posted(request), initial=blocks_of(point), version=point.version)

    def action() -> None:
        note = form.cleaned_data["change_note"]
        actions.revise_learning_point(
            point=point, change_note=note, by=person_of(request), version=form.version, **form.blocks()
        )

    done = "The revision is published, and its PDF is being made again."
    return _on_published(request, point, form, action, f"Revise learning point {point.number}", done)


def withdraw(request: HttpRequest, point_id: str) -> HttpResponse:
    point = _point(point_id)
    form = WithdrawForm(posted(request), version=point.version)

    def action() -> None:
        actions.withdraw_learning_point(point=point, by=person_of(request), version=form.version, **form.values())

    done = "The learning point is withdrawn."
    return _on_published(request, point, form, action, f"Withdraw learning point {point.number}", done)


def _on_draft(
    request: HttpRequest, point: LearningPoint, form: PortalForm, action: Callable[[], None], heading: str, done: str
) -> HttpResponse:
    """A form beside the draft's own page, which it returns to."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("lessons:draft_learning_point", point.public_id)
    return _form(request, form, heading, point.series_line, "lessons:draft_learning_point", point.public_id)


def _on_published(
    request: HttpRequest, point: LearningPoint, form: PortalForm, action: Callable[[], None], heading: str, done: str
) -> HttpResponse:
    """A form about a published learning point, which returns to its public page."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(point)
    return _form(request, form, heading, point.series_line, "lessons:learning_point", point.slug)


def _form(request: HttpRequest, form: PortalForm, heading: str, name: str, back: str, *ids: str) -> HttpResponse:
    form.cancel_url = reverse(back, args=ids)
    context = {"form": form, "heading": heading, "name": name, "address": form.cancel_url}
    return render(request, "lessons/form.html", context)


def _point(point_id: str) -> LearningPoint:
    """Any learning point: only publishers reach these views."""
    return get_object_or_404(LearningPoint.objects.select_related("series"), public_id=point_id)
