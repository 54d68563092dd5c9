"""The hash chain: how one event's hash is made from its content and the one before it."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from foundation.audit.models import AuditEvent, ChainHead

FIELDS = (
    "scope", "seq", "actor_id", "actor_name", "action", "outcome", "object_type", "object_id", "object_name",
    "summary", "reason", "before", "after", "request_id",
)  # fmt: skip


def digest(event: AuditEvent) -> str:
    """SHA-256 over the previous hash and the event's content as canonical JSON."""
    content: dict[str, Any] = {name: getattr(event, name) for name in FIELDS} | {"at": event.at.isoformat()}
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return hashlib.sha256((event.previous_hash + canonical).encode()).hexdigest()


def verify(scope: str) -> list[str]:
    """What is wrong with a scope's chain, as sentences; empty when every link holds and the tail is whole."""
    faults: list[str] = []
    previous, seq = "", 0
    for event in AuditEvent.objects.filter(scope=scope).order_by("seq").iterator():
        seq += 1
        if event.seq != seq:
            faults.append(f"{scope}: event {seq} is missing.")
            seq = event.seq
        if event.previous_hash != previous or event.hash != digest(event):
            faults.append(f"{scope}: event {event.seq} does not fit the chain.")
        previous = event.hash
    head = ChainHead.objects.filter(scope=scope).first()
    if ((head.seq, head.hash) if head else (0, "")) != (seq, previous):
        faults.append(f"{scope}: the chain ends at {seq}, its head says {head.seq if head else 'nothing'}.")
    return faults


def scopes() -> list[str]:
    """Every scope that has events or the head of a chain."""
    return sorted({*ChainHead.objects.values_list("scope", flat=True), *_scopes_with_events()})


def _scopes_with_events() -> Iterable[str]:
    return AuditEvent.objects.order_by().values_list("scope", flat=True).distinct()
