"""The mail to whoever asked to be told when a document is ready."""

from foundation.delivery import outbox
from foundation.rendering.models import ReadyNotice, RenderJob


def tell_who_waits(job: RenderJob, error: str) -> None:
    """One mail to each, in the transaction that ends the job. `error`: why it could not be made."""
    for notice in ReadyNotice.objects.filter(job=job).select_related("person"):
        outbox.enqueue(
            kind="notice",
            key=f"document:{job.public_id}:{job.attempts}:{notice.person_id}",
            to=notice.person,
            subject=f"{'Could not be made' if error else 'Ready'}: {job.title}",
            template="emails/rendering/finished",
            context={"title": job.title, "error": error, "path": notice.path},
            why="You get this mail because you asked for it when you asked for the document.",
            scope=job.audit_scope,
        )
    ReadyNotice.objects.filter(job=job).delete()
