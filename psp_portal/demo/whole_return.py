"""The demo's full returns: one partnership fills in every section; a correction, marks, a judged state, two stories."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from foundation.database import clock
from partnerships.health import Health
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.actions.corrections import begin_correction
from pilots.actions.health_override import override_health
from pilots.actions.living_wage import set_living_wage
from pilots.actions.pilot_plan import set_reporting
from pilots.actions.returns import accept, return_with_note, submit
from pilots.actions.stories import publish_story
from pilots.entry import Entry, Telling
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, Story
from pilots.standing import overall_of, standing_of
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, Plot

IN_FULL = BEFRIENDING
LONE_VISITS = "The rule for lone visits was read out again at the volunteers’ evening."
STORIES = {
    5: Telling(
        "A woman in her eighties had not left her house since spring. After six weeks of visits she walked to the "
        "village hall with her volunteer. Now she pours the tea there on Thursdays.", True, True, True,
    ),
    9: Telling(
        "A retired fisherman would only speak on the telephone. His volunteer phoned every week about the harbour. In "
        "the tenth week he asked whether they might meet.", True, True, False,
    ),
    22: Telling(
        "After his wife died a man stopped cooking. His volunteer came on Tuesdays, and they cooked for two. In summer "
        "he asked the lunch club whether they needed a cook.", True, True, True,
    ),
}  # fmt: skip


def agree_on_the_form(partnership: Partnership, plot: Plot, *, on: date, by: Person) -> None:
    """One pilot reports in full; the others keep the short form."""
    if plot is IN_FULL:
        with midday(on):
            set_reporting(partnership=partnership, form="full", rhythm="month", by=by)


def received(partners: list[str], number: int) -> dict[str, bool]:
    """Everybody's data came, but for one partner every seventh month."""
    return {partner: not (number % 7 == 3 and place == len(partners) - 1) for place, partner in enumerate(partners)}


def told_in_full(plot: Plot, entry: Entry, number: int) -> Entry:
    """The sections of the full form, worked out from the month's number."""
    if plot is not IN_FULL:
        return entry
    starts = entry.new_starts or 0
    women, older = round(starts * 0.6), round(starts * 0.7)
    return replace(
        entry,
        longest_wait=(3 + number * 5 % 19) if entry.waiting else 0,
        forecast=plot.monthly_budget * 12,
        in_kind=Decimal(450),
        posts_funded=Decimal("3.5"),
        in_post=Decimal("3.5") if number % 9 != 7 else Decimal("2.5"),
        vacancies=Decimal(0) if number % 9 != 7 else Decimal(1),
        sickness_days=Decimal(number * 3 % 8),
        training_days=Decimal(number % 4),
        lowest_pay=Decimal("13.60"),
        volunteers=18 + number % 5,
        volunteer_hours=Decimal(140 + number * 7 % 30),
        safeguarding=1 if number % 8 == 5 else 0,
        incidents=0,
        reported="yes" if number % 8 == 5 else "",
        incident_note=LONE_VISITS if number % 8 == 5 else "",
        users_said="People asked for company on Sundays, when nothing else is open.",
        changed_because="Two volunteers now visit on Sunday afternoons.",
        counts={
            ("sex", "female"): women, ("sex", "male"): starts - women,
            ("age", "65_up"): older, ("age", "45_64"): starts - older,
        },
        story=STORIES.get(number, Telling()),
    )  # fmt: skip


def what_is_put_right() -> None:
    """Told last: a rate, a correction that was accepted, one that was sent back with marks, a story, a judged state."""
    today, accepts = clock.today(), person(personas.COMMISSIONER)
    since = date(today.year - (today.month < 5), 5, 1)
    set_living_wage(since=add_months(since, -12), hourly=Decimal("12.60"), source="Invented for the demo", by=accepts)
    set_living_wage(since=since, hourly=Decimal("13.45"), source="UK rate announced for 2025-26", by=accepts)
    partnership = Partnership.objects.get(title=IN_FULL.title)
    logs = next(person(lead) for lead in personas.LEADS if lead.organisation == IN_FULL.lead)
    accepted = list(MonthlyReturn.objects.accepted().filter(partnership=partnership).order_by("-period"))
    with midday(today - timedelta(days=12)):
        for story in Story.objects.publishable().filter(monthly_return__partnership=partnership):
            publish_story(story=story, by=accepts)
        _correct(accepted[2], "Mileage of £86 was booked in the wrong month.", logs, by_pounds=86)
        accept(monthly_return=_newest(accepted[2]), by=accepts)
    with midday(today - timedelta(days=3)):
        _correct(accepted[1], "One person was counted as reviewed who was not.", logs, by_pounds=0)
        return_with_note(
            monthly_return=_newest(accepted[1]), by=accepts, note="Thank you. Two figures are not clear to me yet.",
            marks={"reviewed": "The reason speaks of this figure, but it has not changed.",
                   "improved": "Does this change with it?"},
        )  # fmt: skip
        _judge(partnership)


def _correct(row: MonthlyReturn, reason: str, logs: Person, *, by_pounds: int) -> None:
    new = begin_correction(monthly_return=row, reason=reason, by=logs)
    entry = new.entry()
    submit(monthly_return=new, entry=replace(entry, actual=(entry.actual or Decimal(0)) + by_pounds,
                                             variance_reason=entry.variance_reason or reason), by=logs)  # fmt: skip


def _newest(row: MonthlyReturn) -> MonthlyReturn:
    return MonthlyReturn.objects.get(corrects=row, state=ReturnState.SUBMITTED)


def _judge(partnership: Partnership) -> None:
    """The project lead sets the state one step better, if the calculated one is not the best already."""
    calculated = overall_of(partnership, standing_of(partnership)).calculated
    better = {Health.RED: Health.AMBER, Health.AMBER: Health.GREEN}.get(calculated)
    if better:
        override_health(
            partnership=partnership, judged=better, by=person(personas.PROJECT_LEAD),
            reason="The vacancy is filled from Monday, and four people who waited start this week.",
        )  # fmt: skip
