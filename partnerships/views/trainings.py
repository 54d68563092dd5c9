"""The training log."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import posted
from partnerships.actions.registers import blockers_to_write
from partnerships.actions.training import correct_training, log_training
from partnerships.forms.trainings import CorrectTrainingForm, TrainingForm
from partnerships.permissions import Ability
from partnerships.readiness import procurement_told
from partnerships.views.registers import PER_PAGE, register_form, register_page
from partnerships.views.shared import partnership_for, partnership_to


def trainings(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    rows = partnership.trainings.prefetch_related("attendances__partner__organisation")
    return register_page(
        request,
        partnership,
        "training",
        "partnerships/registers/trainings.html",
        page_obj=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        procurement=procurement_told(partnership),
        blockers=blockers_to_write(partnership),
    )


def log(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:trainings", args=[partnership.public_id])
    form = TrainingForm(posted(request), partnership=partnership, cancel_url=back)

    def action() -> None:
        log_training(partnership=partnership, **form.values(), by=person_of(request))

    heading, done = "Log a training", "The training is in the log."
    return register_form(request, partnership, "training", form, action, heading=heading, done=done)


def correct(request: HttpRequest, partnership_id: str, training_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = partnership.trainings.filter(public_id=training_id).first()
    if found is None:
        raise Http404
    names = ("title", "topic", "held_on", "given_by", "hours")
    form = CorrectTrainingForm(
        posted(request), initial={name: getattr(found, name) for name in names}, partnership=partnership,
        training=found, version=found.version,
        cancel_url=reverse("partnerships:trainings", args=[partnership.public_id]),
    )  # fmt: skip

    def action() -> None:
        correct_training(training=found, **form.values(), by=person_of(request), version=form.version)

    heading, done = "Correct a training", "The training is corrected."
    return register_form(request, partnership, "training", form, action, heading=heading, done=done)
