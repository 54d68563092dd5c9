"""The evaluation of the pilot: read it, write it, sign it off, fetch its report."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files import store
from foundation.files.models import StoredFile
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.evaluation import (
    NOT_WRITTEN,
    blockers_to_sign,
    blockers_to_write,
    sign_evaluation,
    write_evaluation,
)
from pilots.forms.evaluation import EvaluationForm
from pilots.models import Evaluation
from pilots.permissions import require_to_write_evaluation
from pilots.views.shared import evaluation_of, tab_of

WRITTEN = ("summary", "findings", "unit_cost")


def read(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    evaluation = evaluation_of(request, partnership)
    return _read_page(request, partnership, evaluation, _sign_form(request, partnership, evaluation))


def write(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    require_to_write_evaluation(person_of(request), partnership)
    evaluation = evaluation_of(request, partnership)
    initial = {name: getattr(evaluation, name) for name in WRITTEN} if evaluation else {}
    version = evaluation.version if evaluation else NOT_WRITTEN
    form = EvaluationForm(posted(request), request.FILES or None, initial=initial, version=version)

    def action() -> None:
        typed = form.values()
        report = _kept(typed.pop("document"), partnership, request)
        write_evaluation(partnership=partnership, **typed, document=report, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The evaluation is saved."):
        return redirect("pilots:evaluation", partnership.public_id)
    signed_off = evaluation is not None and evaluation.signed_off_at is not None
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/form.html",
        form=form,
        heading="Change the evaluation" if evaluation else "Write the evaluation",
        lead="A change takes the sign-off away: the new version has to be signed off again." if signed_off else "",
    )


def sign(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.SIGN_EVALUATION)
    evaluation = evaluation_of(request, partnership)
    if evaluation is None:
        raise Http404
    form = _sign_form(request, partnership, evaluation)

    def action() -> None:
        sign_evaluation(evaluation=evaluation, by=person_of(request), version=form.version)

    if carry_out(request, form, action, done="You have signed off the evaluation."):
        return redirect("pilots:evaluation", partnership.public_id)
    return _read_page(request, partnership, evaluation_of(request, partnership), form)


def report(request: HttpRequest, partnership_id: str) -> FileResponse:
    evaluation = evaluation_of(request, partnership_for(request, partnership_id))
    if evaluation is None or evaluation.document is None:
        raise Http404
    return store.respond(evaluation.document)


def _kept(upload: "UploadedFile[Any] | None", partnership: Partnership, request: HttpRequest) -> StoredFile | None:
    if not upload:
        return None
    return store.keep_upload(upload, scope=partnership.audit_scope, by=person_of(request))


def _sign_form(request: HttpRequest, partnership: Partnership, evaluation: Evaluation | None) -> ConfirmForm:
    address = reverse("pilots:evaluation_sign", args=[partnership.public_id])
    version = evaluation.version if evaluation else NOT_WRITTEN
    return ConfirmForm(posted(request), button="Sign off this version", address=address, version=version)


def _read_page(
    request: HttpRequest, partnership: Partnership, evaluation: Evaluation | None, form: ConfirmForm
) -> HttpResponse:
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/evaluation.html",
        evaluation=evaluation,
        form=form,
        can_be_signed=evaluation is not None and not blockers_to_sign(evaluation),
        blockers=blockers_to_write(partnership),
    )
