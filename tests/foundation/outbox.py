"""Mails for the tests of the outbox."""

from datetime import UTC, datetime

from foundation.delivery.delivery import drain
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def put(key="greeting:1", *, to=None, kind="reminder", subject="Hello", template="hello", **more) -> OutboxMail:
    return enqueue(
        kind=kind,
        key=key,
        to=to or PersonFactory(),
        subject=subject,
        template=f"emails/tests/{template}",
        context={"greeting": "Dear O’Neill & Sons <all>"},
        why="You get this mail because you own the milestone.",
        **more,
    )


def after_drain(mail: OutboxMail) -> OutboxMail:
    drain()
    mail.refresh_from_db()
    return mail
