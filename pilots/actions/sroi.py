"""SROI maps: start one, settle how it is worked out, publish it, start the next. A published map never changes."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import prefetch_related_objects

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.lifecycle import over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.documents import request_sroi_pdf
from pilots.models import MapState, SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from pilots.models.sroi import CONTENTS, LATER_RATES, STEPS
from pilots.permissions import require_to_write_value
from pilots.sroi import GREEN_BOOK, Convention, half_up
from pilots.valuation import outcomes_of, valuation_of

if TYPE_CHECKING:
    from accounts.models import Person

# Of a map or an outcome, what is copied into the next map: all that people typed.
OF_A_MAP = ("title", "scope", "period_from", "period_until", "rate", *LATER_RATES, "convention", *STEPS)
OF_AN_OUTCOME = (
    "title", "indicator", "quantity", "unit", "proxy_name", "proxy", "source", "source_year", "deadweight",
    "displacement", "attribution", "drop_off", "years", "evidence",
)  # fmt: skip


@dataclass(frozen=True)
class Settings:
    """How a map is worked out. Rates and steps are per cent; `schedule`: the Green Book's falling rates."""

    title: str
    period_from: date
    period_until: date
    scope: str = ""
    rate: Decimal = GREEN_BOOK.rate * 100
    schedule: bool = False
    convention: str = Convention.END_OF_YEAR
    step_deadweight: Decimal = Decimal(10)
    step_attribution: Decimal = Decimal(10)
    step_proxies: Decimal = Decimal(20)
    step_quantity: Decimal = Decimal(10)


def blockers_to_start(partnership: Partnership) -> list[str]:
    """Why no first map can be started now."""
    found = over_blockers(partnership.stage, "Its SROI map")
    newest = partnership.sroi_maps.first()
    if newest is not None:
        found.append(f"There is {newest} already. Change it, or start the next from it once it is published.")
    return found


def blockers_to_change(sroi_map: SroiMap) -> list[str]:
    """Why nothing in a map can be changed now."""
    if sroi_map.is_published:
        return [f"{sroi_map} is published and stays as it is. Start the next map from it to change something."]
    return over_blockers(sroi_map.partnership.stage, "Its SROI map")


def blockers_to_redraft(sroi_map: SroiMap) -> list[str]:
    """Why the next map cannot be started from this one."""
    found = over_blockers(sroi_map.partnership.stage, "Its SROI map")
    if not sroi_map.is_published:
        found.append(f"{sroi_map} is a draft: it can be changed as it is.")
    newest = sroi_map.partnership.sroi_maps.first()
    if newest is not None and newest.number != sroi_map.number:
        found.append(f"{newest} has been started since. Go on from there.")
    return found


@dataclass(frozen=True)
class Lack:
    """Something a map still needs: the sentence, and the outcome it is about."""

    sentence: str
    outcome: SroiOutcome | None = None


def lacks(sroi_map: SroiMap) -> list[Lack]:
    """What a draft still needs before its ratio may be published (`domain.md` 3.5, scenario 37)."""
    inputs = sum((row.amount for row in sroi_map.inputs.all()), Decimal(0))
    outcomes = outcomes_of(sroi_map)
    found = [] if inputs > 0 else [Lack("The inputs are missing: what was put in, by whom, in pounds.")]
    if not outcomes:
        found.append(Lack("No outcome is on the map yet."))
    found += [Lack(f"“{one}”: the proxy has no {one.lacks}.", one) for one in outcomes if one.lacks]
    return found


def blockers_to_publish(sroi_map: SroiMap) -> list[str]:
    """Why a map cannot be published now; the same sentences the page lists with links."""
    return blockers_to_change(sroi_map) or [lack.sentence for lack in lacks(sroi_map)]


@verb("sroi.start", on="partnership")
def start_map(*, partnership: Partnership, settings: Settings, by: "Person") -> SroiMap:
    """Start the partnership's first map, as a draft."""
    partnership = locked(partnership)
    require_to_write_value(by, partnership)
    stop_if(blockers_to_start(partnership))
    _check(settings)
    sroi_map = SroiMap(partnership=partnership, number=1, started_by=by)
    _take_over(sroi_map, settings)
    sroi_map.save()
    record("sroi.start", on=sroi_map, by=by, summary=f"started {sroi_map}", after=facts(sroi_map))
    return sroi_map


@verb("sroi.settle", on="sroi_map")
def settle(*, sroi_map: SroiMap, settings: Settings, by: "Person", version: int | None = None) -> None:
    """Change a draft's title, scope and period, or how it is worked out."""
    sroi_map = open_map(sroi_map, by, version)
    _check(settings)
    before = facts(sroi_map)
    _take_over(sroi_map, settings)
    sroi_map.version += 1
    sroi_map.save()
    summary = f"changed how {sroi_map} is worked out"
    record("sroi.settle", on=sroi_map, by=by, summary=summary, before=before, after=facts(sroi_map))


@verb("sroi.publish", on="sroi_map")
def publish_map(*, sroi_map: SroiMap, by: "Person", version: int | None = None) -> None:
    """Publish a map to its partnership as it stands, and ask the worker for its PDF. Nothing in it changes again."""
    partnership = locked(sroi_map.partnership)
    sroi_map = locked(sroi_map, version=version)
    prefetch_related_objects([sroi_map], *CONTENTS)
    require(by, Ability.PUBLISH_VALUE, partnership)
    stop_if(blockers_to_publish(sroi_map))
    valued = valuation_of(sroi_map)
    assert valued is not None, "a map that lacks nothing has a ratio"
    sroi_map.state, sroi_map.published_by, sroi_map.published_at = MapState.PUBLISHED, by, clock.now()
    sroi_map.version += 1
    sroi_map.save(update_fields=["state", "published_by", "published_at", "version"])
    request_sroi_pdf(sroi_map, by)
    ratio, lowest, highest = (half_up(r, 2) for r in (valued.base.ratio, valued.lowest, valued.highest))
    record(
        "sroi.publish",
        on=sroi_map,
        by=by,
        summary=f"published {sroi_map}: {ratio} : 1, between {lowest} and {highest}",
        after={
            "ratio": str(ratio), "lowest": str(lowest), "highest": str(highest),
            "present_value": str(half_up(valued.base.present_value, 2)), "inputs": str(valued.base.inputs),
        },
    )  # fmt: skip


@verb("sroi.redraft", on="sroi_map")
def redraft(*, sroi_map: SroiMap, by: "Person") -> SroiMap:
    """Start the next map as a copy of the newest published one, which stays readable."""
    partnership = locked(sroi_map.partnership)
    sroi_map = locked(sroi_map)
    require_to_write_value(by, partnership)
    stop_if(blockers_to_redraft(sroi_map))
    copy = SroiMap(partnership=partnership, number=sroi_map.number + 1, started_by=by)
    for name in OF_A_MAP:
        setattr(copy, name, getattr(sroi_map, name))
    copy.save()
    _copy_contents(sroi_map, copy)
    record("sroi.redraft", on=copy, by=by, summary=f"started {copy} as a copy of {sroi_map}", after=facts(copy))
    return copy


def open_map(sroi_map: SroiMap, by: "Person", version: int | None = None) -> SroiMap:
    """The rhythm's first half for every change inside a map: locked, permitted, and still a draft."""
    partnership = locked(sroi_map.partnership)
    sroi_map = locked(sroi_map, version=version)
    require_to_write_value(by, partnership)
    stop_if(blockers_to_change(sroi_map))
    return sroi_map


def facts(sroi_map: SroiMap) -> dict[str, Any]:
    values = {name: getattr(sroi_map, name) for name in OF_A_MAP}
    return {name: None if value is None else str(value) for name, value in values.items()}


def _check(settings: Settings) -> None:
    found = {}
    if not settings.title.strip():
        found["title"] = "Give the map a title: what it values."
    if settings.period_until < settings.period_from:
        found["period_until"] = "The last day cannot be before the first."
    found |= {
        name: "A percentage is from 0 to 100." for name in ("rate", *STEPS) if not 0 <= getattr(settings, name) <= 100
    }
    if settings.schedule and settings.rate != GREEN_BOOK.rate * 100:
        found["rate"] = "The Green Book’s falling rates begin with 3.5%. Type 3.5, or take the tick away."
    if found:
        raise ValidationError(found)


def _take_over(sroi_map: SroiMap, settings: Settings) -> None:
    for name in OF_A_MAP:
        if name not in LATER_RATES:
            setattr(sroi_map, name, getattr(settings, name))
    later = (GREEN_BOOK.after_30, GREEN_BOOK.after_75) if settings.schedule else (None, None)
    for name, rate in zip(LATER_RATES, later, strict=True):
        setattr(sroi_map, name, None if rate is None else rate * 100)


def _copy_contents(old: SroiMap, new: SroiMap) -> None:
    for row in old.inputs.all():
        SroiInput.objects.create(
            sroi_map=new, position=row.position, what=row.what, whose=row.whose, kind=row.kind, amount=row.amount
        )
    for stakeholder in old.stakeholders.prefetch_related("outcomes__indicator"):
        copy = SroiStakeholder.objects.create(
            sroi_map=new, position=stakeholder.position, name=stakeholder.name, about=stakeholder.about
        )
        for outcome in stakeholder.outcomes.all():
            values = {name: getattr(outcome, name) for name in OF_AN_OUTCOME}
            SroiOutcome.objects.create(stakeholder=copy, **values)
