"""What leads out of the portal, in a browser: a calendar's address shown once, a webhook from its form to its log."""

import pytest
from django.core.cache import cache
from django.urls import reverse
from playwright.sync_api import expect

from foundation.webhooks.queue import drain
from partnerships.actions.pause import pause
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as
from tests.foundation.receiver import receiving

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def lead(settings, live_server):
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.WEBHOOKS, settings.WEBHOOK_HOSTS, settings.WEBHOOKS_ON_LOOPBACK = True, ["localhost"], True
    partnership = PartnershipFactory(title="Good company: befriending in Fife")
    MilestoneFactory(partnership=partnership, title="Evaluation report")
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership)


def test_a_lead_subscribes_and_tells_the_teams_chat(page, width, signed_in, axe, lead, live_server):
    partnership = lead.memberships.get().partnership
    signed_in(page, lead).goto(f"{live_server.url}{reverse('partnerships:plan', args=[partnership.public_id])}")
    page.get_by_role("link", name="See these dates in your own calendar").click()
    page.get_by_role("button", name="Make an address").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("The address of your calendar")
    axe(page)
    address = page.locator("code").inner_text()
    stranger = page.context.browser.new_context()
    answer = stranger.request.get(address)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "Evaluation report" in answer.text()
    stranger.close()
    with receiving() as receiver:
        page.goto(f"{live_server.url}{reverse('partnerships:history', args=[partnership.public_id])}")
        page.get_by_role("link", name="Tell another system").click()
        page.get_by_role("link", name="Add a webhook").click()
        page.get_by_label("Name").fill("Team chat")
        page.get_by_label("Address").fill(receiver.address)
        with page.expect_navigation():
            page.get_by_role("button", name="Add the webhook").click()
        axe(page)
        pause(partnership=partnership, reason="Staff", by=lead)
        receiver.answers = [404, 200]
        drain()
        page.get_by_role("link", name="Back to the webhooks").click()
        expect(page.get_by_text("The receiver answered 404.")).to_be_visible()
        page.get_by_role("link", name="Send again").click()
        with page.expect_navigation():
            page.get_by_role("button", name="Send it again").click()
        drain()
        page.reload()
        expect(page.get_by_role("cell", name="Accepted")).to_be_visible()
        axe(page)
        assert len(receiver.got) == 2
