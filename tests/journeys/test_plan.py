"""What the tour cannot open by an address: the preview of a move, and the plan it leaves behind."""

from datetime import date

import pytest
from django.urls import reverse

from partnerships.actions.dependency import wait_for
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_move_is_previewed_and_ticked_without_a_mouse_or_a_script(page, live_server, width, axe, signed_in):
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    survey = MilestoneFactory(partnership=partnership, title="Survey", due_on=date(2087, 10, 1))
    report = MilestoneFactory(partnership=partnership, title="Report", due_on=date(2087, 10, 11))
    MilestoneFactory(partnership=partnership, block=Block.CONTRACT, ends_block=True, due_on=date(2089, 10, 1))
    wait_for(milestone=report, others=[survey], by=lead)
    signed_in(page, lead)
    page.goto(live_server.url + reverse("partnerships:milestone_move", args=[partnership.public_id, survey.public_id]))
    page.get_by_label("New date").fill("31/10/2087")
    page.get_by_label("Reason").fill("Few answers")
    page.get_by_role("button", name="Move the milestone").press("Enter")
    page.get_by_text("Nothing has been moved yet").wait_for()
    axe(page)
    assert page.get_by_label("“Report”: from 11 October 2087 to 10 November 2087").is_checked()
    page.get_by_label("“Report”").press("Space")
    page.get_by_role("button", name="Move the milestone and those ticked").press("Enter")
    page.get_by_text("The milestone is moved").wait_for()
    axe(page)
    page.goto(live_server.url + reverse("partnerships:plan", args=[partnership.public_id]))
    page.get_by_text("20 days too early for what it waits for").wait_for()
    axe(page)
