"""Somebody who had to stand aside, and somebody who has an interest and decides nothing."""

from datetime import date, timedelta

from partnerships.actions.interest import declare_interest, end_interest
from partnerships.actions.partner import add_member
from partnerships.models import Interest, Partnership
from partnerships.roles import PartnershipRole
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import organisation, person
from psp_portal.demo.plots import BEFRIENDING, WELLBEING, Plot


def declare(partnership: Partnership, plot: Plot, *, on: date) -> None:
    """Before the first gate: a second public lead, married to the charity's bookkeeper; the project lead's sister."""
    if plot == WELLBEING:
        _stand_aside(partnership, on)
    if plot == BEFRIENDING:
        with midday(on, 11):
            declare_interest(
                partnership=partnership, nature="My sister volunteers as a befriender", since=on,
                organisation=plot.lead, by=person(personas.PROJECT_LEAD),
            )  # fmt: skip


def end(partnership: Partnership, *, on: date) -> None:
    """The bookkeeper has changed his job: the interest is over, and the register keeps it."""
    for interest in Interest.objects.filter(partnership=partnership, person=person(personas.PUBLISHER)):
        with midday(on, 11):
            end_interest(interest=interest, ended_on=on, by=interest.person)


def _stand_aside(partnership: Partnership, on: date) -> None:
    deputy = person(personas.PUBLISHER)
    with midday(on, 10):
        add_member(
            partnership=partnership, email=deputy.email, name=deputy.name, organisation=organisation(personas.BOARD),
            role=PartnershipRole.PUBLIC_LEAD, by=person(personas.COMMISSIONER),
        )  # fmt: skip
    with midday(on, 11):
        declare_interest(
            partnership=partnership, nature="My husband is their bookkeeper", since=on - timedelta(days=400),
            organisation=personas.LEADS[-1].organisation, by=deputy,
        )  # fmt: skip
