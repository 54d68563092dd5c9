"""What the timetable does for partnerships. Each task finds its work in the database: running it twice is harmless."""

import logging

from celery import shared_task
from django.core.cache import cache
from django.db import transaction

from foundation.database import clock
from foundation.database.locks import locked
from foundation.heartbeats import models as heartbeats
from partnerships import reminders
from partnerships.actions import idea
from partnerships.actions.pause import pause_for_want_of_lead, without_lead
from partnerships.actions.summary import refresh
from partnerships.models import Partnership

logger = logging.getLogger(__name__)

A_DAY = 24 * 60 * 60


@shared_task
def plan_reminders() -> int:
    """Write the reminders that are due into the outbox, and as skipped those that came due since the last run."""
    written = reminders.plan(clock.now(), last_run=heartbeats.last("planner"))
    heartbeats.beat("planner", said=f"{written} written" if written else "nothing was due")
    return written


@shared_task
def refresh_health() -> int:
    """Recompute the summary of open partnerships once a day: a milestone turns late without anybody touching it."""
    done_today = f"summaries-refreshed:{clock.today().isoformat()}"
    if cache.get(done_today):
        return 0
    rows = list(Partnership.objects.open().order_by("pk"))
    failed = sum(not _refreshed(row) for row in rows)
    if not failed:
        cache.set(done_today, True, A_DAY)
    return len(rows) - failed


@shared_task
def pause_without_lead() -> int:
    """Pause what has had no third sector lead for too long. A second run on the same day finds nothing to do."""
    return sum(pause_for_want_of_lead(partnership=row, by=None) for row in without_lead(clock.today()).order_by("pk"))


@shared_task
def forget_details() -> int:
    """Delete names and addresses of people without an account when they are no longer needed."""
    return idea.forget_details()


def _refreshed(partnership: Partnership) -> bool:
    """One short transaction each, so that nobody waits long for a lock; one that fails does not stop the others."""
    try:
        with transaction.atomic():
            refresh(locked(partnership))
    except Exception:
        logger.exception("The health of partnership %s could not be recomputed.", partnership.public_id)
        return False
    return True
