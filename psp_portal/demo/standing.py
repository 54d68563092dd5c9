"""What the demo's partners agreed to be together, a partner and a lead that give notice, and a pause."""

from datetime import date, timedelta

from foundation.database import clock
from partnerships.actions.milestone import add_milestone
from partnerships.actions.notice import leave
from partnerships.actions.partnership import agree_together
from partnerships.actions.pause import pause
from partnerships.models import Partnership, Vehicle
from partnerships.plan import Block, add_months
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import person
from psp_portal.demo.plots import BEFRIENDING, HOUSING, RECOVERY, Plot

LEAVES = "Kingdom Wheels"
VISION = (
    "{who} are asked first and decide with us. We share what we learn, also what went wrong. No partner speaks for "
    "another: each keeps its own name, board and staff."
)


def agree(partnership: Partnership, plot: Plot, on: date) -> None:
    """The statement that the budget line for vision and values paid for."""
    vehicle = Vehicle.CONSORTIUM if plot is RECOVERY else Vehicle.LOOSE
    with midday(on):
        agree_together(
            partnership=partnership, vehicle=vehicle, vision=VISION.format(who=plot.client_group),
            vision_agreed_on=on, by=person(personas.PROJECT_LEAD),
        )  # fmt: skip


def what_changes_now() -> None:
    """Told last, so that it gets in nobody's way: two notices in the past fortnight, and a pause by the public lead."""
    today, project, public = clock.today(), person(personas.PROJECT_LEAD), person(personas.COMMISSIONER)
    befriending, housing = (Partnership.objects.get(title=plot.title) for plot in (BEFRIENDING, HOUSING))
    driver = next(person(lead) for lead in personas.LEADS if lead.organisation == LEAVES)
    with midday(today - timedelta(days=14)):
        add_milestone(
            partnership=befriending, title="Volunteer drivers for the last winter of the pilot",
            block=Block.PARTNERSHIP, due_on=add_months(today, 3), owner=driver, by=project,
        )  # fmt: skip
        partner = befriending.partners.get(organisation__name=LEAVES)
        leave(
            partner=partner, left_on=add_months(today, 2), by=public,
            reason="The charity closes its Fife garage and cannot reach the villages from Moray.",
        )  # fmt: skip
    with midday(today - timedelta(days=6)):
        lead = housing.partners.get(organisation=housing.third_sector_lead)
        leave(
            partner=lead, left_on=today + timedelta(days=40), by=public,
            reason="The trustees have decided to work with care leavers only.",
        )  # fmt: skip
        pause(
            partnership=housing, by=public,
            reason="We look for a third sector lead before the market is told anything.",
        )  # fmt: skip
