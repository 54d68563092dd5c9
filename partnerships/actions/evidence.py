"""What people give to a gate by hand: statements and links, confirmed when they get old (`domain.md` 8.13)."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, NotNow, stop_if
from partnerships import gates
from partnerships.checklist import GIVEN, Item, ItemKind
from partnerships.lifecycle import Gate, is_behind, over_blockers
from partnerships.models import GivenEvidence, Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

WEB = ("https://", "http://")


def item_of(partnership: Partnership, gate: Gate, key: str) -> Item | None:
    """The statement or link with this key that the gate asks this partnership for; None when it asks for none."""
    asked = gates.checklist_of(gate, partnership).asked_of(partnership.variant)
    return next((item for item in asked if item.key == key and item.kind in GIVEN), None)


def blockers_to_give(partnership: Partnership, gate: Gate) -> list[str]:
    """Why nothing can be given to this gate now. A gate that is ahead can be prepared at any time."""
    found = over_blockers(partnership.stage, "What its gates were given")
    if not found and is_behind(gate, partnership.stage):
        found.append(f"Gate {gate.value} is behind this partnership. Its evidence is kept as it stood.")
    return found


def blockers_to_confirm(row: GivenEvidence | None, item: Item, partnership: Partnership) -> list[str]:
    """Why it cannot be confirmed now: there is nothing, or it is fresh."""
    if row is None:
        return [f"“{item.name}” has not been given yet."]
    if not gates.staleness(row, item, partnership):
        return [f"“{item.name}” was confirmed on {row.confirmed_on:%-d %B %Y}, and that is fresh enough."]
    return blockers_to_give(partnership, Gate(row.gate))


@verb("evidence.give", on="partnership")
def give_evidence(
    *,
    partnership: Partnership,
    gate: Gate,
    key: str,
    by: "Person",
    text: str = "",
    url: str = "",
    version: int | None = None,
) -> GivenEvidence:
    """Write a statement or give a link, for the first time or anew; it is confirmed with that, for this design.

    `version` is that of the row that was read, 0 when there was none.
    """
    partnership = locked(partnership)
    require(by, Ability.GIVE_EVIDENCE, partnership)
    item = _asked(partnership, gate, key)
    stop_if(blockers_to_give(partnership, gate))
    _check(item, text, url)
    row = given_for(partnership, gate, key)
    _check_version(row, version)
    before = _facts(row) if row else None
    row = row or GivenEvidence(partnership=partnership, gate=gate, key=key, version=0)
    row.text, row.url = text.strip(), url.strip()
    row.given_by, row.given_at = by, clock.now()
    _confirm(row, by)
    summary = f"{'changed' if before else 'gave'} “{item.name}” for gate {gate.value}"
    record("evidence.give", on=row, by=by, summary=summary, before=before, after=_facts(row))
    return row


@verb("evidence.confirm", on="partnership")
def confirm_evidence(
    *, partnership: Partnership, gate: Gate, key: str, by: "Person", version: int | None = None
) -> GivenEvidence:
    """Say that a statement or a link still holds, today and for this design."""
    partnership = locked(partnership)
    require(by, Ability.GIVE_EVIDENCE, partnership)
    item = _asked(partnership, gate, key)
    row = given_for(partnership, gate, key)
    stop_if(blockers_to_confirm(row, item, partnership))
    assert row is not None
    _check_version(row, version)
    before = _facts(row)
    _confirm(row, by)
    summary = f"confirmed that “{item.name}” for gate {gate.value} still holds"
    record("evidence.confirm", on=row, by=by, summary=summary, before=before, after=_facts(row))
    return row


def given_for(partnership: Partnership, gate: Gate, key: str) -> GivenEvidence | None:
    rows = GivenEvidence.objects.filter(partnership=partnership, gate=gate, key=key)
    return rows.select_related("given_by", "confirmed_by").first()


def _asked(partnership: Partnership, gate: Gate, key: str) -> Item:
    item = item_of(partnership, gate, key)
    if item is None:
        raise NotNow(f"Gate {gate.value} asks for no such statement or link of this partnership.")
    return item


def _check_version(row: GivenEvidence | None, version: int | None) -> None:
    """`version` is what the page showed, 0 when nothing was there."""
    if version is None or version == (row.version if row else 0):
        return
    if row:
        raise ChangedMeanwhile(row)
    raise NotNow("Nothing has been given here yet. Open the page again.")


def _check(item: Item, text: str, url: str) -> None:
    if item.kind == ItemKind.STATEMENT and not text.strip():
        raise ValidationError({"text": f"Write it down: {item.asks}"})
    if item.kind == ItemKind.LINK and not url.strip().lower().startswith(WEB):
        raise ValidationError({"url": "Give the whole address, beginning with https://."})


def _confirm(row: GivenEvidence, by: "Person") -> None:
    row.confirmed_by, row.confirmed_on, row.design = by, clock.today(), row.partnership.design
    row.version += 1
    row.save()


def _facts(row: GivenEvidence) -> dict[str, Any]:
    return {
        "gate": row.gate,
        "key": row.key,
        "text": row.text,
        "url": row.url,
        "given_by": str(row.given_by),
        "confirmed_by": str(row.confirmed_by),
        "confirmed_on": row.confirmed_on.isoformat(),
        "design": row.design,
    }
