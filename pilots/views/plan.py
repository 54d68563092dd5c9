"""How the pilot reports, by which thresholds it is judged, and the overall state a person sets."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_page, partnership_to
from pilots.actions.health_override import blockers_to_override, drop_override, override_health
from pilots.actions.pilot_plan import blockers_to_set_up, set_reporting, set_thresholds
from pilots.forms.plan import OverrideForm, ReportingForm, ThresholdsForm
from pilots.models import plan_of
from pilots.standing import overall_of, standing_of


def reporting(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = ReportingForm(posted(request), plan=plan_of(partnership))

    def action() -> None:
        set_reporting(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="How the pilot reports is saved."):
        return redirect("pilots:pilot", partnership.public_id)
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading="How the pilot reports",
        blockers=blockers_to_set_up(partnership),
    )  # fmt: skip


def thresholds(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = ThresholdsForm(posted(request), plan=plan_of(partnership))

    def action() -> None:
        set_thresholds(
            partnership=partnership, thresholds=form.thresholds(), by=person_of(request), version=form.version
        )

    if request.method == "POST" and carry_out(request, form, action, done="The thresholds are saved."):
        return redirect("pilots:pilot", partnership.public_id)
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading="Thresholds of the colours",
        lead="Where on track ends and where at risk ends, as the partners agree it. Without written thresholds nobody "
        "can trust a colour.", blockers=blockers_to_set_up(partnership),
    )  # fmt: skip


def override(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = OverrideForm(posted(request))

    def action() -> None:
        override_health(partnership=partnership, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The overall state is set, with your name."):
        return redirect("pilots:pilot", partnership.public_id)
    calculated = overall_of(partnership, standing_of(partnership)).calculated
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading="Set the overall state",
        lead=f"Calculated: {calculated.label}. You may set it one step better or worse. Both are shown.",
        blockers=blockers_to_override(partnership, calculated),
    )  # fmt: skip


def override_end(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.EDIT_PLAN)
    form = ConfirmForm(posted(request), button="Go back to the calculated state")

    def action() -> None:
        drop_override(partnership=partnership, by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The calculated state is shown again."):
        return redirect("pilots:pilot", partnership.public_id)
    heading = "Go back to the calculated overall state"
    return partnership_page(request, partnership, "pilot", "pilots/form.html", form=form, heading=heading)
