"""Returns: plan them, read one, accept it, send it back. Filling one in is in `filling`."""

from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.workdays.models import holidays
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots import return_rows
from pilots.actions.corrections import blockers_to_correct, blockers_to_drop
from pilots.actions.returns import (
    OWN_RETURN,
    accept,
    blockers_to_fill_in,
    blockers_to_judge,
    plan_returns,
    return_with_note,
)
from pilots.entry import reach_fault_of
from pilots.forms.judging import PlanReturnsForm, SendBackForm
from pilots.forms.notes import titles_of
from pilots.forms.returns import label_of
from pilots.models import LivingWage, MonthlyReturn, plan_of
from pilots.note_rows import NoteRow, note_rows
from pilots.periods import Rhythm
from pilots.permissions import sees_whole
from pilots.sections import FIELDS, ReturnForm, fields_asked, sections_of
from pilots.standing import spent_before
from pilots.tables import return_rows as list_rows
from pilots.views.shared import indicators_of, notes_of, return_of, returns_of

PER_PAGE = 25


def returns(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Every month that has begun, the newest first."""
    partnership = partnership_for(request, partnership_id)
    today = clock.today()
    page = Paginator(returns_of(request, partnership).current().begun(today), PER_PAGE)
    rows = page.get_page(request.GET.get("page"))
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/returns.html",
        page_obj=rows,
        returns=list_rows(rows, partnership, today=today, holidays=holidays(), by=plan_of(partnership).thresholds),
    )


def plan(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = PlanReturnsForm(posted(request), initial={"first_month": clock.today()})

    def action() -> None:
        plan_returns(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The returns are planned."):
        return redirect("pilots:pilot", partnership.public_id)
    each = "month" if plan_of(partnership).rhythm == Rhythm.MONTH else "whole quarter of the financial year"
    lead = f"Each {each} gets a return, due on the tenth working day of the month after it."
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading="Plan monthly returns", lead=lead
    )


def read(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    row = return_of(request, partnership, period)
    return _read_page(request, partnership, row, _accept_form(request, row))


def accept_return(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ACCEPT_PROGRESS)
    row = return_of(request, partnership, period)
    form = _accept_form(request, row)

    def action() -> None:
        accept(monthly_return=row, by=person_of(request), version=form.version)

    if carry_out(request, form, action, done=f"The return for {row.month} is accepted. Its figures count from now on."):
        return redirect("pilots:return", partnership.public_id, row.period)
    return _read_page(request, partnership, return_of(request, partnership, period), form)


def send_back(request: HttpRequest, partnership_id: str, period: date) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ACCEPT_PROGRESS)
    row = return_of(request, partnership, period)
    form = SendBackForm(posted(request), version=row.version, fields=_markable(row))

    def action() -> None:
        return_with_note(
            monthly_return=row,
            note=form.cleaned_data["note"],
            marks=form.marks(),
            by=person_of(request),
            version=form.version,
        )

    done = f"The return for {row.month} is sent back with your note."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("pilots:return", partnership.public_id, row.period)
    heading = f"Send back the return for {row.month}"
    return partnership_page(request, partnership, "pilot", "pilots/form.html", form=form, heading=heading)


def _markable(row: MonthlyReturn) -> list[tuple[str, str]]:
    """The fields this return was asked, with their labels."""
    form = plan_of(row.partnership).form
    asked = fields_asked(form)
    names = [name for section in sections_of(form) for name in FIELDS[section] if name in asked]
    typed = [f"amount-{code}" for code in row.partnership.indicators.typed().values_list("code", flat=True)]
    return [(name, label_of(name)) for name in names + typed]


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
        form=form,
        can_be_judged=not blockers_to_judge(row),
        own=OWN_RETURN if own else "",
        can_be_filled_in=not blockers_to_fill_in(row),
        can_be_corrected=not blockers_to_correct(row),
        can_be_dropped=not blockers_to_drop(row),
        **figures_of(request, partnership, row),
    )


def figures_of(request: HttpRequest, partnership: Partnership, row: MonthlyReturn) -> dict[str, Any]:
    """What the page of a return and of one of its versions shows."""
    typed, before, plan = row.typed(), row.before(), plan_of(partnership)
    story = row.story()
    whole = sees_whole(person_of(request), partnership)
    revisions = MonthlyReturn.objects.filter(partnership=partnership, period=row.period)
    return {
        "row": row,
        "full": plan.form == ReturnForm.FULL,
        "reach_fault": reach_fault_of(typed),
        "changes": return_rows.change_rows(typed, before.typed()) if before else [],
        "before": before,
        "moved": return_rows.moved_rows(typed, before.typed()) if before else [],
        "people": return_rows.reach_rows(row),
        "who": return_rows.who_rows(row, whole=whole),
        "outcomes": return_rows.outcome_rows(row),
        "money": return_rows.money_rows(row, spent_before(row)),
        "staff": return_rows.staff_rows(row, LivingWage.objects.on(row.period) if row.lowest_pay else None),
        "safety": return_rows.safety_rows(row),
        "words": return_rows.word_rows(row),
        "story": story if story and (whole or story.is_usable) else None,
        "partners": return_rows.partner_rows(row),
        "marks": return_rows.mark_rows(row, plan.form),
        "notes": _notes_in(request, partnership, row),
        "versions": return_rows.version_rows(revisions.select_related("accepted_by").order_by("revision"), partnership),
        "values": return_rows.value_rows(
            list(row.values.select_related("indicator").order_by("indicator__code")), row.months, plan.thresholds
        ),
    }


def _notes_in(request: HttpRequest, partnership: Partnership, row: MonthlyReturn) -> list[NoteRow]:
    """The notes that this return, or the one it corrects, was made from."""
    used = notes_of(request, partnership).filter(used_in__period=row.period, used_in__revision__lte=row.revision)
    notes = list(used.select_related("noted_by", "used_in", "set_aside_by").order_by("noted_on", "pk"))
    return note_rows(notes, partnership, titles_of(indicators_of(request, partnership))) if notes else []
