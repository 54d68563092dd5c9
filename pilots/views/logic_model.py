"""The logic model: read it as a drawing, print it, write it column by column."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.drawing.steps import steps, steps_table
from foundation.forms.submit import carry_out, posted
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.logic_model import blockers_to_write_logic, write_logic_model
from pilots.forms.logic_model import LogicModelForm
from pilots.models import logic_model_of
from pilots.models.indicator import IndicatorQuerySet
from pilots.reasoning import drawn_from
from pilots.views.shared import indicators_of, tab_of

LEAD = (
    "Short statements. The need, the funds, the posts, the national outcomes and the indicators that no statement "
    "names are added from the portal."
)


def read(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    model = logic_model_of(partnership)
    columns = drawn_from(partnership, model)
    return partnership_page(
        request,
        partnership,
        tab_of(partnership),
        "pilots/logic_model.html",
        model=model,
        drawing=steps(columns, title=f"Logic model of {partnership.title}", id="logic-model"),
        twin=steps_table(columns),
        blockers=blockers_to_write_logic(partnership),
    )


def printed(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The columns side by side in a plain table, for paper: the browser prints it across the page."""
    partnership = partnership_for(request, partnership_id)
    columns = drawn_from(partnership, logic_model_of(partnership))
    told = {"partnership": partnership, "columns": columns, "today": clock.today()}
    return render(request, "pilots/logic_model_printed.html", told)


def write(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    model = logic_model_of(partnership)
    form = LogicModelForm(posted(request), model=model)

    def action() -> None:
        write_logic_model(partnership=partnership, columns=form.columns(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The logic model is saved."):
        return redirect("pilots:logic_model", partnership.public_id)
    return partnership_page(
        request, partnership, tab_of(partnership), "pilots/form.html", form=form, heading="Write the logic model",
        lead=f"{LEAD} {_codes(indicators_of(request, partnership))}", blockers=blockers_to_write_logic(partnership),
    )  # fmt: skip


def _codes(indicators: IndicatorQuerySet) -> str:
    told = "; ".join(map(str, indicators))
    return f"Indicators: {told}." if told else "There are no indicators yet."
