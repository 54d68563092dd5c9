"""Taking jobs from the table and bringing each to an end.

A claim is one conditional UPDATE, committed before the work, that counts the attempt and takes a lease. While the
press or a program works the lease is renewed every second; a worker that dies stops renewing, and another takes the job
when the lease has run out. Every later write names the attempt it belongs to, so a worker that was only slow changes
nothing.
"""

import logging
from datetime import timedelta
from functools import partial
from time import monotonic

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q, QuerySet

from foundation.database import clock
from foundation.files.store import keep_bytes
from foundation.rendering.jobs import WAITING_AGAIN, Document, Work, builder
from foundation.rendering.models import JobState, RenderJob
from foundation.rendering.notices import tell_who_waits
from foundation.rendering.printing import Follow, PressBroke, Stopped, Unprintable, printed

logger = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 3
WORK_SECONDS = 270  # for all programs of one job together
TOOK_TOO_LONG = "The document is too long: making it took too long, so it was stopped."
NO_BUILDER = "The portal no longer makes documents of this kind."
GAVE_UP = (
    f"The portal tried {MOST_ATTEMPTS} times and could not make this document. Try again; if it fails again, tell "
    "the people who run the portal."
)


def run_pending(limit: int = 10, begin_within: float = float("inf")) -> int:
    """Print what waits, oldest first; how many jobs were taken. After so many seconds no other job is begun."""
    begun, taken = monotonic(), 0
    for public_id in list(_claimable().order_by("id").values_list("public_id", flat=True)[:limit]):
        if taken and monotonic() - begun >= begin_within:
            break
        taken += run(public_id)
    return taken


def run(public_id: str) -> bool:
    """Claim one job and bring it to an end; False when it is not there to be taken."""
    job = _claim(public_id)
    if job is None:
        return False
    if job.attempts - job.first_attempt > MOST_ATTEMPTS:
        _fail(job, GAVE_UP)
        return True
    try:
        _print(job)
    except Stopped:
        logger.info("document %s is no longer wanted from this worker", job.public_id)
    except Unprintable as reason:
        _fail(job, str(reason))
    except PressBroke as error:
        logger.warning("document %s, attempt %s: %s", job.public_id, job.attempts, error)
        _again_or_fail(job)
    except ValidationError as refusal:
        logger.warning("document %s could not be kept: %s", job.public_id, refusal)
        _again_or_fail(job, " ".join(refusal.messages))
    except Exception:
        logger.exception("document %s, attempt %s", job.public_id, job.attempts)
        _again_or_fail(job)
    return True


def _claimable() -> QuerySet[RenderJob]:
    silent = Q(state=JobState.RENDERING, lease_until__lt=clock.database_now())
    return RenderJob.objects.filter(Q(state=JobState.QUEUED) | silent)


def _claim(public_id: str) -> RenderJob | None:
    """Take the job if it waits, or if whoever had it has gone silent."""
    now = clock.database_now()
    taken = _claimable().filter(public_id=public_id).update(
        state=JobState.RENDERING,
        attempts=F("attempts") + 1,
        lease_until=now + LEASE,
        started_at=now,
        progress=0,
        step="Gathering the content",
    )  # fmt: skip
    return RenderJob.objects.select_related("requested_by").get(public_id=public_id) if taken else None


def _mine(job: RenderJob) -> QuerySet[RenderJob]:
    """The row, while it is still this worker's."""
    return RenderJob.objects.filter(pk=job.pk, attempts=job.attempts, state=JobState.RENDERING)


def _print(job: RenderJob) -> None:
    build = builder(job.kind)
    if build is None:
        raise Unprintable(NO_BUILDER)
    document = build(job.inputs)
    if not _still_mine(job, job.step, job.progress):  # gathering may have taken a while
        raise Stopped
    _finish(job, document, _content(document, partial(_still_mine, job)))


def _content(document: Document | Work, follow: Follow) -> bytes:
    if isinstance(document, Work):
        return document.make(_within(WORK_SECONDS, follow))
    return printed(document.html, follow)


def _within(seconds: float, follow: Follow) -> Follow:
    """`follow`, until the time is over: a job that always takes too long would only be ended with its worker."""
    began = monotonic()

    def until_then(step: str, progress: int) -> bool:
        if monotonic() - began > seconds:
            raise Unprintable(TOOK_TOO_LONG)
        return follow(step, progress)

    return until_then


def _still_mine(job: RenderJob, step: str, progress: int) -> bool:
    """Show the progress and renew the lease; False when the job was cancelled or taken by another worker."""
    return bool(_mine(job).update(step=step, progress=progress, lease_until=clock.database_now() + LEASE))


@transaction.atomic
def _finish(job: RenderJob, document: Document | Work, content: bytes) -> None:
    """File and state in one transaction: a job is done exactly when its file is there."""
    if not _mine(job).select_for_update().exists():
        raise Stopped
    kind = document.content_type if isinstance(document, Work) else "application/pdf"
    file = keep_bytes(content, name=document.filename, content_type=kind, scope=job.scope, by=job.requested_by)
    _end(job, JobState.DONE, progress=100, file=file)


def _fail(job: RenderJob, reason: str) -> None:
    _end(job, JobState.FAILED, reason[:500])


@transaction.atomic
def _end(job: RenderJob, state: JobState, error: str = "", **changes: object) -> None:
    changes |= {"state": state, "error": error, "step": "", "lease_until": None, "finished_at": clock.database_now()}
    if _mine(job).update(**changes):
        tell_who_waits(job, state, error)


def _again_or_fail(job: RenderJob, reason: str = "") -> None:
    """Back into the queue until the attempts are used up."""
    if job.attempts - job.first_attempt >= MOST_ATTEMPTS:
        _fail(job, reason or GAVE_UP)
    else:
        _mine(job).update(state=JobState.QUEUED, step=WAITING_AGAIN, progress=0, lease_until=None)
