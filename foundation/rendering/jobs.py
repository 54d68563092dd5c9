"""Asking for a document: register what can be made, request it once, cancel it, try it again.

An upper app registers a builder for each kind in its `AppConfig.ready()`, and calls `request` inside the action that
wants the document. The row is written in that transaction; the worker finds it even when the bell is not heard.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from foundation.database import clock
from foundation.database.locks import locked
from foundation.delivery.bell import ring
from foundation.files.store import remove
from foundation.policy.refusals import NotNow
from foundation.rendering.models import OPEN_STATES, JobState, ReadyNotice, RenderJob
from foundation.rendering.notices import tell_who_waits
from foundation.rendering.printing import Follow

BELL = "foundation.rendering.tasks.render"
WAITING = "Waiting for a free press"
WAITING_AGAIN = "Waiting to try again"


@dataclass(frozen=True)
class Document:
    """What a builder hands to the press: a whole HTML page, and the name people will save the PDF under."""

    title: str
    html: str
    filename: str


@dataclass(frozen=True)
class Work:
    """What a builder hands over when no press is needed: `make` gives the bytes, and tells of its steps as it goes.

    `make` calls its argument with a step and a progress in per cent, and raises `Stopped` when that says no.
    """

    title: str
    filename: str
    content_type: str
    make: Callable[[Follow], bytes]


Build = Callable[[dict[str, Any]], Document | Work]
_builders: dict[str, Build] = {}


def register(kind: str, build: Build) -> None:
    """Make `kind` (“partnership.report”) a document the portal can print. Registering it again replaces it."""
    _builders[kind] = build


def builder(kind: str) -> Build | None:
    return _builders.get(kind)


def request(
    *, kind: str, inputs: dict[str, Any], key: str, title: str, by: AbstractBaseUser, scope: str = ""
) -> RenderJob:
    """The job with this key, asked for now unless somebody did before. Call it inside the action's transaction."""
    if kind not in _builders:
        raise LookupError(f"no builder is registered for documents of the kind {kind!r}")
    with transaction.atomic():
        job, is_new = RenderJob.objects.get_or_create(
            key=key,
            defaults={
                "kind": kind,
                "inputs": inputs,
                "title": title,
                "requested_by_id": by.pk,
                "scope": scope,
                "step": WAITING,
            },
        )
        if is_new:
            transaction.on_commit(partial(ring, BELL, job.public_id))
    return job


@transaction.atomic
def cancel(job: RenderJob) -> RenderJob:
    """Stop a job that is not finished. A press at work notices within a second or two; who waits for it is told."""
    stopped = RenderJob.objects.filter(pk=job.pk, state__in=OPEN_STATES).update(
        state=JobState.CANCELLED, step="", lease_until=None, finished_at=clock.now()
    )
    job.refresh_from_db()
    if not stopped:
        raise NotNow(f"“{job.title}” is already finished, so there is nothing to cancel.")
    tell_who_waits(job, JobState.CANCELLED)
    return job


@transaction.atomic
def tell_when_finished(job: RenderJob, person: "AbstractBaseUser", path: str) -> None:
    """Send the person a mail when the job ends, with the page at `path`; asked twice, it is one mail."""
    job = locked(job)
    if not job.is_open:
        raise NotNow(f"“{job.title}” is already finished, so there is nothing to wait for.")
    ReadyNotice.objects.get_or_create(job=job, person_id=person.pk, defaults={"path": path})


@transaction.atomic
def discard(job: RenderJob) -> RenderJob:
    """Take a document back for good: one that is being made is stopped and who waits for it told, a finished one loses
    its file.
    """
    job = locked(job)
    file, job.file = job.file, None
    job.state, job.step, job.error = JobState.CANCELLED, "", ""
    job.lease_until, job.finished_at = None, clock.now()
    job.save()
    tell_who_waits(job, JobState.CANCELLED)
    if file is not None:
        remove(file)
    return job


@transaction.atomic
def retry(job: RenderJob) -> RenderJob:
    """Queue a failed or cancelled job again, with a fresh count of attempts."""
    job = locked(job)
    if job.state not in (JobState.FAILED, JobState.CANCELLED):
        raise NotNow(f"“{job.title}” has not failed, so there is nothing to try again.")
    # Attempts only grow: a press of an earlier try that still runs must never fit the number of a new one.
    job.state, job.first_attempt = JobState.QUEUED, job.attempts
    job.progress, job.step, job.error, job.started_at, job.finished_at = 0, WAITING, "", None, None
    job.save()
    transaction.on_commit(partial(ring, BELL, job.public_id))
    return job
