"""Formats of a publication: asked for, stopped, waited for; braille proof-read; versions made elsewhere linked.

Whoever may read a report may have it in every format. The formats of the others are made when they are published;
publishers may ask for one that is missing.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, NotPermitted, stop_if
from foundation.rendering import jobs
from foundation.rendering.models import OPEN_STATES, JobState, RenderJob
from lessons.documents import request_format
from lessons.formats import catalogue
from lessons.formats.catalogue import Format
from lessons.lifecycle import LISTED
from lessons.models import LinkedVersion, ProofReading, Report
from lessons.permissions import can_publish, require_publisher
from lessons.publications import Publication, Published, key, offers, proof_readings, publication_of

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from accounts.models import Person

MOST_WAITING = 40
MOST_VERSIONS = 40


def may_make(person: "Person | AnonymousUser", row: Published) -> bool:
    """Whether the person may ask for a format of it."""
    return can_publish(person) or (isinstance(row, Report) and person.is_authenticated)


def blockers_to_make(row: Published, made: Format) -> list[str]:
    """Why a format of it cannot be made now."""
    if not isinstance(row, Report) and row.state not in LISTED:
        return [f"“{row}” is not published, so there is nothing to hand over yet."]
    return [made.why_not] if made.why_not else []


@verb("format.make", on="row")
def make_format(*, row: Published, made: Format, by: "Person") -> RenderJob:
    """Queue a format, or try again what failed or was cancelled. One that is there already is not made again."""
    row = locked(row)
    _require_maker(by, row)
    stop_if(blockers_to_make(row, made) or _too_many(by, 1))
    job = _asked(publication_of(row), made, by)
    record("format.make", on=row, by=by, summary=f"asked for “{row}” as {made.label}")
    return job


@verb("format.make_all", on="row")
def make_every_format(*, row: Published, by: "Person") -> int:
    """Queue every format that was not asked for and can be made here; how many those are."""
    row = locked(row)
    _require_maker(by, row)
    of = publication_of(row)
    waiting = [offer.format for offer in offers(of) if offer.job is None and not offer.why_not]
    stop_if(blockers_to_make(row, catalogue.PDF_FORMAT) or _too_many(by, len(waiting)))
    stop_if([] if waiting else [f"Every format of “{row}” that can be made here was asked for already."])
    for made in waiting:
        _asked(of, made, by)
    record("format.make_all", on=row, by=by, summary=f"asked for {len(waiting)} formats of “{row}”")
    return len(waiting)


@verb("format.cancel", on="row")
def cancel_format(*, row: Published, made: Format, by: "Person") -> RenderJob:
    """Stop a format that is not made yet: whoever asked for it, or a publisher."""
    job = _job(row, made)
    if job.requested_by_id != by.pk and not can_publish(by):
        raise NotPermitted("Only whoever asked for it, or a publisher of lessons, can stop it.")
    job = jobs.cancel(job)
    record("format.cancel", on=row, by=by, summary=f"stopped “{row}” as {made.label}")
    return job


@verb("format.tell", on="row")
def tell_when_ready(*, row: Published, made: Format, by: "Person") -> None:
    """Ask for a mail when a format is made, or could not be."""
    jobs.tell_when_finished(_job(row, made), by, f"{row.get_absolute_url()}#formats")
    record("format.tell", on=row, by=by, summary=f"wants to be told when “{row}” as {made.label} is ready")


@verb("format.proof_read", on="row")
def mark_proof_read(*, row: Published, made: Format, reader: str, by: "Person") -> ProofReading:
    """Say who proof-read the braille of this content, and make it again without the mark of a draft."""
    row = locked(row)
    require_publisher(by)
    of = publication_of(row)
    if made.code not in catalogue.BRAILLE:
        raise ValidationError("Only braille is proof-read here.")
    readings, job = proof_readings(of), _any_job(row, made)
    stop_if(["It was proof-read already."] if made.code in readings else [])
    stop_if(
        [] if job and job.state == JobState.DONE else ["There is no braille file yet that somebody could have read."]
    )
    stop_if(blockers_to_make(row, made))
    if not reader.strip():
        raise ValidationError({"reader": "Enter who proof-read it: a person or a service."})
    reading = ProofReading.objects.create(format=made.code, content=of.content, reader=reader, by=by, **of.owner)
    request_format(of, made, by)
    record("format.proof_read", on=row, by=by, summary=f"{made.label} of “{row}” was proof-read by {reader}")
    return reading


@verb("format.link_version", on="row")
def link_version(*, row: Published, kind: str, language: str, title: str, address: str, by: "Person") -> LinkedVersion:
    """Link a version that somebody made elsewhere: Easy Read, a BSL video, a translation."""
    row = locked(row)
    require_publisher(by)
    of = publication_of(row)
    stop_if([f"{MOST_VERSIONS} versions are linked already."] if _versions(of) >= MOST_VERSIONS else [])
    version = LinkedVersion(kind=kind, language=language, title=title, address=address, by=by, **of.owner)
    version.full_clean()
    version.save()
    record("format.link_version", on=row, by=by, summary=f"linked “{title}” ({language}) to “{row}”")
    return version


@verb("format.unlink_version", on="row")
def unlink_version(*, row: Published, version: LinkedVersion, by: "Person") -> None:
    """Take the link away."""
    row = locked(row)
    require_publisher(by)
    removed, _ = LinkedVersion.objects.filter(pk=version.pk, **publication_of(row).owner).delete()
    stop_if([] if removed else ["That link is gone already."])
    record("format.unlink_version", on=row, by=by, summary=f"took the link to “{version}” off “{row}”")


def _require_maker(by: "Person", row: Published) -> None:
    if not may_make(by, row):
        raise NotPermitted("Only a publisher of lessons can have this made in another format.")


def _asked(of: Publication, made: Format, by: "Person") -> RenderJob:
    job = request_format(of, made, by)
    return jobs.retry(job) if job.state in (JobState.FAILED, JobState.CANCELLED) else job


def _job(row: Published, made: Format) -> RenderJob:
    job = _any_job(row, made)
    if job is None:
        raise NotNow(f"Nobody has asked for “{row}” as {made.label}.")
    return job


def _any_job(row: Published, made: Format) -> RenderJob | None:
    of = publication_of(row)
    return RenderJob.objects.filter(key=key(of, made, proof_readings(of))).first()


def _too_many(by: "Person", more: int) -> list[str]:
    waiting = RenderJob.objects.filter(requested_by=by, state__in=OPEN_STATES).count()
    if waiting + more <= MOST_WAITING:
        return []
    return [f"{waiting} documents you asked for are still being made. Wait until some are ready, then ask again."]


def _versions(of: Publication) -> int:
    return LinkedVersion.objects.filter(**of.owner).count()
