"""What stands on a draft SROI map: inputs, stakeholders and outcomes. Each change is an event of the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from pilots.actions.sroi import OF_AN_OUTCOME, open_map
from pilots.models import Indicator, InputKind, SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from pilots.sroi import faults
from pilots.valuation import reckoned

if TYPE_CHECKING:
    from accounts.models import Person

EARLIEST_SOURCE = 1950
MOST_OUTCOMES = 100  # more than anybody reads; each costs every reader of the page its share of the arithmetic


@dataclass(frozen=True)
class InputLine:
    what: str
    whose: str
    amount: Decimal
    kind: str = InputKind.CASH


@dataclass(frozen=True)
class StakeholderLine:
    """`public_id` names a stakeholder that is on the map already; empty: a new one."""

    name: str
    about: str = ""
    public_id: str = ""


@dataclass(frozen=True)
class OutcomeEntry:
    """What somebody types about an outcome. Its fields are the model's; percentages are per cent."""

    stakeholder: SroiStakeholder
    title: str
    quantity: Decimal
    unit: str
    proxy_name: str
    proxy: Decimal
    source: str = ""
    source_year: int | None = None
    deadweight: Decimal = Decimal(0)
    displacement: Decimal = Decimal(0)
    attribution: Decimal = Decimal(0)
    drop_off: Decimal = Decimal(0)
    years: int = 1
    indicator: Indicator | None = None
    evidence: str = ""


@verb("sroi.set_inputs", on="sroi_map")
def set_inputs(*, sroi_map: SroiMap, lines: Sequence[InputLine], by: "Person", version: int | None = None) -> None:
    """Say what was put in, by whom: the whole list at once."""
    sroi_map = open_map(sroi_map, by, version)
    for line in lines:
        if not line.what.strip() or not line.whose.strip() or line.amount < 0:
            raise ValidationError("Each input needs what it is, whose it is, and £0 or more.")
    before = _input_facts(sroi_map)
    sroi_map.inputs.all().delete()
    for position, line in enumerate(lines, start=1):
        SroiInput.objects.create(
            sroi_map=sroi_map, position=position, what=line.what, whose=line.whose, kind=line.kind, amount=line.amount
        )
    _touch(sroi_map)
    summary = f"changed the inputs of {sroi_map}"
    record("sroi.set_inputs", on=sroi_map, by=by, summary=summary, before=before, after=_input_facts(sroi_map))


@verb("sroi.set_stakeholders", on="sroi_map")
def set_stakeholders(
    *, sroi_map: SroiMap, lines: Sequence[StakeholderLine], by: "Person", version: int | None = None
) -> None:
    """Say for whom something changes: the whole list at once. Whoever has an outcome stays."""
    sroi_map = open_map(sroi_map, by, version)
    known = {row.public_id: row for row in sroi_map.stakeholders.all()}
    _check_stakeholders(lines, known)
    before = _stakeholder_facts(sroi_map)
    for public_id in set(known) - {line.public_id for line in lines}:
        known[public_id].delete()
    # Two of them may swap their names: none may be in the way of another while they change.
    for public_id in {line.public_id for line in lines} & set(known):
        SroiStakeholder.objects.filter(pk=known[public_id].pk).update(name=public_id)
    for position, line in enumerate(lines, start=1):
        row = known.get(line.public_id) or SroiStakeholder(sroi_map=sroi_map)
        row.position, row.name, row.about = position, line.name.strip(), line.about
        row.save()
    _touch(sroi_map)
    summary = f"changed the stakeholders of {sroi_map}"
    after = _stakeholder_facts(sroi_map)
    record("sroi.set_stakeholders", on=sroi_map, by=by, summary=summary, before=before, after=after)


def blockers_to_add(sroi_map: SroiMap) -> list[str]:
    """Why no further outcome fits on a draft."""
    if SroiOutcome.objects.filter(stakeholder__sroi_map=sroi_map).count() < MOST_OUTCOMES:
        return []
    return [f"{sroi_map} holds {MOST_OUTCOMES} outcomes, which is the most. Remove one, or join two that are alike."]


@verb("sroi.add_outcome", on="sroi_map")
def add_outcome(*, sroi_map: SroiMap, entry: OutcomeEntry, by: "Person") -> SroiOutcome:
    """Put an outcome on the map. Two people may add at once: nobody’s page is out of date by it."""
    sroi_map = open_map(sroi_map, by)
    stop_if(blockers_to_add(sroi_map))
    _check_outcome(sroi_map, entry)
    outcome = SroiOutcome.objects.create(**_values(entry))
    _touch(sroi_map)
    summary = f"added the outcome “{outcome}” to {sroi_map}"
    record("sroi.add_outcome", on=sroi_map, by=by, summary=summary, after=_outcome_facts(outcome))
    return outcome


@verb("sroi.edit_outcome", on="sroi_map")
def edit_outcome(
    *, sroi_map: SroiMap, outcome: SroiOutcome, entry: OutcomeEntry, by: "Person", version: int | None = None
) -> None:
    """Change an outcome; `version` is the outcome’s own."""
    sroi_map = open_map(sroi_map, by)
    outcome = locked(outcome, version=version)
    _check_outcome(sroi_map, entry)
    before = _outcome_facts(outcome)
    for name, value in _values(entry).items():
        setattr(outcome, name, value)
    outcome.version += 1
    outcome.save()
    _touch(sroi_map)
    summary = f"changed the outcome “{outcome}” of {sroi_map}"
    record("sroi.edit_outcome", on=sroi_map, by=by, summary=summary, before=before, after=_outcome_facts(outcome))


@verb("sroi.remove_outcome", on="sroi_map")
def remove_outcome(*, sroi_map: SroiMap, outcome: SroiOutcome, by: "Person", version: int | None = None) -> None:
    """Take an outcome off the draft. Maps published before keep it, and the history keeps its figures."""
    sroi_map = open_map(sroi_map, by)
    outcome = locked(outcome, version=version)
    before, title = _outcome_facts(outcome), outcome.title
    outcome.delete()
    _touch(sroi_map)
    summary = f"removed the outcome “{title}” from {sroi_map}"
    record("sroi.remove_outcome", on=sroi_map, by=by, summary=summary, before=before)


def _touch(sroi_map: SroiMap) -> None:
    """Whoever is about to publish what they have read must read it again."""
    sroi_map.version += 1
    sroi_map.save(update_fields=["version"])


def _check_stakeholders(lines: Sequence[StakeholderLine], known: dict[str, SroiStakeholder]) -> None:
    names = [line.name.strip() for line in lines]
    if not all(names):
        raise ValidationError("Give each stakeholder a name.")
    if len(set(names)) < len(names):
        raise ValidationError("Two stakeholders have the same name. Name each once.")
    if any(line.public_id and line.public_id not in known for line in lines):
        raise ValidationError("A stakeholder of this page is no longer on the map. Open the page again.")
    left_out = [row for public_id, row in known.items() if public_id not in {line.public_id for line in lines}]
    kept = [str(row) for row in left_out if row.outcomes.exists()]
    if kept:
        raise ValidationError(f"{', '.join(kept)}: remove or move the outcomes first, then the stakeholder.")


def _check_outcome(sroi_map: SroiMap, entry: OutcomeEntry) -> None:
    found: dict[str, str] = {
        name: f"Enter the {label}."
        for name, label in (("title", "outcome"), ("unit", "unit"), ("proxy_name", "proxy"))
        if not getattr(entry, name).strip()
    }
    found |= faults(reckoned(SroiOutcome(**_values(entry))))
    if entry.stakeholder.sroi_map_id != sroi_map.pk:
        found["stakeholder"] = "Choose one of this map’s stakeholders."
    if entry.indicator and entry.indicator.partnership_id != sroi_map.partnership_id:
        found["indicator"] = "Choose one of this partnership’s indicators."
    this_year = clock.today().year
    if entry.source_year is not None and not EARLIEST_SOURCE <= entry.source_year <= this_year:
        found["source_year"] = f"The year of the source is from {EARLIEST_SOURCE} to {this_year}."
    if found:
        raise ValidationError(found)


def _values(entry: OutcomeEntry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in ("stakeholder", *OF_AN_OUTCOME)}


def _input_facts(sroi_map: SroiMap) -> dict[str, Any]:
    return {"inputs": [f"{row.what}, {row.whose}: £{row.amount}" for row in sroi_map.inputs.all()]}


def _stakeholder_facts(sroi_map: SroiMap) -> dict[str, Any]:
    return {"stakeholders": [row.name for row in sroi_map.stakeholders.all()]}


def _outcome_facts(outcome: SroiOutcome) -> dict[str, Any]:
    values = {name: getattr(outcome, name) for name in ("stakeholder", *OF_AN_OUTCOME)}
    return {name: None if value is None else str(value) for name, value in values.items()}
