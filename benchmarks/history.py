"""Pilots with a long history, the same every time: returns and figures written straight to the tables, then tallied."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from accounts.models import Person
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.actions.tallying import keep_indicators, keep_year
from pilots.lifecycle import ReturnState
from pilots.measures import ROLLUPS_IN_PAIRS, Rollup, Unit
from pilots.models import Indicator, IndicatorValue, MonthlyReturn
from pilots.periods import financial_year_of

FIRST = date(2018, 4, 1)
ROLLUPS = (Rollup.SUM, Rollup.RATIO, Rollup.WEIGHTED_MEAN, Rollup.LATEST)
AT_ONCE = 100  # partnerships in one transaction


def tell(partnerships: Sequence[Partnership], months: range, indicators: int, sends: Person, accepts: Person) -> int:
    """Accepted returns of these months, counted from April 2018, with a figure of each indicator. How many figures."""
    for start in range(0, len(partnerships), AT_ONCE):
        with transaction.atomic():
            some = partnerships[start : start + AT_ONCE]
            _measured(some, indicators)
            _reported(some, months, sends, accepts)
            for partnership in some:
                for year in sorted({financial_year_of(add_months(FIRST, n)) for n in months}):
                    keep_year(partnership, year)
                keep_indicators(partnership)
    return len(partnerships) * len(months) * indicators


def _measured(partnerships: Iterable[Partnership], indicators: int) -> None:
    for partnership in partnerships:
        if not partnership.indicators.exists():
            Indicator.objects.bulk_create(_indicator(partnership, n) for n in range(indicators))


def _indicator(partnership: Partnership, n: int) -> Indicator:
    return Indicator(
        partnership=partnership, code=f"R{n}", title=f"Indicator {n}", unit=Unit.COUNT, rollup=ROLLUPS[n % 4],
        target=Decimal(10 + n), is_headline=n == 0,
    )  # fmt: skip


def _reported(partnerships: Sequence[Partnership], months: range, sends: Person, accepts: Person) -> None:
    rows = [_return(p, month, sends, accepts) for p in partnerships for month in months]
    made = MonthlyReturn.objects.bulk_create(rows, batch_size=500)
    measured: dict[int, list[Indicator]] = {}
    for indicator in Indicator.objects.filter(partnership__in=partnerships).order_by("code"):
        measured.setdefault(indicator.partnership_id, []).append(indicator)
    IndicatorValue.objects.bulk_create(
        (_value(row, at, indicator) for row in made for at, indicator in enumerate(measured[row.partnership_id])),
        batch_size=5000,
    )


def _return(partnership: Partnership, month: int, sends: Person, accepts: Person) -> MonthlyReturn:
    period, number = add_months(FIRST, month), partnership.pk + month
    due_on = add_months(period, 1) + timedelta(days=13)
    sent_on = due_on + timedelta(days=number % 9 - 6)
    sent_at = datetime(sent_on.year, sent_on.month, sent_on.day, 12, tzinfo=UTC)
    return MonthlyReturn(
        partnership=partnership, period=period, due_on=due_on, state=ReturnState.ACCEPTED, submitted_by=sends,
        submitted_at=sent_at, first_submitted_on=sent_on, accepted_by=accepts, accepted_at=sent_at,
        referrals=12, referrals_accepted=10, active_at_start=30, new_starts=5 + number % 7, planned_exits=3,
        unplanned_exits=1, active_at_end=30, waiting=2, reviewed=10, improved=5 + number % 4, same=3, worse=1,
        budget=Decimal(10_000), actual=Decimal(9_000) + Decimal(number % 200_000) / 100, learned="Something.",
    )  # fmt: skip


def _value(row: MonthlyReturn, at: int, indicator: Indicator) -> IndicatorValue:
    number = row.partnership_id * 31 + row.period.year * 12 + row.period.month + at
    return IndicatorValue(
        monthly_return=row, indicator=indicator, amount=Decimal(number % 2_000) / 100,
        out_of=Decimal(20 + number % 30) if indicator.rollup in ROLLUPS_IN_PAIRS else None,
    )  # fmt: skip
