"""The pilot's page: how it stands, month by month, and what is to be reported next."""

from django.db.models import F
from django.http import HttpRequest, HttpResponse

from foundation.database import clock
from foundation.workdays.models import holidays
from partnerships.views.shared import partnership_for, partnership_page
from pilots.actions.health_override import blockers_to_override
from pilots.actions.notes import blockers_to_note
from pilots.actions.pilot_plan import blockers_to_set_up
from pilots.models import plan_of
from pilots.standing import overall_of, standing_of
from pilots.tables import chart_of, indicator_rows, overall_rows, return_rows, spend_row
from pilots.views.shared import evaluation_of, maps_of, notes_of, returns_of

FEW = 4  # returns on the page itself


def pilot(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    plan, today = plan_of(partnership), clock.today()
    standing = standing_of(partnership, plan)
    overall = overall_of(partnership, standing)
    returns = returns_of(request, partnership).current()
    newest = returns.newest_and_open(today, FEW)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/pilot.html",
        standing=standing,
        overall=overall,
        overall_parts=overall_rows(overall),
        can_override=not blockers_to_override(partnership, overall.calculated),
        can_set_up=not blockers_to_set_up(partnership),
        plan=plan,
        indicators=indicator_rows(standing, partnership),
        chart=chart_of(standing),
        spend=spend_row(standing.spend),
        returns=return_rows(newest, partnership, today=today, holidays=holidays(), by=plan.thresholds),
        # A month that was never told comes before one that is only put right.
        next_to_fill_in=returns.to_fill_in()
        .begun(today)
        .order_by(F("corrects").asc(nulls_first=True), "period")
        .first(),
        ahead=returns.ahead(today),
        can_note=not blockers_to_note(partnership),
        waiting=notes_of(request, partnership).waiting().count(),
        evaluation=evaluation_of(request, partnership),
        sroi_map=maps_of(request, partnership).published().first(),
    )
