"""National outcomes: administrators keep the sets, partnerships choose from the one in force (`domain.md` 3.4)."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from accounts.permissions import Ability as PortalAbility
from accounts.permissions import require as require_portal
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.models import ChosenOutcome, Outcome, OutcomeSet, Partnership, chosen_by
from partnerships.outcomes import Line, ShippedSet, lines_of, shipped
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

NONE_IN_FORCE = "No set of national outcomes is in force. A portal administrator can add one."


@verb("outcome_set.add", on="by")
def add_outcome_set(
    *, name: str, version_name: str, in_force_from: date, source: str, note: str, outcomes: str, by: "Person"
) -> OutcomeSet:
    """A new set, one outcome a line. Partnerships choose from it from its first day; what they chose before stays."""
    require_portal(by, PortalAbility.KEEP_OUTCOMES)
    lines = _lines(outcomes)
    made = OutcomeSet(
        name=name, version_name=version_name, in_force_from=in_force_from, source=source, note=note
    )  # fmt: skip
    _save(made)
    _write(made, lines)
    record("outcome_set.add", on=made, by=by, summary=f"added the outcomes {made}", after=made.facts())
    return made


@verb("outcome_set.edit", on="outcome_set")
def edit_outcome_set(
    *,
    outcome_set: OutcomeSet,
    name: str,
    version_name: str,
    in_force_from: date,
    source: str,
    note: str,
    outcomes: str,
    by: "Person",
    version: int | None = None,
) -> None:
    """Correct a set. Its outcomes themselves stay once somebody has chosen from it: no choice is ever rewritten."""
    outcome_set = locked(outcome_set, version=version)
    require_portal(by, PortalAbility.KEEP_OUTCOMES)
    lines, before = _lines(outcomes), outcome_set.facts()
    if lines != outcome_set.lines():
        if is_used(outcome_set):
            raise ValidationError(
                {"outcomes": "Partnerships have chosen from this set, so its outcomes stay. Add a new set instead."}
            )
        outcome_set.outcomes.all().delete()
        _write(outcome_set, lines)
    outcome_set.name, outcome_set.version_name, outcome_set.in_force_from = name, version_name, in_force_from
    outcome_set.source, outcome_set.note, outcome_set.version = source, note, outcome_set.version + 1
    _save(outcome_set)
    told = f"changed the outcomes {outcome_set}"
    record("outcome_set.edit", on=outcome_set, by=by, summary=told, before=before, after=outcome_set.facts())


@verb("outcome_set.archive", on="outcome_set")
def archive_outcome_set(*, outcome_set: OutcomeSet, by: "Person") -> None:
    """From today nobody chooses from it. What partnerships have chosen stays with them."""
    outcome_set = locked(outcome_set)
    require_portal(by, PortalAbility.KEEP_OUTCOMES)
    stop_if([f"{outcome_set} is archived already."] if outcome_set.archived_on else [])
    _archive(outcome_set, clock.today())
    record("outcome_set.archive", on=outcome_set, by=by, summary=f"archived the outcomes {outcome_set}")


@verb("outcome_set.offer", on="outcome_set")
def offer_outcome_set(*, outcome_set: OutcomeSet, by: "Person") -> None:
    """An archived set can be chosen from again."""
    outcome_set = locked(outcome_set)
    require_portal(by, PortalAbility.KEEP_OUTCOMES)
    stop_if([] if outcome_set.archived_on else [f"{outcome_set} is not archived."])
    _archive(outcome_set, None)
    record("outcome_set.offer", on=outcome_set, by=by, summary=f"offers the outcomes {outcome_set} again")


def not_brought_in() -> list[ShippedSet]:
    """The sets that come with the portal and are not among those it offers. One query."""
    have = set(OutcomeSet.objects.values_list("name", "version_name"))
    return [one for one in shipped() if (one.name, one.version_name) not in have]


@verb("outcome_set.bring_in", on="by")
def bring_in_shipped_sets(*, by: "Person") -> list[OutcomeSet]:
    """Add every set that comes with the portal and is not there yet."""
    require_portal(by, PortalAbility.KEEP_OUTCOMES)
    missing = not_brought_in()
    stop_if([] if missing else ["Every set that comes with the portal is here already."])
    return [
        add_outcome_set(
            name=one.name, version_name=one.version_name, in_force_from=one.in_force_from, source=one.source,
            note=one.note, outcomes="\n".join(map(str, one.outcomes)), by=by,
        )
        for one in missing
    ]  # fmt: skip


def is_used(outcome_set: OutcomeSet) -> bool:
    return ChosenOutcome.objects.filter(outcome__outcome_set=outcome_set).exists()


def blockers_to_choose(partnership: Partnership, offered: OutcomeSet | None) -> list[str]:
    """Why no outcomes can be chosen now; `offered` is the set in force."""
    return [] if offered and not blockers_to_edit(partnership) else blockers_to_edit(partnership) or [NONE_IN_FORCE]


@verb("outcomes.choose", on="partnership")
def choose_outcomes(
    *, partnership: Partnership, outcomes: Sequence[str], by: "Person", version: int | None = None
) -> None:
    """Say which national outcomes the partnership serves, by their public ids: all of the set in force today."""
    partnership = locked(partnership, version=version)
    require(by, Ability.EDIT_PARTNERSHIP, partnership)
    offered = OutcomeSet.objects.in_force(clock.today())
    stop_if(blockers_to_choose(partnership, offered))
    assert offered
    chosen = list(offered.outcomes.filter(public_id__in=outcomes))
    if not chosen or len(chosen) != len(set(outcomes)):
        raise ValidationError({"outcomes": f"Choose one or more outcomes of {offered}."})
    before = _told(chosen_by(partnership))
    partnership.chosen_outcomes.all().delete()
    ChosenOutcome.objects.bulk_create(
        ChosenOutcome(partnership=partnership, outcome=outcome, chosen_on=clock.today()) for outcome in chosen
    )
    partnership.version += 1
    partnership.save(update_fields=["version"])
    record(
        "outcomes.choose",
        on=partnership,
        by=by,
        summary=f"chose national outcomes of {offered}: {', '.join(map(str, chosen))}",
        before=before,
        after=_told(chosen),
    )


def _told(chosen: Iterable[Outcome]) -> dict[str, list[str]]:
    told: dict[str, list[str]] = {}
    for outcome in chosen:
        told.setdefault(str(outcome.outcome_set), []).append(outcome.name)
    return told


def _lines(text: str) -> list[Line]:
    try:
        return lines_of(text)
    except ValueError as error:
        raise ValidationError({"outcomes": str(error)}) from None


def _write(outcome_set: OutcomeSet, lines: Iterable[Line]) -> None:
    for number, line in enumerate(lines, start=1):
        Outcome.objects.create(outcome_set=outcome_set, number=number, name=line.name, follows=list(line.follows))


def _save(outcome_set: OutcomeSet) -> None:
    outcome_set.clean_fields()
    same = OutcomeSet.objects.filter(name=outcome_set.name, version_name=outcome_set.version_name)
    if same.exclude(pk=outcome_set.pk).exists():
        raise ValidationError({"version_name": f"{outcome_set} is there already."})
    outcome_set.save()


def _archive(outcome_set: OutcomeSet, on: date | None) -> None:
    outcome_set.archived_on, outcome_set.version = on, outcome_set.version + 1
    outcome_set.save(update_fields=["archived_on", "version"])
