"""The budget: lines, their total, and what the gate still misses."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.budget import add_budget_line, change_budget_line, remove_budget_line, total
from partnerships.evidence import budget_has_the_needed_lines
from partnerships.forms.papers import BudgetLineForm
from partnerships.models import BudgetLine, Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def budget(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return partnership_page(
        request,
        partnership,
        "budget",
        "partnerships/budget.html",
        lines=BudgetLine.objects.filter(partnership=partnership),
        total=total(partnership),
        evidence=budget_has_the_needed_lines(partnership),
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    form = BudgetLineForm(posted(request), version=0)

    def action() -> None:
        add_budget_line(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The line is added."):
        return redirect("partnerships:budget", partnership.public_id)
    return partnership_page(
        request, partnership, "budget", "partnerships/form.html", form=form, heading="Add a budget line"
    )


def change(request: HttpRequest, partnership_id: str, line_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    line = _line(partnership, line_id)
    initial = {"heading": line.heading, "amount": line.amount, "note": line.note}
    form = BudgetLineForm(posted(request), initial=initial, version=line.version)

    def action() -> None:
        change_budget_line(line=line, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The line is changed."):
        return redirect("partnerships:budget", partnership.public_id)
    return partnership_page(
        request, partnership, "budget", "partnerships/form.html", form=form, heading=f"Change “{line}”"
    )


def remove(request: HttpRequest, partnership_id: str, line_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_BUDGET)
    line = _line(partnership, line_id)
    form = ConfirmForm(posted(request), button="Remove the line")

    def action() -> None:
        remove_budget_line(line=line, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The line is removed."):
        return redirect("partnerships:budget", partnership.public_id)
    heading = f"Remove “{line}” (£{line.amount:,.2f})?"
    return partnership_page(request, partnership, "budget", "partnerships/form.html", form=form, heading=heading)


def _line(partnership: Partnership, line_id: str) -> BudgetLine:
    found = BudgetLine.objects.filter(partnership=partnership, public_id=line_id).first()
    if found is None:
        raise Http404
    return found
