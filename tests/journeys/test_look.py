"""The frame, the components and the forms in a real browser: reachable, readable, and right without a mouse."""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from foundation.policy.table import TABLE
from tests.factories.accounts import PersonFactory
from tests.journeys import gallery

pytestmark = pytest.mark.django_db(transaction=True)
SCREENSHOTS = os.environ.get("SCREENSHOTS", "")


@pytest.fixture(autouse=True)
def _gallery(settings, monkeypatch):
    settings.ROOT_URLCONF = "tests.journeys.gallery"
    for name, rule in gallery.RULES.items():
        monkeypatch.setitem(TABLE, name, rule)


def keep(page: Page, name: str) -> None:
    """Save a picture for a human eye when SCREENSHOTS names a folder."""
    if SCREENSHOTS:
        page.screenshot(path=Path(SCREENSHOTS) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("path", ["", "filters/", "formset/table/", "formset/stacked/"])
def test_pages_have_no_accessibility_violation(page, live_server, width, axe, path):
    page.goto(f"{live_server.url}/gallery/{path}")
    keep(page, f"{path.strip('/').replace('/', '_').replace('?', '_') or 'components'}_{width}")
    axe(page)


@pytest.mark.parametrize("path", ["form/", "formset/table/", "formset/stacked/"])
def test_forms_with_errors_have_no_accessibility_violation(page, live_server, width, axe, path):
    page.goto(f"{live_server.url}/gallery/{path}")
    axe(page)
    keep(page, f"{path.strip('/').replace('/', '_')}_empty_{width}")
    if page.locator("textarea").count():
        page.get_by_label("Start date").fill("32/13/2027")
        page.get_by_label("Amount (£)").fill("lots")
        page.get_by_label("E-mail address").fill("me@")
    else:
        page.get_by_role("textbox").first.fill("Rent")
    page.locator("form button[type=submit].ds_button").first.click()
    expect(page.locator("[data-error-summary]")).to_be_focused()
    expect(page).to_have_title(re.compile("^Error: "))
    axe(page)
    keep(page, f"{path.strip('/').replace('/', '_')}_errors_{width}")


def test_a_link_in_the_error_summary_leads_to_its_field(page, live_server):
    page.goto(f"{live_server.url}/gallery/form/")
    page.get_by_role("button", name="Save the partnership").click()
    for link, field in (("Enter the title", "#id_title"), ("Choose an answer to “Who leads", "#id_lead_0")):
        page.get_by_role("link", name=link).click()
        expect(page.locator(field)).to_be_focused()


def test_the_signed_in_person_sees_their_name_their_organisation_and_the_skip_link(
    page, live_server, width, axe, signed_in
):
    person = PersonFactory(name="Morag Sample", organisation__name="Example Care")
    signed_in(page, person).goto(f"{live_server.url}/gallery/")
    expect(page.get_by_role("banner")).to_contain_text("Morag Sample")
    expect(page.get_by_role("banner")).to_contain_text("Example Care")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    keep(page, f"signed_in_{width}")
    axe(page)


def test_the_page_fits_a_screen_of_320_pixels(page, live_server, axe, signed_in):
    page.set_viewport_size({"width": 320, "height": 800})
    signed_in(page, PersonFactory())
    for path in ("", "form/", "filters/", "formset/table/"):
        page.goto(f"{live_server.url}/gallery/{path}")
        keep(page, f"narrow_{path.strip('/').replace('/', '_') or 'components'}")
        axe(page)


def test_a_job_is_asked_about_until_it_is_ready_and_then_left_alone(page, live_server):
    first = page.goto(f"{live_server.url}/gallery/job/")
    assert "Waiting for its turn." in first.text()
    expect(page.get_by_role("link", name="Download Agreement")).to_be_visible()
    expect(page.locator("[data-announcements]")).to_have_text("Agreement: ready")
    expect(page.locator("[data-poll]")).to_have_count(0)
    asked = gallery.job_part.seen
    page.wait_for_timeout(2500)
    assert gallery.job_part.seen == asked


def test_an_impatient_second_click_sends_nothing(page, live_server):
    gallery.slow.sent = 0
    gallery.slow.answers.clear()
    page.goto(f"{live_server.url}/gallery/slow/")
    save = page.get_by_role("button", name="Save")
    save.scroll_into_view_if_needed()
    box = save.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    with page.expect_response("**/gallery/slow/"):
        page.mouse.click(*middle)  # a locator's click would wait for the answer
        page.wait_for_timeout(300)
        page.mouse.click(*middle)
        page.wait_for_timeout(300)
        gallery.slow.answers.set()
    page.wait_for_timeout(500)
    assert gallery.slow.sent == 1


def test_the_pages_break_no_rule_of_the_content_security_policy(page, live_server):
    said = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("requestfailed", lambda request: said.append(request.url))
    for path in ("", "form/", "filters/", "job/"):
        page.goto(f"{live_server.url}/gallery/{path}", wait_until="networkidle" if path != "job/" else "load")
    assert said == []
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px Roboto'))")


@pytest.mark.browser
def test_everything_is_there_without_scripts(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/gallery/form/")
    page.get_by_role("button", name="Save the partnership").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_text("Up to 3,000 characters")).to_be_visible()
    page.goto(f"{live_server.url}/gallery/job/")
    expect(page.get_by_role("link", name="Check again")).to_be_visible()
    context.close()


def test_an_unknown_address_is_answered_in_plain_words_with_a_reference(page, live_server, width, axe):
    page.goto(f"{live_server.url}/nowhere/")
    expect(page.get_by_role("heading", name="Page not found")).to_be_visible()
    expect(page.locator(".psp_reference")).to_have_text(re.compile("^[0-9a-f]{16}$"))
    keep(page, f"not_found_{width}")
    axe(page)
