"""The mail to whoever asked to be told when a document is ready: it is, or why it will not be."""

from foundation.delivery import outbox
from foundation.rendering.models import JobState, ReadyNotice, RenderJob

_SUBJECTS = {JobState.DONE: "Ready", JobState.FAILED: "Could not be made", JobState.CANCELLED: "Stopped"}


def tell_who_waits(job: RenderJob, state: JobState, error: str = "") -> None:
    """One mail to each, in the transaction that ends the job in this state. `error`: why it could not be made.

    A job may end more than once, as it may be asked for again: each wish to be told is one mail.
    """
    for notice in ReadyNotice.objects.filter(job=job).select_related("person"):
        outbox.enqueue(
            kind="notice",
            key=f"document:{job.public_id}:{state}:{notice.pk}",
            to=notice.person,
            subject=f"{_SUBJECTS[state]}: {job.title}",
            template="emails/rendering/finished",
            context={
                "title": job.title,
                "error": error,
                "stopped": state == JobState.CANCELLED,
                "path": notice.path,
            },
            why="You get this mail because you asked for it when you asked for the document.",
            scope=job.audit_scope,
        )
    ReadyNotice.objects.filter(job=job).delete()
