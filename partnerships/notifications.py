"""The mails of this app."""

from datetime import datetime
from typing import TYPE_CHECKING

from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import enqueue
from partnerships.deadlines import Deadline
from partnerships.models import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


def reminder_key(deadline: Deadline, rule: str) -> str:
    """One mail per deadline, rule, date and person: a moved deadline is reminded of anew."""
    return f"{deadline.key}:{rule}:{deadline.due_on.isoformat()}:{deadline.owner.pk}"


def mail_reminder(deadline: Deadline, rule: str, *, not_before: datetime) -> OutboxMail:
    """Remind the owner of a deadline. The text names the date, not the days left: it may be read tomorrow."""
    late = rule.startswith("late")
    return enqueue(
        kind="reminder",
        key=reminder_key(deadline, rule),
        to=deadline.owner,
        subject=f"{'Late since' if late else 'Due on'} {deadline.due_on:%-d %B %Y}: {deadline.title}",
        template="emails/partnerships/deadline",
        context={
            "name": deadline.owner.name,
            "title": deadline.title,
            "partnership": deadline.partnership.title,
            "due_on": f"{deadline.due_on:%A %-d %B %Y}",
            "late": late,
            "path": deadline.path,
        },
        why=f"You get this mail because “{deadline.title}” is yours in the partnership “{deadline.partnership}”.",
        scope=deadline.partnership.audit_scope,
        not_before=not_before,
    )


def mail_paused(partnership: Partnership, sponsor: "Person") -> OutboxMail:
    """Tell the sponsor that a partnership stands still. Each pause is an occasion of its own."""
    assert partnership.paused_on
    return enqueue(
        kind="notice",
        key=f"paused:{partnership.public_id}:{partnership.version}:{sponsor.pk}",
        to=sponsor,
        subject=f"Paused: {partnership}",
        template="emails/partnerships/paused",
        context={
            "name": sponsor.name,
            "partnership": partnership.title,
            "paused_on": f"{partnership.paused_on:%-d %B %Y}",
            "because": partnership.paused_because,
            "path": partnership.get_absolute_url(),
        },
        why=f"You get this mail because you are the sponsor of the partnership “{partnership}”.",
        scope=partnership.audit_scope,
    )
