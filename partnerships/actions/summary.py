"""The summary row: what the portfolio shows of a partnership, kept right in the transaction of every change."""

from collections.abc import Callable

from foundation.database import clock
from partnerships import causes
from partnerships.health import Cause, Health, worst_cause
from partnerships.lifecycle import OVER
from partnerships.models import Milestone, Partnership

# Upper floors add what they know of a partnership's health, and why (the pilot's indicators), in AppConfig.ready().
health_sources: dict[str, Callable[[Partnership], Cause]] = {}


def refresh(partnership: Partnership) -> None:
    """Recompute next due date, counts, health and its cause. Call it as the last change inside an action."""
    today = clock.today()
    upcoming = Milestone.objects.asked_for().filter(partnership=partnership)
    first = upcoming.order_by("due_on", "pk").values_list("due_on", "title").first()
    partnership.next_due_on, partnership.next_due_title = first or (None, "")
    partnership.open_milestones = upcoming.count()
    partnership.done_milestones = Milestone.objects.filter(partnership=partnership).exclude(done_on=None).count()
    worst = worst_cause(causes.of_milestones(upcoming, today), *(ask(partnership) for ask in health_sources.values()))
    # Whose work is over is not “on track” any more; only exit tasks that are late still colour it.
    done = partnership.stage in OVER and worst.health == Health.GREEN
    partnership.health = Health.GREY if done else worst.health
    partnership.health_because = worst.because or causes.of_waiting(partnership, today)
    partnership.save(
        update_fields=[
            "next_due_on", "next_due_title", "open_milestones", "done_milestones", "health", "health_because",
        ]
    )  # fmt: skip
