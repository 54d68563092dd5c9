"""What the gate pack prints: the gate's question, its checklist as it stands, and every decision at it."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from foundation.database import clock
from foundation.drawing.timeline import timeline, timeline_table
from foundation.rendering.jobs import Document
from partnerships import gates
from partnerships.gates import Evidence
from partnerships.laid_out import laid_out, thawed
from partnerships.lifecycle import Gate, is_behind, passage_through
from partnerships.models import GateDecision, GatePack, Partnership
from partnerships.plan import Block

KIND = "gate-pack"
STATES = {"there": "There", "stale": "Out of date", "missing": "Missing"}


def pack_of(partnership: Partnership, gate: Gate) -> GatePack | None:
    """The newest pack of the gate, with its job. One query."""
    packs = GatePack.objects.filter(partnership=partnership, gate=gate)
    return packs.select_related("render_job__file").first()


def content_of(partnership: Partnership, gate: Gate) -> dict[str, Any]:
    """Everything the pack prints but the day it was asked for, as plain values in the reader's words."""
    passage = passage_through(gate)
    version = gates.checklist_of(gate, partnership)
    behind = is_behind(gate, partnership.stage)
    lines = [] if behind else [_line(item) for item in gates.evidence(gate, partnership, version)]
    return {
        "partnership": partnership.title,
        "stage": partnership.get_stage_display(),
        "variant": partnership.get_variant_display(),
        "design": partnership.design,
        "gate": gate.label,
        "question": passage.question,
        "signers": [role.label for role in passage.signers],
        "checklist": version.number,
        "evidence": lines,
        "is_behind": behind,
        "plan": _plan(partnership),
        "decisions": [_decision(decision) for decision in _decisions(partnership, gate)],
    }


def checksum(content: dict[str, Any]) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def pack_document(inputs: dict[str, Any]) -> Document:
    """For the press: the content as it was frozen."""
    pack = GatePack.objects.select_related("partnership", "asked_by").get(public_id=inputs["pack"])
    title = f"{pack.content['gate']}: {pack.content['partnership']}"
    plan = thawed(pack.content.get("plan", {}))
    context = {
        "pack": pack.content,
        "title": title,
        "site_name": settings.SITE_NAME,
        "asked_on": timezone.localdate(pack.created_at),
        "asked_by": pack.asked_by,
        "checksum": pack.checksum,
        "drawing": timeline(plan.bars, plan.marks, today=None, title="The plan", id="plan"),
        "twin": timeline_table(plan.bars, plan.marks),
    }
    html = render_to_string("pdf/partnerships/gate_pack.html", context)
    return Document(title=title, html=html, filename=f"gate-{pack.gate}.pdf")


def _plan(partnership: Partnership) -> dict[str, Any]:
    """As the plan's page draws it, but without a line for today: nothing changed, so it is the same pack."""
    months = {Block(row.block): row.months for row in partnership.blocks.all()}
    return laid_out(partnership, partnership.milestones.order_by("due_on", "pk"), months, clock.today()).frozen()


def _line(item: Evidence) -> dict[str, str]:
    return {
        "state": STATES[item.state],
        "name": item.name,
        "sentence": item.sentence,
        "text": item.text,
        "url": item.url,
    }


def _decisions(partnership: Partnership, gate: Gate) -> list[GateDecision]:
    rows = GateDecision.objects.filter(partnership=partnership, gate=gate).select_related("proposed_by")
    return list(
        rows.prefetch_related("signatures__signed_by", "conditions__owner", "recusals__person", "recusals__interest")
    )


def _decision(decision: GateDecision) -> dict[str, Any]:
    evidence = [
        {"state": STATES["there" if item["met"] else item.get("state", "missing")], "name": item["name"],
         "sentence": item["sentence"], "text": item.get("text", ""), "url": item.get("url", "")}
        for item in decision.evidence
    ]  # fmt: skip
    return {
        "outcome": str(decision),
        "leaves": decision.get_leaves_display(),
        "enters": decision.get_enters_display(),
        "moves": decision.leaves != decision.enters,
        "state": _state(decision),
        "reason": decision.reason,
        "checklist": decision.checklist,
        "signatures": [
            f"{s.signed_by}, {s.get_role_display().lower()}, on {timezone.localdate(s.signed_at):%-d %B %Y}"
            for s in decision.signatures.all()
        ],
        "conditions": [str(condition) for condition in decision.conditions.all()],
        "recusals": [str(recusal) for recusal in decision.recusals.all()],
        "evidence": evidence,
    }


def _state(decision: GateDecision) -> str:
    if decision.withdrawn_at:
        return f"Withdrawn on {timezone.localdate(decision.withdrawn_at):%-d %B %Y}: {decision.withdrawn_because}"
    if decision.decided_at:
        return f"Decided on {timezone.localdate(decision.decided_at):%-d %B %Y}."
    return f"Proposed by {decision.proposed_by}. It waits for a signature."
