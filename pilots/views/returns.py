"""Monthly returns: plan them, fill one in, read it, accept it, send it back."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots import tables
from pilots.actions.returns import (
    OWN_RETURN,
    accept,
    blockers_to_fill_in,
    blockers_to_judge,
    blockers_to_submit,
    plan_returns,
    return_with_note,
    save_draft,
    submit,
)
from pilots.entry import reach_fault_of
from pilots.forms.returns import PlanReturnsForm, ReturnForm, SendBackForm
from pilots.models import MonthlyReturn
from pilots.views.shared import indicators_of, returns_of

SUBMITTED = "The return for {month} is submitted. The public sector lead checks it and accepts it or sends it back."
SAVED = "Your draft of the return for {month} is saved. Nobody is asked to check it until you submit it."


def plan(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = PlanReturnsForm(posted(request), initial={"first_month": clock.today()})

    def action() -> None:
        plan_returns(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The returns are planned."):
        return redirect("pilots:pilot", partnership.public_id)
    lead = "Each month gets a return, due on the tenth working day of the next month."
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading="Plan monthly returns", lead=lead
    )


def fill_in(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    row = _row(request, partnership, period)
    indicators = list(indicators_of(request, partnership).typed())
    form = ReturnForm(posted(request), monthly_return=row, indicators=indicators)
    sending = "save" not in request.POST

    def action() -> None:
        verb = submit if sending else save_draft
        verb(monthly_return=row, entry=form.entry(), by=person_of(request), version=form.version)

    done = (SUBMITTED if sending else SAVED).format(month=row.month)
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("pilots:return" if sending else "pilots:return_fill_in", partnership.public_id, row.period)
    return partnership_page(
        request, partnership, "pilot", "pilots/fill_in.html", form=form, row=row, blockers=blockers_to_fill_in(row),
        too_early=blockers_to_submit(row),
    )  # fmt: skip


def read(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    row = _row(request, partnership, period)
    return _read_page(request, partnership, row, _accept_form(request, row))


def accept_return(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ACCEPT_PROGRESS)
    row = _row(request, partnership, period)
    form = _accept_form(request, row)

    def action() -> None:
        accept(monthly_return=row, by=person_of(request), version=form.version)

    if carry_out(request, form, action, done=f"The return for {row.month} is accepted. Its figures count from now on."):
        return redirect("pilots:return", partnership.public_id, row.period)
    return _read_page(request, partnership, _row(request, partnership, period), form)


def send_back(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ACCEPT_PROGRESS)
    row = _row(request, partnership, period)
    form = SendBackForm(posted(request), version=row.version)

    def action() -> None:
        return_with_note(monthly_return=row, **form.values(), by=person_of(request), version=form.version)

    done = f"The return for {row.month} is sent back with your note."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("pilots:return", partnership.public_id, row.period)
    heading = f"Send back the return for {row.month}"
    return partnership_page(request, partnership, "pilot", "pilots/form.html", form=form, heading=heading)


def _row(request: HttpRequest, partnership: Partnership, period: date) -> MonthlyReturn:
    rows = returns_of(request, partnership).filter(period=period)
    found = rows.select_related("submitted_by", "accepted_by").first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def _accept_form(request: HttpRequest, row: MonthlyReturn) -> ConfirmForm:
    address = reverse("pilots:return_accept", args=[row.partnership.public_id, row.period])
    return ConfirmForm(posted(request), button="Accept the return", address=address, version=row.version)


def _read_page(request: HttpRequest, partnership: Partnership, row: MonthlyReturn, form: ConfirmForm) -> HttpResponse:
    own = row.submitted_by_id == person_of(request).pk
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/return.html",
        row=row,
        form=form,
        can_be_judged=not blockers_to_judge(row),
        own=OWN_RETURN if own else "",
        can_be_filled_in=not blockers_to_fill_in(row),
        reach_fault=reach_fault_of(row.entry()),
        people=tables.reach_rows(row),
        outcomes=tables.outcome_rows(row),
        money=tables.money_rows(row),
        words=tables.word_rows(row),
        values=tables.value_rows(list(row.values.select_related("indicator").order_by("indicator__code"))),
    )
