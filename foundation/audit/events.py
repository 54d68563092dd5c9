"""Writing events: `record` runs inside the transaction that makes the change, so neither exists without the other."""

import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import IntegrityError, transaction

from foundation.audit.chain import digest
from foundation.audit.models import AuditEvent, ChainHead, Outcome
from foundation.database import clock
from foundation.policy.refusals import AlreadyDone

SENT_TWICE = "This was already saved. The form was sent twice, and the first one counted."

request_id: ContextVar[str] = ContextVar("request_id", default="")
_form_token: ContextVar[str | None] = ContextVar("form_token", default=None)


class Auditable(Protocol):
    """What can be the object of an event: it has a public id, a name (`str`) and says which history it belongs to."""

    @property
    def public_id(self) -> Any: ...

    @property
    def audit_scope(self) -> str: ...


def new_form_token() -> str:
    return secrets.token_urlsafe(16)


@contextmanager
def sent_once(form_token: str) -> Iterator[None]:
    """The first event recorded in the block takes `form_token`; if it is taken already the change is refused whole."""
    reset = _form_token.set(form_token or None)
    try:
        yield
    finally:
        _form_token.reset(reset)


def already_sent() -> bool:
    """Whether the form in hand has had its effect before."""
    token = _form_token.get()
    return bool(token) and AuditEvent.objects.filter(form_token=token).exists()


def last_change(row: Auditable) -> AuditEvent | None:
    """The newest change of `row` itself; one of its parts has events of its own."""
    done = AuditEvent.objects.of(row.audit_scope).filter(outcome=Outcome.ALLOWED)
    return done.filter(object_type=type(row).__name__, object_id=str(row.public_id)).first()


def _insert(event: AuditEvent) -> None:
    try:
        with transaction.atomic():
            event.save(force_insert=True)
    except IntegrityError:
        if event.form_token and AuditEvent.objects.filter(form_token=event.form_token).exists():
            raise AlreadyDone(SENT_TWICE) from None
        raise


def _plain(values: dict[str, Any] | None) -> dict[str, Any]:
    """The values as every database gives them back: fractions as text, or PostgreSQL would turn 1e2 into 100."""
    plain: dict[str, Any] = json.loads(json.dumps(values or {}, default=str), parse_float=str)
    return plain


def record(
    action: str,
    *,
    on: Auditable,
    by: AbstractBaseUser | None,
    summary: str,
    reason: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    outcome: Outcome = Outcome.ALLOWED,
    scope: str = "",
) -> AuditEvent:
    """Append one event to the chain of `on`'s scope. Call it inside the action's transaction, as its last step.

    `summary` is the sentence the history page shows ("moved “Evaluation report” from 3 May to 20 June 2027");
    `before` and `after` hold plain JSON values only.
    """
    scope = scope or on.audit_scope
    # A refusal leaves the token alone: the person will send the same form again, corrected.
    token = _form_token.get() if outcome == Outcome.ALLOWED else None
    with transaction.atomic():
        if token and AuditEvent.objects.filter(form_token=token).exists():
            raise AlreadyDone(SENT_TWICE)
        ChainHead.objects.get_or_create(scope=scope)
        head = ChainHead.objects.select_for_update().get(scope=scope)
        event = AuditEvent(
            scope=scope,
            seq=head.seq + 1,
            at=clock.now(),
            actor_id=by.pk if by else None,
            actor_name=str(by)[:200] if by else "The portal",
            action=action,
            outcome=outcome,
            object_type=type(on).__name__,
            object_id=str(on.public_id),
            object_name=str(on)[:300],
            summary=summary[:500],
            reason=reason,
            before=_plain(before),
            after=_plain(after),
            request_id=request_id.get(),
            form_token=token,
            previous_hash=head.hash,
        )
        event.hash = digest(event)
        _insert(event)
        head.seq, head.hash = event.seq, event.hash
        head.save(update_fields=["seq", "hash"])
    if token:
        _form_token.set(None)
    return event
