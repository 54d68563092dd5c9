"""The mails of this app. Their links are made when they are sent: no key to an account lies in the database."""

import secrets
from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.conf import settings

from accounts.models import Invitation, Person
from accounts.week import Week, when
from foundation.delivery import kinds
from foundation.delivery.outbox import enqueue
from foundation.delivery.sorting import items_of

if TYPE_CHECKING:
    from foundation.delivery.models import OutboxMail


def mail_invitation(invitation: Invitation) -> "OutboxMail":
    host = str(invitation.invited_by) if invitation.invited_by else f"The {settings.SITE_NAME}"
    return enqueue(
        kind="invitation",
        key=f"invitation:{invitation.public_id}",
        to=invitation.person,
        subject=f"{host} invites you to the {settings.SITE_NAME}",
        template="emails/accounts/invitation",
        context={
            "invitation": invitation.public_id,
            "name": invitation.person.name,
            "host": host,
            "message": invitation.message,
        },
        why=f"You get this mail because {host} gave us your address to invite you.",
        scope=invitation.audit_scope,
    )


def mail_password_reset(person: Person) -> "OutboxMail":
    """A link to choose a new password. Every request is an occasion of its own."""
    return enqueue(
        kind="invitation",
        key=f"password-reset:{person.public_id}:{secrets.token_hex(8)}",
        to=person,
        subject=f"Choose a new password for the {settings.SITE_NAME}",
        template="emails/accounts/password_reset",
        context={"person": person.public_id, "name": person.name},
        why="You get this mail because somebody, probably you, asked for it on the sign-in page.",
        scope=person.audit_scope,
    )


def mail_password_changed(person: Person) -> "OutboxMail":
    return enqueue(
        kind="security",
        key=f"password-changed:{person.public_id}:{secrets.token_hex(8)}",
        to=person,
        subject=f"Your password for the {settings.SITE_NAME} was changed",
        template="emails/accounts/password_changed",
        context={"name": person.name},
        why="You get this mail because we tell everyone when their password changes.",
        scope=person.audit_scope,
    )


LINES_IN_A_PART = 50


def week_key(person: Person, day: date) -> str:
    """One mail for each person and week of the calendar (ISO 8601)."""
    year, week, _ = day.isocalendar()
    return f"week:{person.public_id}:{year}-W{week:02}"


def mail_week(person: Person, week: Week, kept: "Sequence[OutboxMail]", today: date) -> "OutboxMail":
    """What is late and what comes next, and below it the messages that were kept for the week."""
    counts = [f"{len(week.late)} late" if week.late else "", f"{len(week.soon)} next" if week.soon else ""]
    told = ", ".join(filter(None, counts)) or "what waits for you"
    return enqueue(
        kind=kinds.WEEK,
        key=week_key(person, today),
        to=person,
        subject=f"Your week from {today:%-d %B %Y}: {told}",
        template="emails/accounts/week",
        context={
            "name": person.name,
            "parts": [_week_part(heading, todos, today) for _, heading, todos in week.parts],
            "items": items_of(kept),
        },
        why="You get this mail once a week because something waits for you in the portal.",
        scope=person.audit_scope,
    )


def _week_part(heading: str, todos: "Sequence[Any]", today: date) -> dict[str, Any]:
    lines = [
        {"title": todo.title, "about": todo.about, "when": when(todo, today), "path": todo.url}
        for todo in todos[:LINES_IN_A_PART]
    ]
    return {"heading": heading, "lines": lines, "more": max(0, len(todos) - LINES_IN_A_PART)}
