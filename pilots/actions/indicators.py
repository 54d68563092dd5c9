"""Indicators: agreed in design, refined while the pilot runs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.summary import refresh
from partnerships.lifecycle import over_blockers
from partnerships.models import Partnership
from partnerships.permissions import Ability, require
from pilots.measures import ROLLUPS_OF_PERCENT, Direction, Rollup, Unit
from pilots.models import Indicator, IndicatorValue
from pilots.models.indicator import code_shape
from pilots.sources import DRAWN, Source

if TYPE_CHECKING:
    from accounts.models import Person

HOW_IT_IS_MEASURED = ("unit", "rollup", "drawn_from")


@dataclass(frozen=True)
class Definition:
    """What the partners agreed about one indicator. Its fields are the model's columns and the form's fields."""

    code: str
    title: str
    unit: str
    rollup: str
    direction: str = Direction.UP
    drawn_from: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    is_headline: bool = False


def blockers_to_change(partnership: Partnership) -> list[str]:
    """Why indicators cannot be added or changed now."""
    return over_blockers(partnership.stage, "Its indicators")


@verb("indicator.define", on="partnership")
def define_indicator(*, partnership: Partnership, definition: Definition, by: "Person") -> Indicator:
    """Agree on one more thing to measure."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    _check(partnership, definition)
    indicator = Indicator(partnership=partnership)
    _take_over(indicator, definition)
    indicator.save()
    refresh(partnership)
    record(
        "indicator.define", on=indicator, by=by, summary=f"added the indicator “{indicator}”", after=_facts(indicator)
    )
    return indicator


@verb("indicator.edit", on="indicator")
def edit_indicator(*, indicator: Indicator, definition: Definition, by: "Person", version: int | None = None) -> None:
    """Change an indicator. How it is measured stays once a month has a figure, or old months would change meaning."""
    partnership = locked(indicator.partnership)
    indicator = locked(indicator, version=version)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    _check(partnership, definition, indicator)
    before = _facts(indicator)
    _take_over(indicator, definition)
    indicator.version += 1
    indicator.save()
    refresh(partnership)
    record(
        "indicator.edit",
        on=indicator,
        by=by,
        summary=f"changed the indicator “{indicator}”",
        before=before,
        after=_facts(indicator),
    )


def _check(partnership: Partnership, definition: Definition, indicator: Indicator | None = None) -> None:
    found = (
        _code_faults(partnership, definition, indicator)
        | _baseline_faults(definition)
        | _measure_faults(definition)
        | (_fixed_faults(definition, indicator) if indicator else {})
    )
    if found:
        raise ValidationError(found)


def _code_faults(partnership: Partnership, definition: Definition, indicator: Indicator | None) -> dict[str, Any]:
    try:
        code_shape(definition.code)
    except ValidationError as error:
        return {"code": error.messages}
    taken = Indicator.objects.filter(partnership=partnership, code=definition.code)
    if (taken.exclude(pk=indicator.pk) if indicator else taken).exists():
        return {"code": f"{definition.code} is another indicator of this partnership."}
    return {}


def _baseline_faults(definition: Definition) -> dict[str, Any]:
    if definition.baseline is not None and definition.baseline_on is None:
        return {"baseline_on": "Say on which day the baseline was measured."}
    if definition.baseline is None and definition.baseline_on is not None:
        return {"baseline": "Type the baseline measured on that day, or leave both empty."}
    if definition.target is not None and definition.target < 0:
        return {"target": "A target cannot be below 0."}
    return {}


def _measure_faults(definition: Definition) -> dict[str, Any]:
    if definition.unit == Unit.PERCENT and definition.rollup not in ROLLUPS_OF_PERCENT:
        return {"rollup": "A percentage is worked out from its parts: choose the ratio of sums, or the latest month."}
    if not definition.drawn_from:
        return {}
    source = Source(definition.drawn_from)
    drawn = DRAWN[source]
    found = {}
    if definition.unit != drawn.unit:
        found["unit"] = f"“{source.label}” is measured in: {Unit(drawn.unit).label.lower()}."
    if definition.rollup != drawn.rollup:
        found["rollup"] = f"“{source.label}” needs: {Rollup(drawn.rollup).label.lower()}."
    return found


def _fixed_faults(definition: Definition, indicator: Indicator) -> dict[str, Any]:
    changed = [name for name in HOW_IT_IS_MEASURED if getattr(definition, name) != getattr(indicator, name)]
    if not changed or not IndicatorValue.objects.filter(indicator=indicator, amount__isnull=False).exists():
        return {}
    said = "Months have been reported with it as it is. Add another indicator instead."
    return dict.fromkeys(changed, said)


def _take_over(indicator: Indicator, definition: Definition) -> None:
    if definition.is_headline:
        Indicator.objects.filter(partnership=indicator.partnership).exclude(pk=indicator.pk).update(is_headline=False)
    for name in definition.__dataclass_fields__:
        setattr(indicator, name, getattr(definition, name))


def _facts(indicator: Indicator) -> dict[str, Any]:
    facts = {name: getattr(indicator, name) for name in Definition.__dataclass_fields__}
    return {name: value if isinstance(value, bool | str) else value and str(value) for name, value in facts.items()}
