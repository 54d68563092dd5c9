"""Indicators, monthly returns and evaluations for tests, in honest states."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from partnerships.roles import PartnershipRole
from pilots.actions.tallying import keep_indicators, keep_year
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.measures import Direction, Rollup, Unit
from pilots.models import Evaluation, Indicator, IndicatorValue, MonthlyReturn, Story
from pilots.periods import due_on
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, person_as

# A month that adds up: 30 at the start, 8 started, 5 left, 33 at the end; 10 reviewed; £10,400 of £10,000.
WHOLE = {
    "referrals": 12, "referrals_accepted": 10, "active_at_start": 30, "new_starts": 8, "planned_exits": 4,
    "unplanned_exits": 1, "active_at_end": 33, "waiting": 2, "reviewed": 10, "improved": 6, "same": 3, "worse": 1,
    "budget": Decimal(10_000), "actual": Decimal(10_400), "learned": "Visits in the morning work better.",
}  # fmt: skip


def whole_entry(**changes) -> Entry:
    """A month that can be submitted, but for `changes`."""
    return Entry(**WHOLE | changes)


class Tallied(DjangoModelFactory):
    """The summary rows are kept right, as the actions keep them."""

    class Meta:
        abstract = True

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        made = super()._create(model_class, *args, **kwargs)
        cls.tally(made)
        return made


class IndicatorFactory(Tallied):
    class Meta:
        model = Indicator

    @classmethod
    def tally(cls, made):
        keep_indicators(made.partnership)

    partnership = factory.SubFactory(PartnershipFactory, in_pilot=True)
    code = factory.Sequence(lambda n: f"R{n}")
    title = "people starting"
    unit = Unit.COUNT
    direction = Direction.UP
    rollup = Rollup.SUM
    baseline = Decimal(0)
    baseline_on = date(2026, 4, 1)
    target = Decimal(10)

    class Params:
        percent = factory.Trait(title="% improved", unit=Unit.PERCENT, rollup=Rollup.RATIO, target=Decimal(80))
        days = factory.Trait(
            title="days to start", unit=Unit.DAYS, rollup=Rollup.WEIGHTED_MEAN, direction=Direction.DOWN
        )
        without_baseline = factory.Trait(baseline=None, baseline_on=None)


class ReturnFactory(Tallied):
    """Planned, unless a trait says otherwise. `submitted` and `accepted` have figures that add up."""

    class Meta:
        model = MonthlyReturn

    @classmethod
    def tally(cls, made):
        keep_year(made.partnership, made.period)

    partnership = factory.SubFactory(PartnershipFactory, in_pilot=True)
    period = date(2026, 10, 1)
    due_on = factory.LazyAttribute(lambda row: due_on(row.period, frozenset()))

    class Params:
        draft = factory.Trait(state=ReturnState.DRAFT, referrals=12)
        submitted = factory.Trait(
            **WHOLE,
            state=ReturnState.SUBMITTED,
            submitted_by=factory.SubFactory(PersonFactory),
            first_submitted_on=factory.SelfAttribute("due_on"),
            submitted_at=factory.LazyAttribute(lambda row: _noon(row.first_submitted_on)),
        )
        returned = factory.Trait(
            submitted=True, state=ReturnState.RETURNED, returned_note="Please check the number of exits."
        )
        accepted = factory.Trait(
            submitted=True,
            state=ReturnState.ACCEPTED,
            accepted_by=factory.SubFactory(PersonFactory),
            accepted_at=factory.SelfAttribute("submitted_at"),
        )


class ValueFactory(Tallied):
    class Meta:
        model = IndicatorValue

    @classmethod
    def tally(cls, made):
        keep_indicators(made.indicator.partnership)

    monthly_return = factory.SubFactory(ReturnFactory, accepted=True)
    indicator = factory.SubFactory(IndicatorFactory, partnership=factory.SelfAttribute("..monthly_return.partnership"))
    amount = Decimal(8)


class EvaluationFactory(DjangoModelFactory):
    class Meta:
        model = Evaluation

    partnership = factory.SubFactory(PartnershipFactory, in_pilot=True)
    summary = "It worked well enough to buy."
    findings = "Most people saw others more often than before."
    written_by = factory.SubFactory(PersonFactory)

    class Params:
        signed_off = factory.Trait(
            signed_off_by=factory.SubFactory(PersonFactory), signed_off_at=datetime(2027, 5, 1, 12, tzinfo=UTC)
        )


def the_two_sides(partnership):
    """Whoever logs the pilot, and whoever accepts it."""
    return (
        person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership),
        person_as(PartnershipRole.PUBLIC_LEAD, partnership),
    )


def _noon(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


class StoryFactory(DjangoModelFactory):
    class Meta:
        model = Story

    monthly_return = factory.SubFactory(ReturnFactory, accepted=True)
    text = "She had not left the house since spring. Now she runs the tea table."

    class Params:
        agreed = factory.Trait(may_use=True, anonymised=True, may_publish=True)
        published = factory.Trait(agreed=True, published_on=date(2026, 11, 1))
