"""The rhythm of every action: one transaction; if it refuses, nothing is left of it but a record of the refusal."""

import functools
from collections.abc import Callable
from contextvars import ContextVar
from typing import ParamSpec, TypeVar

from django.db import transaction

from foundation.audit.events import SENT_TWICE, already_sent, last_change, record
from foundation.audit.models import Outcome
from foundation.database import clock
from foundation.policy.refusals import AlreadyDone, ChangedMeanwhile, Refused

P = ParamSpec("P")
T = TypeVar("T")

_inside: ContextVar[bool] = ContextVar("inside_a_verb", default=False)


def _naming_who_was_first(refusal: Refused, *, by: object) -> Refused:
    """A stale page is told who changed the row before, and when, as far as the history knows it."""
    if not isinstance(refusal, ChangedMeanwhile):
        return refusal
    first = last_change(refusal.row)  # type: ignore[arg-type]
    if first is None:
        return refusal
    when = clock.local(first.at)
    if first.actor_id is not None and first.actor_id == getattr(by, "pk", None):
        return refusal.told(f"You changed this yourself on {when}, perhaps in another window.")
    return refusal.told(f"Somebody else changed this while you were looking at it: {first.actor_name}, on {when}.")


def verb(action: str, *, on: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Make a keyword-only function an action: atomic, and audited when refused.

    `action` is the event's name (“milestone.move”); `on` names the keyword argument that holds the object; `by` must
    be a keyword argument too. The function itself calls `events.record` for what it did. A verb called by another verb
    joins the outer one's transaction, and only the outer one records a refusal.
    """

    def decorate(function: Callable[P, T]) -> Callable[P, T]:
        @functools.wraps(function)
        def carried_out(*args: P.args, **kwargs: P.kwargs) -> T:
            if _inside.get():
                return function(*args, **kwargs)
            token = _inside.set(True)
            try:
                with transaction.atomic():
                    return function(*args, **kwargs)
            except AlreadyDone:
                raise
            except Refused as refusal:
                refusal = _naming_who_was_first(refusal, by=kwargs["by"])
                if already_sent():  # the second click finds what the first one did, and is no news to anybody
                    raise AlreadyDone(SENT_TWICE) from None
                with transaction.atomic():
                    if refusal.minute:
                        refusal.minute()
                    record(
                        action,
                        on=kwargs[on],  # type: ignore[arg-type]
                        by=kwargs["by"],  # type: ignore[arg-type]
                        summary=f"tried “{action}” and was refused",
                        reason=" ".join(refusal.reasons),
                        outcome=Outcome.REFUSED,
                    )
                raise refusal from None
            finally:
                _inside.reset(token)

        return carried_out

    return decorate
