"""Correcting an accepted return, dropping a correction, and reading any version."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.corrections import begin_correction, blockers_to_correct, drop_correction
from pilots.forms.judging import CorrectForm
from pilots.views.returns import figures_of
from pilots.views.shared import return_of


def correct(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    row = return_of(request, partnership, period)
    form = CorrectForm(posted(request), version=row.version)

    def action() -> None:
        begin_correction(monthly_return=row, **form.values(), by=person_of(request), version=form.version)

    done = f"The correction of {row.month} is begun as a draft. The accepted figures count until it is accepted."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("pilots:return_fill_in", partnership.public_id, row.period)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/form.html",
        form=form,
        heading=f"Correct the return for {row.month}",
        lead="The correction begins with the accepted figures. A second person accepts it like any other return; until "
        "then the accepted figures count, and they stay readable afterwards.",
        blockers=blockers_to_correct(row),
    )


def drop(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    row = return_of(request, partnership, period)
    address = reverse("pilots:correction_drop", args=[partnership.public_id, period])
    form = ConfirmForm(posted(request), button="Drop this correction", address=address, version=row.version)

    def action() -> None:
        drop_correction(monthly_return=row, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The correction is dropped."):
        return redirect("pilots:return", partnership.public_id, period)
    heading = f"Drop the correction of {row.month}"
    lead = "What was typed into it is lost. The accepted return stays as it is."
    return partnership_page(request, partnership, "pilot", "pilots/form.html", form=form, heading=heading, lead=lead)


def version(request: HttpRequest, partnership_id: str, period: date, revision: int) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    row = return_of(request, partnership, period, revision)
    return partnership_page(
        request, partnership, "pilot", "pilots/return_version.html", **figures_of(request, partnership, row)
    )
