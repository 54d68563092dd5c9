"""The involvement diary: log an activity, and say later what came of it (`domain.md` 3.1, scenario 9)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write
from partnerships.involvement import ActivityKind, Standard
from partnerships.models import Involvement, Partnership
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

FACTS = (
    "held_on", "kind", "about", "people", "standard", "access_needs", "expenses_paid", "heard", "we_did",
    "we_could_not", "is_public",
)  # fmt: skip


@verb("involvement.log", on="partnership")
def log_involvement(*, partnership: Partnership, by: "Person", **values: Any) -> Involvement:
    """Log an activity with people who use services. `values`: `FACTS`."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    _check(**values)
    entry = Involvement.objects.create(partnership=partnership, **values)
    people = f"{entry.people} {'person' if entry.people == 1 else 'people'}"
    told = f"logged the {entry.get_kind_display().lower()} “{entry}” with {people} who use services"
    record("involvement.log", on=entry, by=by, summary=told, after=_facts(entry))
    return entry


@verb("involvement.edit", on="entry")
def edit_involvement(*, entry: Involvement, by: "Person", version: int | None = None, **values: Any) -> None:
    """Change an entry, above all to say what was done with what was heard. The history keeps what stood there."""
    partnership = locked(entry.partnership)
    entry = locked(entry, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    _check(**values)
    before = _facts(entry)
    for name, value in values.items():
        setattr(entry, name, value)
    entry.version += 1
    entry.save(update_fields=[*values, "version"])
    told = f"changed the entry “{entry}” in the involvement diary"
    record("involvement.edit", on=entry, by=by, summary=told, before=before, after=_facts(entry))


def _check(*, held_on: date, kind: str, people: int, standard: str, heard: str, **others: Any) -> None:
    if held_on > clock.today():
        raise ValidationError({"held_on": "Log what has been done: this day is still to come."})
    if kind not in ActivityKind.values:
        raise ValidationError({"kind": "Choose what kind of activity it was."})
    if people < 1:
        raise ValidationError({"people": "At least one person who uses services must have taken part."})
    if standard not in Standard.values:
        raise ValidationError({"standard": "Choose one of the seven National Standards."})
    if not heard.strip():
        raise ValidationError({"heard": "Say what you heard, even in one sentence."})


def _facts(entry: Involvement) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FACTS} | {"held_on": entry.held_on.isoformat()}
