"""The budget: where the money comes from, where it goes and to whom, and what the gate still misses."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.drawing.bars import bars, bars_table
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from foundation.sheets.download import FORMATS, download
from partnerships.actions.budget import add_budget_line, allocatable, allocate, change_budget_line, remove_budget_line
from partnerships.actions.partnership import blockers_to_edit
from partnerships.evidence import budget_has_the_needed_lines
from partnerships.forms.money import AllocationForm
from partnerships.forms.papers import BudgetLineForm
from partnerships.models import BudgetLine, Fund, Partnership, books_of
from partnerships.money import in_one_sentence, pounds
from partnerships.permissions import Ability
from partnerships.views.money import SHEET, UNIT, drawn, lines_with_shares, shares_by_partner, sheet_rows
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def budget(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    books = books_of(partnership)
    funds = list(Fund.objects.filter(partnership=partnership).with_instalments())
    lines = lines_with_shares(partnership)
    groups = drawn(funds, lines)
    return partnership_page(
        request,
        partnership,
        "budget",
        "partnerships/budget.html",
        books=books,
        sentence=in_one_sentence(books),
        funds=funds,
        lines=lines,
        partners=shares_by_partner(partnership, books),
        drawing=bars(groups, unit=UNIT, title=f"Money of {partnership}", id="money"),
        twin=bars_table(groups, unit=UNIT),
        evidence=budget_has_the_needed_lines(partnership),
        blockers=blockers_to_edit(partnership),
        downloads=[
            (kind.upper(), reverse("partnerships:budget_export", args=[partnership.public_id, kind]))
            for kind in FORMATS
        ],
    )


def export(request: HttpRequest, partnership_id: str, kind: str) -> HttpResponseBase:
    """Funds, instalments, budget lines and allocations as one table to take away."""
    partnership = partnership_for(request, partnership_id)
    if kind not in FORMATS:
        raise Http404
    return download(kind, f"budget-{clock.today().isoformat()}", SHEET, sheet_rows(partnership))


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    form = BudgetLineForm(posted(request), version=0)

    def action() -> None:
        add_budget_line(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The line is added."):
        return redirect("partnerships:budget", partnership.public_id)
    return budget_form(request, partnership, form, "Add a budget line")


def change(request: HttpRequest, partnership_id: str, line_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    line = _line(partnership, line_id)
    initial = {"heading": line.heading, "amount": line.amount, "note": line.note}
    form = BudgetLineForm(posted(request), initial=initial, version=line.version)

    def action() -> None:
        change_budget_line(line=line, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The line is changed."):
        return redirect("partnerships:budget", partnership.public_id)
    return budget_form(request, partnership, form, f"Change “{line}”")


def remove(request: HttpRequest, partnership_id: str, line_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    line = _line(partnership, line_id)
    form = ConfirmForm(posted(request), button="Remove the line")

    def action() -> None:
        remove_budget_line(line=line, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The line is removed."):
        return redirect("partnerships:budget", partnership.public_id)
    lead = "What partners are allocated of it goes with it. The history keeps both."
    return budget_form(request, partnership, form, f"Remove “{line}” ({pounds(line.amount)})?", lead=lead)


def share_out(request: HttpRequest, partnership_id: str, line_id: str) -> HttpResponse:
    """How much of a line each partner is given."""
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    line = _line(partnership, line_id)
    held = {row.partner.public_id: row.amount for row in line.allocations.select_related("partner")}
    form = AllocationForm(posted(request), partners=allocatable(line), held=held, version=line.version)

    def action() -> None:
        allocate(line=line, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The allocations are saved."):
        return redirect("partnerships:budget", partnership.public_id)
    lead = f"{pounds(line.amount)} can be shared out. Leave a partner empty that gets nothing of this line."
    return budget_form(request, partnership, form, f"Who spends “{line}”?", lead=lead)


def budget_form(
    request: HttpRequest, partnership: Partnership, form: PortalForm, heading: str, **context: Any
) -> HttpResponse:
    """One form of the money pages below one heading, with its way back."""
    form.cancel_url = form.cancel_url or reverse("partnerships:budget", args=[partnership.public_id])
    context.setdefault("blockers", blockers_to_edit(partnership))
    return partnership_page(
        request, partnership, "budget", "partnerships/form.html", form=form, heading=heading, **context
    )


def _line(partnership: Partnership, line_id: str) -> BudgetLine:
    found = BudgetLine.objects.filter(partnership=partnership, public_id=line_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
