"""Why a partnership stands as it does: one short sentence for its summary row, worked out from rows."""

from collections.abc import Iterator
from datetime import date

from django.utils import timezone

from partnerships.health import Cause, Health, of_slip
from partnerships.lifecycle import OVER, Stage
from partnerships.models import GateDecision, Memorandum, Partner, Partnership, PilotExtension, Signature
from partnerships.models.plan import MilestoneQuerySet
from partnerships.plan import in_days, is_longer_than_usual, time_in_stage

NOTHING_TO_MEASURE = "No open milestone, and no figure with a target"


def of_milestones(upcoming: MilestoneQuerySet, today: date) -> Cause:
    """The worst open milestone, by the days it is past its agreed date or, if later, by today. One query.

    Agreed is its first date, or what a signed extension has made of it.
    """
    due = upcoming.order_by("due_on", "pk").values_list("title", "baseline_on", "agreed_days", "due_on")
    worst = max(due, key=lambda row: max(_slip(row[1], row[2], row[3], today)), default=None)
    if worst is None:
        return Cause(Health.GREY)
    title, baseline_on, agreed_days, due_on = worst
    late, behind = _slip(baseline_on, agreed_days, due_on, today)
    health = of_slip(max(late, behind))
    if health == Health.GREEN:
        return Cause(health)
    if late >= behind:
        return Cause(health, f"“{title}” is {in_days(late)} late")
    return Cause(health, f"“{title}” has moved: {in_days(behind)} later than agreed")


def _slip(baseline_on: date, agreed_days: int, due_on: date, today: date) -> tuple[int, int]:
    """Days past its date, and days its date is past the agreed one."""
    return (today - due_on).days, (due_on - baseline_on).days - agreed_days


def of_waiting(partnership: Partnership, today: date) -> str:
    """What holds it up when nothing is late: the first of these, or empty. Five queries at most."""
    if partnership.stage in OVER:
        return f"{Stage(partnership.stage).label} since {_day(partnership.stage_since)}"
    return next(_waiting(partnership, today), "")


def _waiting(partnership: Partnership, today: date) -> Iterator[str]:
    if partnership.paused_on:
        yield f"Paused since {_day(partnership.paused_on)}"
    decision = GateDecision.objects.filter(partnership=partnership, decided_at=None, withdrawn_at=None).first()
    if decision:
        yield f"{decision.gate} has waited for its second signature since {_day(_date_of(decision))}"
    extension = PilotExtension.objects.open().filter(partnership=partnership).first()
    if extension:
        yield f"An extension of the pilot has waited for signatures since {_day(_date_of(extension))}"
    yield from _unsigned_memorandum(partnership)
    if is_longer_than_usual(partnership.stage, partnership.stage_since, today):
        told = time_in_stage(partnership.stage, partnership.stage_since, today)
        yield told[0].upper() + told[1:]
    if partnership.health == Health.GREY and partnership.stage != Stage.LIVE:
        yield NOTHING_TO_MEASURE


def _unsigned_memorandum(partnership: Partnership) -> Iterator[str]:
    memorandum = Memorandum.objects.filter(partnership=partnership).order_by("-number").first()
    if memorandum is None:
        return
    partners = set(Partner.objects.current().filter(partnership=partnership).values_list("pk", flat=True))
    signed = partners & set(Signature.objects.filter(memorandum=memorandum).values_list("partner_id", flat=True))
    if signed != partners:
        yield f"MoU: {len(signed)} of {len(partners)} signed"


def _date_of(proposal: GateDecision | PilotExtension) -> date:
    return timezone.localdate(proposal.created_at)


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"
