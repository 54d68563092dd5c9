"""What befriending is worth: the reference's worked example as a published SROI map, the next map as a draft, and the
social accounts half done. Every source is invented.
"""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.actions.social_accounts import Accounts, Done, write_social_accounts
from pilots.actions.sroi import Settings, publish_map, redraft, start_map
from pilots.actions.sroi_contents import (
    InputLine,
    OutcomeEntry,
    StakeholderLine,
    add_outcome,
    edit_outcome,
    set_inputs,
    set_stakeholders,
)
from pilots.models import Indicator, InputKind, SroiMap, SroiOutcome
from pilots.principles import Principle
from psp_portal.demo.clockwork import midday

INPUTS = (
    InputLine("Grant of the health board", "Health board", Decimal(34_000)),
    InputLine("Two rooms, free of rent", "Third sector lead", Decimal(3_200), InputKind.IN_KIND),
    InputLine("Visits and calls, 650 hours", "Volunteers", Decimal(7_800), InputKind.VOLUNTEERS),
)
STAKEHOLDERS = (
    StakeholderLine("Older people who live alone", "Those who were visited or phoned for three months or more."),
    StakeholderLine("The health board", "Pays for visits that do not happen any more."),
    StakeholderLine("Volunteers", "Some found work with the reference they were given."),
    StakeholderLine("Families of older people", "They told us of relief. Nothing is counted: too few were asked."),
)
PRINCIPLES: dict[str, Done] = {
    Principle.PURPOSE: Done(True, "Vision and values, agreed in the first months by the board of each partner."),
    Principle.SCOPE: Done(True, "The pilot’s first year, all three villages. The phone line at weekends is left out."),
    Principle.STAKEHOLDERS: Done(True, "Two evenings with 14 people, six interviews at home, a card for volunteers."),
    Principle.COMPARISONS: Done(False, "We look for a service of the same size elsewhere."),
    Principle.TRANSPARENCY: Done(True, "The accounts hang in both rooms, the weak results too."),
}


def tell_what_it_is_worth(
    partnership: Partnership, *, drafts: Person, publishes: Person, began: date, today: date
) -> None:
    """Map 1 of the pilot’s first year is published six weeks ago; map 2, with a more careful deadweight, is a draft."""
    with midday(today - timedelta(days=60)):
        settings = Settings(
            title="Befriending, the pilot’s first year",
            scope="Changes that people themselves told us of, in the three villages. What families gain is left out, "
            "and so is whatever lasts longer than three years.",
            period_from=began,
            period_until=add_months(began, 12) - timedelta(days=1),
        )
        first = start_map(partnership=partnership, settings=settings, by=drafts)
        set_inputs(sroi_map=first, lines=INPUTS, by=drafts)
        set_stakeholders(sroi_map=first, lines=STAKEHOLDERS, by=drafts)
        for entry in _outcomes(first, (today - timedelta(days=60)).year - 1):
            add_outcome(sroi_map=first, entry=entry, by=drafts)
    with midday(today - timedelta(days=45)):
        publish_map(sroi_map=first, by=publishes)
    with midday(today - timedelta(days=44)):
        _think_again(redraft(sroi_map=first, by=drafts), drafts)
        write_social_accounts(partnership=partnership, accounts=Accounts(PRINCIPLES), by=publishes)


def _outcomes(sroi_map: SroiMap, year: int) -> list[OutcomeEntry]:
    """The three of worked example A (`domain.md` 3.5), with invented sources."""
    people, board, volunteers, _ = sroi_map.stakeholders.all()
    improved = Indicator.objects.get(partnership=sroi_map.partnership, code="O1")
    return [
        OutcomeEntry(
            people, "Less isolation", Decimal(40), "people", "A year of club membership with travel", Decimal(1200),
            "Price survey of three lunch clubs, by the evaluators", year, deadweight=Decimal(25),
            attribution=Decimal(30), drop_off=Decimal(20), years=3, indicator=improved,
            evidence="Reviews at three months. A quarter would have joined a group anyway; the wardens did a third.",
        ),
        OutcomeEntry(
            board, "Fewer visits to GP and A&E", Decimal(60), "visits", "Average cost of a visit", Decimal(150),
            "The board’s own table of unit costs", year, deadweight=Decimal(10), displacement=Decimal(5),
            attribution=Decimal(20), evidence="What people said of the year before, checked with two practices.",
        ),
        OutcomeEntry(
            volunteers, "Volunteers into work", Decimal(6), "people", "What a part-time job brings in a year",
            Decimal(9000), "Advertised posts in the area, 20 of them", year, deadweight=Decimal(30),
            displacement=Decimal(10), attribution=Decimal(25), drop_off=Decimal(50), years=2,
            evidence="Leaving talks with all volunteers.",
        ),
    ]  # fmt: skip


def _think_again(second: SroiMap, by: Person) -> None:
    """Ten points more deadweight for the largest outcome, and one more outcome that still lacks its source."""
    outcome = SroiOutcome.objects.get(stakeholder__sroi_map=second, title="Less isolation")
    year = outcome.source_year
    changed = OutcomeEntry(
        outcome.stakeholder, outcome.title, outcome.quantity, outcome.unit, outcome.proxy_name, outcome.proxy,
        outcome.source, year, deadweight=Decimal(35), attribution=Decimal(30), drop_off=Decimal(20), years=3,
        indicator=outcome.indicator, evidence="A control group in two other villages: a third joined a group anyway.",
    )  # fmt: skip
    edit_outcome(sroi_map=second, outcome=outcome, entry=changed, by=by)
    skills = OutcomeEntry(
        second.stakeholders.get(name="Volunteers"), "Skills in listening", Decimal(22), "volunteers",
        "A course of two days", Decimal(180), deadweight=Decimal(40), attribution=Decimal(10),
    )  # fmt: skip
    add_outcome(sroi_map=second, entry=skills, by=by)
