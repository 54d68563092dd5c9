"""How a pilot stands: its accepted months rolled up and set against their targets, and the overall colour of it all.

Only the newest accepted revision of a month counts. What is added up over the months is read from the summary rows, so
that neither the number of queries nor their length grows with the pilot.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from foundation.database import clock
from partnerships import causes
from partnerships.health import Cause, Health, worst, worst_cause
from partnerships.lifecycle import Stage
from partnerships.models import Milestone, Partnership, Risk
from partnerships.risk import RiskColour
from pilots import rag, rollup
from pilots.models import (
    HealthOverride,
    Indicator,
    IndicatorTally,
    IndicatorValue,
    MonthlyReturn,
    PilotPlan,
    YearTally,
    plan_of,
)
from pilots.periods import financial_year_of, name_of
from pilots.rag import Thresholds
from pilots.rollup import Figure, Tally


@dataclass(frozen=True)
class IndicatorStanding:
    """One indicator: the last accepted month's own result, and the result of all of them against the profile.

    `parts` is what a ratio or a mean was worked out from.
    """

    indicator: Indicator
    latest: Decimal | None
    result: Decimal | None
    profile: Decimal | None
    health: Health
    parts: tuple[Decimal, Decimal] | None = None


@dataclass(frozen=True)
class Spend:
    """Budget and actual spend of the financial year's accepted months, up to the latest of them."""

    since: date | None
    until: date | None
    budget: Decimal | None
    actual: Decimal | None
    by: Thresholds = rag.DEFAULT

    @property
    def health(self) -> Health:
        return rag.of_spend(self.actual, self.budget, by=self.by)


@dataclass(frozen=True)
class Standing:
    """`corrected` names the newest months whose figures are those of a correction, at most `FEW_CORRECTED`."""

    indicators: list[IndicatorStanding]
    spend: Spend
    corrected: list[str]

    @property
    def health(self) -> Health:
        return worst(self.spend.health, *(i.health for i in self.indicators))

    @property
    def because(self) -> str:
        """Why it is at risk or off track, in a sentence: “2 of 6 indicators are off track”; empty when it is not."""
        if self.health in (Health.GREY, Health.GREEN):
            return ""
        word = self.health.label.lower()
        same = [i.indicator for i in self.indicators if i.health == self.health]
        if not same:
            return f"Spend against the budget is {word}"
        if len(same) == 1:
            return f"The indicator “{same[0].title}” is {word}"
        return f"{len(same)} of {len(self.indicators)} indicators are {word}"

    @property
    def headline(self) -> IndicatorStanding | None:
        return next((i for i in self.indicators if i.indicator.is_headline), None)


FEW_CORRECTED = 12


def standing_of(partnership: Partnership, plan: PilotPlan | None = None) -> Standing:
    """Four queries, or three with the `plan` at hand; each reads a few short rows however long the pilot is."""
    by = (plan or plan_of(partnership)).thresholds
    indicators = Indicator.objects.filter(partnership=partnership).select_related("tally")
    return Standing([_stand(row, by) for row in indicators], _spend(partnership, by), _corrected(partnership))


def months_of(indicator: Indicator, most: int) -> list[tuple[date, Decimal | None]]:
    """The newest `most` accepted months, each with its own result. One query."""
    newest = MonthlyReturn.objects.accepted().filter(partnership=indicator.partnership_id).order_by("-period")[:most]
    values = IndicatorValue.objects.filter(indicator=indicator, monthly_return__in=newest.values("pk"))
    rows = values.order_by("monthly_return__period").values_list("monthly_return__period", "amount", "out_of")
    return [
        (period, rollup.result(indicator.rollup, indicator.unit, [Figure(amount, out_of)]))
        for period, amount, out_of in rows
    ]


@dataclass(frozen=True)
class Overall:
    """The parts of the overall colour, and the colour a person set over it, as long as that is one step away."""

    parts: dict[str, Health]
    override: HealthOverride | None

    @property
    def calculated(self) -> Health:
        return worst(*self.parts.values())

    @property
    def judged(self) -> HealthOverride | None:
        """The override, unless the calculated colour has moved away from it."""
        if self.override and rag.one_step(self.calculated, self.override.judged):
            return self.override
        return None


def overall_of(partnership: Partnership, standing: Standing) -> Overall:
    """The worst of reach, outcomes, money, milestones and risk (`domain.md` 3.3), and what a person made of it."""
    override = HealthOverride.objects.standing().filter(partnership=partnership).select_related("set_by").first()
    upcoming = Milestone.objects.asked_for().filter(partnership=partnership)
    return Overall(
        {
            "Reach": worst(*_of_codes(standing, REACH_CODES)),
            "Outcomes": worst(*_of_codes(standing, None)),
            "Money": worst(standing.spend.health, *_of_codes(standing, MONEY_CODES)),
            "Milestones": causes.of_milestones(upcoming, clock.today()).health,
            "Risk": risk_cause(partnership).health,
        },
        override,
    )


def risk_cause(partnership: Partnership) -> Cause:
    """The worst open risk; grey without one. One query."""
    risk = Risk.objects.open().filter(partnership=partnership).worst_first().first()
    if risk is None:
        return Cause(Health.GREY)
    health = _OF_COLOUR[risk.colour]
    return Cause(health, "" if health == Health.GREEN else f"The risk “{risk}” scores {risk.score}")


_OF_COLOUR = {RiskColour.RED: Health.RED, RiskColour.AMBER: Health.AMBER, RiskColour.GREEN: Health.GREEN}
# The starter set's codes begin with R for reach and M for money; all others tell of outcomes (domain.md 3.2).
REACH_CODES, MONEY_CODES = "R", "M"


def _of_codes(standing: Standing, letter: str | None) -> list[Health]:
    named = ((s.indicator.code[0], s.health) for s in standing.indicators)
    return [health for first, health in named if (first == letter if letter else first not in "RM")]


def cause_of(partnership: Partnership) -> Cause:
    """What the pilot adds to the partnership's health while it runs: indicators, spend, and the worst open risk."""
    if partnership.stage != Stage.PILOT:
        return Cause(Health.GREY)
    standing = standing_of(partnership)
    return worst_cause(Cause(standing.health, standing.because), risk_cause(partnership))


def spent_before(monthly_return: MonthlyReturn) -> tuple[Decimal, Decimal]:
    """Spend and budget of the financial year's earlier months that were sent, each as last corrected. One query."""
    earlier = MonthlyReturn.objects.sent().filter(
        partnership_id=monthly_return.partnership_id,
        period__gte=financial_year_of(monthly_return.period),
        period__lt=monthly_return.period,
    )
    rows = earlier.order_by("revision").values_list("period", "actual", "budget")
    newest = {period: (actual, budget) for period, actual, budget in rows}
    return _added(actual for actual, _ in newest.values()), _added(budget for _, budget in newest.values())


def _stand(indicator: Indicator, by: Thresholds) -> IndicatorStanding:
    row: IndicatorTally | None = getattr(indicator, "tally", None)
    tally, profile = (row.tally, row.profile) if row else (Tally(), None)
    result = rollup.result_of(indicator.rollup, indicator.unit, tally)
    return IndicatorStanding(
        indicator,
        rollup.result(indicator.rollup, indicator.unit, [tally.last]),
        result,
        profile,
        rag.of_indicator(result, profile, higher_is_better=indicator.higher_is_better, by=by),
        rollup.parts_of(indicator.rollup, tally),
    )


def _spend(partnership: Partnership, by: Thresholds) -> Spend:
    """Of the last financial year with an accepted return."""
    row = YearTally.objects.filter(partnership=partnership, accepted__gt=0).order_by("-since").first()
    return Spend(row.since, row.last_period, row.budget, row.spent, by) if row else Spend(None, None, None, None)


def _corrected(partnership: Partnership) -> list[str]:
    rows = MonthlyReturn.objects.accepted().filter(partnership=partnership, revision__gt=1).order_by("-period")
    return [name_of(*row) for row in reversed(rows.values_list("period", "months")[:FEW_CORRECTED])]


def _added(amounts: Iterable[Decimal | None]) -> Decimal:
    """Added up in Python: SQLite would add them as binary fractions."""
    return sum((a for a in amounts if a is not None), Decimal(0))
