"""The summary row: what the portfolio shows of a partnership, kept right in the transaction of every change."""

from collections.abc import Callable
from datetime import date

from foundation.database import clock
from partnerships.health import Health, of_slip, worst
from partnerships.lifecycle import Stage
from partnerships.models import Milestone, Partnership
from partnerships.models.plan import MilestoneQuerySet
from partnerships.plan import MilestoneKind

# Upper floors add what they know of a partnership's health (the pilot's indicators), by name, in AppConfig.ready().
health_sources: dict[str, Callable[[Partnership], Health]] = {}


def refresh(partnership: Partnership) -> None:
    """Recompute next due date, counts and health. Call it as the last change inside an action."""
    today = clock.today()
    upcoming = _asked_for(partnership)
    first = upcoming.order_by("due_on", "pk").values_list("due_on", "title").first()
    partnership.next_due_on, partnership.next_due_title = first or (None, "")
    partnership.open_milestones = upcoming.count()
    partnership.done_milestones = Milestone.objects.filter(partnership=partnership).exclude(done_on=None).count()
    partnership.health = worst(
        _milestone_health(partnership, today), *(f(partnership) for f in health_sources.values())
    )
    partnership.save(update_fields=["next_due_on", "next_due_title", "open_milestones", "done_milestones", "health"])


def _milestone_health(partnership: Partnership, today: date) -> Health:
    """The worst open milestone, by the days it is past its first date or, if later, by today."""
    due = _asked_for(partnership).values_list("baseline_on", "due_on")
    return worst(*(of_slip(max((d - b).days, (today - d).days)) for b, d in due)) if due else Health.GREY


def _asked_for(partnership: Partnership) -> MilestoneQuerySet:
    """The open milestones; when the partnership has stopped, only its exit tasks."""
    milestones = Milestone.objects.filter(partnership=partnership).open()
    return milestones.filter(kind=MilestoneKind.EXIT) if partnership.stage == Stage.STOPPED else milestones
