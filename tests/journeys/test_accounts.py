"""Coming in, the register and the home page in a real browser: the way a person goes, on a phone and at a desk."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.core.cache import cache
from playwright.sync_api import Page, expect

from accounts.actions.invitation import invite
from accounts.models.invitation import token_for
from foundation.database import clock
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import MemberFactory, MilestoneFactory

pytestmark = pytest.mark.django_db(transaction=True)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")
GOOD = "three unrelated words walk"


@pytest.fixture(autouse=True)
def _fresh_limits():
    cache.clear()


def keep(page: Page, name: str) -> None:
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


def test_from_the_invitation_to_the_home_page_out_and_in_again(page, live_server, width, axe):
    host = PersonFactory(commissioner=True, name="Ishbel Grant")
    person = invite(
        email="calum@example.org", name="Calum Reid", organisation=OrganisationFactory(), message="Welcome!", by=host
    )
    page.goto(f"{live_server.url}/invitation/{token_for(person.invitations.get().public_id)}/")
    axe(page)
    keep(page, f"invitation_{width}")
    page.get_by_label("New password", exact=True).fill("short")
    page.get_by_label("New password again").fill("other")
    with page.expect_navigation():
        page.get_by_role("button", name="Save the password and sign in").click()
    axe(page)
    keep(page, f"invitation_errors_{width}")
    page.get_by_label("New password", exact=True).fill(GOOD)
    page.get_by_label("New password again").fill(GOOD)
    page.get_by_role("button", name="Save the password and sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Calum Reid")
    axe(page)
    keep(page, f"home_empty_{width}")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("link", name="Sign in").first).to_be_visible()
    axe(page)
    keep(page, f"home_visitor_{width}")
    page.goto(f"{live_server.url}/people/")
    page.get_by_label("E-mail address").fill("calum@example.org")
    page.get_by_label("Password").fill("not the right one")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("The e-mail address or the password is not right").first).to_be_visible()
    axe(page)
    keep(page, f"sign_in_error_{width}")
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("People")


def test_the_pages_of_the_register_read_well(page, live_server, width, axe, signed_in):
    administrator = PersonFactory(administrator=True)
    person = PersonFactory(name="Ewan Closed", is_active=False)
    waiting = invite(email="w@example.org", name="Wilma Waiting", organisation=person.organisation, by=administrator)
    signed_in(page, administrator)
    for name, path in {
        "organisations": "/organisations/", "organisation": person.organisation.get_absolute_url(),
        "organisation_add": "/organisations/add/", "people": "/people/", "closed": person.get_absolute_url(),
        "waiting": waiting.get_absolute_url(), "role": waiting.get_absolute_url() + "role/",
        "close": administrator.get_absolute_url() + "close/", "invite": "/people/invite/",
        "permissions": "/permissions/", "password": "/password/change/", "forgotten": "/password/forgotten/",
    }.items():  # fmt: skip
        page.goto(live_server.url + path)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        keep(page, f"{name}_{width}")
        axe(page)


def test_a_double_is_seen_and_reached_from_the_form(page, live_server, axe, signed_in):
    OrganisationFactory(name="Kelp Shore Carers", charity_number="SC012345")
    signed_in(page, PersonFactory(administrator=True))
    page.goto(f"{live_server.url}/organisations/add/")
    page.get_by_label("Name").fill("Kelp Shore Carers Ltd")
    page.get_by_label("What it is").select_option("charity")
    page.get_by_role("button", name="Add to the register").click()
    expect(page.get_by_label("This is a different organisation")).to_be_visible()
    axe(page)
    keep(page, "double")
    page.get_by_role("link", name="Look at Kelp Shore Carers").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Kelp Shore Carers")


def test_what_waits_is_read_first(page, live_server, width, axe, signed_in):
    milestone = MilestoneFactory(due_on=clock.today() - timedelta(days=400), title="Agree the outcomes")
    member = MemberFactory(partnership=milestone.partnership, role=PartnershipRole.PROJECT_LEAD)
    milestone.owner = member.person
    milestone.save()
    signed_in(page, member.person)
    page.goto(live_server.url)
    expect(page.get_by_role("link", name="Complete “Agree the outcomes”")).to_be_visible()
    expect(page.get_by_text("Late:").first).to_be_visible()
    keep(page, f"home_{width}")
    axe(page)


def test_the_whole_way_in_works_without_scripts(browser, live_server):
    person = PersonFactory(email="morag@example.org", name="Morag Sinclair")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/sign-in/")
    page.get_by_label("E-mail address").fill(person.email)
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Welcome, Morag Sinclair")
    assert configured.SESSION_COOKIE_NAME in {cookie["name"] for cookie in context.cookies()}
    context.close()
