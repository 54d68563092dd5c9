"""SROI maps for tests. `worked_example` is example A of `domain.md` 3.5, whose figures are known to the penny."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from pilots.models import MapState, SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory


class SroiMapFactory(DjangoModelFactory):
    """An empty draft, unless a trait says otherwise."""

    class Meta:
        model = SroiMap

    partnership = factory.SubFactory(PartnershipFactory, in_pilot=True)
    number = 1
    title = "Befriending, the pilot’s first year"
    period_from = date(2026, 4, 1)
    period_until = date(2027, 3, 31)
    started_by = factory.SubFactory(PersonFactory)

    class Params:
        published = factory.Trait(
            state=MapState.PUBLISHED,
            published_by=factory.SubFactory(PersonFactory),
            published_at=datetime(2027, 5, 1, 12, tzinfo=UTC),
        )


class StakeholderFactory(DjangoModelFactory):
    class Meta:
        model = SroiStakeholder

    sroi_map = factory.SubFactory(SroiMapFactory)
    position = factory.Sequence(lambda n: n % 30_000)
    name = factory.Sequence(lambda n: f"Stakeholder {n}")


class OutcomeFactory(DjangoModelFactory):
    """40 people less lonely, as O1 of the worked example; with source and year."""

    class Meta:
        model = SroiOutcome

    stakeholder = factory.SubFactory(StakeholderFactory)
    title = "Less isolation"
    quantity = Decimal(40)
    unit = "people"
    proxy_name = "A year of club membership and travel"
    proxy = Decimal(1200)
    source = "Survey of three clubs"
    source_year = 2025
    deadweight = Decimal(25)
    displacement = Decimal(0)
    attribution = Decimal(30)
    drop_off = Decimal(20)
    years = 3


def worked_example(**fields) -> SroiMap:
    """Example A: inputs £45,000 in three kinds, three outcomes of three stakeholders."""
    sroi_map = SroiMapFactory(**fields)
    for position, (what, amount) in enumerate((("Grant", 38_000), ("Room", 2_000), ("Visits", 5_000)), start=1):
        SroiInput.objects.create(
            sroi_map=sroi_map, position=position, what=what, whose="Health board", kind="cash", amount=Decimal(amount)
        )
    people, board, volunteers = (
        StakeholderFactory(sroi_map=sroi_map, position=n, name=name)
        for n, name in enumerate(("Older people", "Health board", "Volunteers"), start=1)
    )
    OutcomeFactory(stakeholder=people)
    OutcomeFactory(
        stakeholder=board, title="Fewer visits to GP and A&E", quantity=Decimal(60), unit="visits", proxy=Decimal(150),
        proxy_name="Cost of a visit", deadweight=Decimal(10), displacement=Decimal(5), attribution=Decimal(20),
        drop_off=Decimal(0), years=1,
    )  # fmt: skip
    OutcomeFactory(
        stakeholder=volunteers, title="Volunteers into work", quantity=Decimal(6), proxy=Decimal(9000),
        proxy_name="A year on the real Living Wage", deadweight=Decimal(30), displacement=Decimal(10),
        attribution=Decimal(25), drop_off=Decimal(50), years=2,
    )  # fmt: skip
    return sroi_map
