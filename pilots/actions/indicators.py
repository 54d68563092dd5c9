"""Indicators: agreed in design, refined while the pilot runs."""

from collections.abc import Collection
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
from pilots.actions.tallying import keep_indicators
from pilots.measures import ROLLUP_IN_WORDS, ROLLUPS_OF_PERCENT, Direction, Unit
from pilots.models import Indicator, IndicatorValue
from pilots.models.indicator import code_shape
from pilots.profile import typed_as
from pilots.sources import DRAWN, Source, in_words
from pilots.starter import Starter, unused
from pilots.tools import scale_of, shipped

if TYPE_CHECKING:
    from accounts.models import Person

HOW_IT_IS_MEASURED = ("unit", "rollup", "drawn_from")
WITH_WHAT = ("tool", "of_change")  # fixed too, once it is told


@dataclass(frozen=True)
class Definition:
    """What the partners agreed about one indicator. Its fields are the model's columns and the form's fields.

    `profile` is as people type it: see `pilots.profile`.
    """

    code: str
    title: str
    unit: str
    rollup: str
    direction: str = Direction.UP
    drawn_from: str = ""
    baseline: Decimal | None = None
    baseline_on: date | None = None
    target: Decimal | None = None
    profile: str = ""
    profile_rises: bool = False
    tool: str = ""
    of_change: bool = False
    is_headline: bool = False


def definition_as_kept(indicator: Indicator) -> Definition:
    """What stands now, to change some of it."""
    kept = {name: getattr(indicator, name) for name in Definition.__dataclass_fields__}
    return Definition(**kept | {"profile": str(indicator.changing_target or "")})


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
    keep_indicators(partnership)
    refresh(partnership)
    record(
        "indicator.define", on=indicator, by=by, summary=f"added the indicator “{indicator}”", after=_facts(indicator)
    )
    return indicator


def offered_to(partnership: Partnership) -> list[Starter]:
    """What of the starter set the partnership has not taken yet. One query."""
    used = list(Indicator.objects.filter(partnership=partnership).values_list("code", "drawn_from"))
    return unused({code for code, _ in used}, {source for _, source in used})


@verb("indicator.take", on="partnership")
def take_from_the_set(*, partnership: Partnership, codes: Collection[str], by: "Person") -> list[Indicator]:
    """Add several of the starter set at once; their baselines and targets are still to be agreed."""
    partnership = locked(partnership)
    require(by, Ability.EDIT_PLAN, partnership)
    stop_if(blockers_to_change(partnership))
    offered = {one.code: one for one in offered_to(partnership)}
    if not codes:
        raise ValidationError({"codes": "Choose at least one indicator."})
    if gone := sorted(set(codes) - set(offered)):
        raise ValidationError({"codes": f"{', '.join(gone)} cannot be added: it is measured here already."})
    chosen = [one for code, one in offered.items() if code in codes]
    taken = [Indicator.objects.create(partnership=partnership, **_agreed(one)) for one in chosen]
    keep_indicators(partnership)
    refresh(partnership)
    named = ", ".join(one.code for one in chosen)
    record(
        "indicator.take",
        on=partnership,
        by=by,
        summary=f"added {named} from the starter set of indicators",
        after={"indicators": [_facts(indicator) for indicator in taken]},
    )
    return taken


def _agreed(one: Starter) -> dict[str, Any]:
    return {name: value for name, value in vars(one).items() if name in Definition.__dataclass_fields__}


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
    keep_indicators(partnership)
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
        | _profile_faults(definition)
        | _tool_faults(definition)
        | _measure_faults(definition)
        | (_fixed_faults(definition, indicator) | _told_late_faults(definition, indicator) if indicator else {})
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


def _profile_faults(definition: Definition) -> dict[str, Any]:
    try:
        profile = typed_as(definition.profile, rises=definition.profile_rises)
    except ValueError as error:
        return {"profile": str(error)}
    if profile and definition.target is not None:
        return {"profile": "Empty these rows or the target above: an indicator has one or the other."}
    if profile is None and definition.profile_rises:
        return {"profile": "Say from which month and figure it rises, and to which, one row each."}
    return {}


def _tool_faults(definition: Definition) -> dict[str, Any]:
    if not definition.tool:
        return {"tool": "Choose the tool whose scores changed."} if definition.of_change else {}
    if definition.tool not in shipped():
        return {"tool": "Choose a tool from the list."}
    scale = scale_of(definition.tool, of_change=definition.of_change)
    if definition.unit != Unit.POINTS or scale is None:
        return {}
    found = {name: scale.fault(getattr(definition, name)) for name in ("baseline", "target")}
    return {name: said for name, said in found.items() if said}


def _measure_faults(definition: Definition) -> dict[str, Any]:
    if definition.unit == Unit.PERCENT and definition.rollup not in ROLLUPS_OF_PERCENT:
        return {
            "rollup": "A percentage is worked out from its parts: choose “All months together” or “The latest month”."
        }
    if not definition.drawn_from:
        return {}
    source = Source(definition.drawn_from)
    drawn = DRAWN[source]
    found = {}
    if definition.unit != drawn.unit:
        found["unit"] = f"“{in_words(source)}” is measured in: {Unit(drawn.unit).label.lower()}."
    if definition.rollup != drawn.rollup:
        found["rollup"] = f"“{in_words(source)}” needs: “{ROLLUP_IN_WORDS[drawn.rollup]}”."
    return found


def _fixed_faults(definition: Definition, indicator: Indicator) -> dict[str, Any]:
    fixed = HOW_IT_IS_MEASURED + (WITH_WHAT if indicator.tool else ())
    changed = [name for name in fixed if getattr(definition, name) != getattr(indicator, name)]
    if not changed or not IndicatorValue.objects.filter(indicator=indicator, amount__isnull=False).exists():
        return {}
    said = "Months have been reported with it as it is. Add another indicator instead."
    return dict.fromkeys(changed, said)


def _told_late_faults(definition: Definition, indicator: Indicator) -> dict[str, Any]:
    """A tool that is told once figures stand must be one on whose scale each of them can have been measured."""
    scale = scale_of(definition.tool, of_change=definition.of_change)
    if indicator.tool or scale is None or definition.unit != Unit.POINTS:
        return {}
    figures = IndicatorValue.objects.filter(indicator=indicator, amount__isnull=False).values_list("amount", flat=True)
    off = next((said for figure in figures.order_by("amount") if (said := scale.fault(figure))), "")
    return {"tool": f"A figure that was reported does not fit this tool. {off}"} if off else {}


def _take_over(indicator: Indicator, definition: Definition) -> None:
    if definition.is_headline:
        Indicator.objects.filter(partnership=indicator.partnership).exclude(pk=indicator.pk).update(is_headline=False)
    for name in definition.__dataclass_fields__:
        setattr(indicator, name, getattr(definition, name))
    profile = typed_as(definition.profile, rises=definition.profile_rises)
    indicator.profile = profile.kept() if profile else {}


def _facts(indicator: Indicator) -> dict[str, Any]:
    facts = vars(definition_as_kept(indicator))
    return {name: value if isinstance(value, bool | str) else value and str(value) for name, value in facts.items()}
