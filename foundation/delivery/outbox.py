"""Putting a mail into the outbox: one row per occasion, however often it is asked for."""

import functools
import hashlib
import hmac
from collections.abc import Iterable
from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from foundation.delivery import bell, kinds
from foundation.delivery.models import MailChoice, MailState, OutboxMail

if TYPE_CHECKING:
    from accounts.models import Person

DELIVER = "foundation.delivery.tasks.deliver"


def enqueue(
    *,
    kind: str,
    key: str,
    to: "Person | None",
    subject: str,
    template: str,
    context: dict[str, Any],
    why: str,
    scope: str = "",
    not_before: datetime | None = None,
    address: str = "",
    skipped_because: str = "",
) -> OutboxMail:
    """The mail of this `key`: written now, inside the caller's transaction, unless it was written before.

    `context` holds plain JSON values; the text is made from `<template>.txt` when the mail is sent. Somebody without an
    account has no `to` but an `address`, which is forgotten after the mail is sent (`retention`). What may be folded,
    or kept in the portal, is sorted first (`sorting`); everything else can be sent from this moment on. One that is
    skipped is written down with the reason and never sent: the ledger explains silence too.
    """
    mail = OutboxMail(
        kind=kind,
        key=key,
        to=to,
        to_address=to.email if to else address,
        subject=one_line(subject)[:300],
        template=template,
        context=context,
        why=one_line(why)[:500],
        scope=scope,
        not_before=not_before,
        next_try_at=None if skipped_because else not_before,
        message_id=message_id(key),
        state=MailState.SKIPPED if skipped_because else _first_state(kind, to),
        skipped_because=one_line(skipped_because)[:300],
    )
    OutboxMail.objects.bulk_create([mail], ignore_conflicts=True)
    transaction.on_commit(functools.partial(bell.ring, DELIVER))
    return OutboxMail.objects.get(key=key)


def _first_state(kind: str, to: "Person | None") -> MailState:
    return MailState.UNSORTED if _to_be_sorted(kind, to) else MailState.PENDING


def _to_be_sorted(kind: str, to: "Person | None") -> bool:
    if not kinds.of(kind).choices or to is None or kind == kinds.WEEK:
        return False
    return bool(settings.MAILS_A_DAY) or MailChoice.objects.filter(person=to, kind=kind).exists()


def known_keys(keys: Iterable[str]) -> set[str]:
    """Those of the keys that have their mail already. One query."""
    return set(OutboxMail.objects.filter(key__in=list(keys)).values_list("key", flat=True))


def one_line(text: str) -> str:
    """`text` with every run of white space as one space: what goes into a header has no line ends."""
    return " ".join(text.split())


def message_id(key: str) -> str:
    """The Message-ID of a key: always the same one, and telling a stranger nothing."""
    digest = hmac.new(settings.SECRET_KEY.encode(), key.encode(), hashlib.sha256).hexdigest()
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return f"<{digest[:40]}@{domain}>"
