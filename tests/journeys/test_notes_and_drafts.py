"""On a phone, in a corridor: a note without signal, a draft that saves itself, a return sent by keyboard alone."""

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import Page, expect

from foundation.database import clock
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole
from pilots.actions.notes import add_note
from pilots.actions.returns import save_draft
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, Note
from pilots.periods import month_of
from tests.factories.partnerships import person_as
from tests.factories.pilots import WHOLE, ReturnFactory, the_two_sides
from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.django_db(transaction=True)
MOST_FIELDS, MOST_SCREENS = 24, 4.5  # of the short form at 390 × 844, as measured: it may only get shorter
# Whether the element in focus looks different from how it looks without.
FOCUS_IS_SEEN = """() => {
  const it = document.activeElement, style = getComputedStyle(it);
  const look = () => [style.outline, style.boxShadow, style.backgroundColor, style.borderColor].join();
  const focused = look();
  it.blur();
  const plain = look();
  it.focus();
  return focused !== plain;
}"""

# A sentence that another follows within two seconds: a machine that does much else may look too late.
REMEMBERS_WHAT_WAS_SAID = """
  window.told = [];
  new MutationObserver(() => told.push(document.querySelector("[data-draft-said]")?.textContent))
    .observe(document, {subtree: true, childList: true, characterData: true});
"""


@pytest.fixture
def row():
    """Last month's return, of a pilot that reports in the short form."""
    period = add_months(month_of(clock.today()), -1)
    before = ReturnFactory(period=add_months(period, -1), accepted=True)
    return ReturnFactory(partnership=before.partnership, period=period)


@pytest.fixture
def third(row):
    return the_two_sides(row.partnership)[0]


@pytest.fixture
def phone(page: Page, signed_in, third) -> Page:
    page.set_viewport_size(WIDTHS["phone"])
    return signed_in(page, third)


def note(live_server, row, kind):
    return live_server.url + reverse("pilots:note_add", args=[row.partnership.public_id, kind])


def fill_in(live_server, row):
    return live_server.url + reverse("pilots:return_fill_in", args=[row.partnership.public_id, row.period])


def test_a_note_typed_without_signal_is_kept_and_sent_once_when_it_is_back(phone, live_server, row, third, axe):
    phone.goto(note(live_server, row, "quote"))
    phone.context.set_offline(True)
    for words in ("Sundays are long.", "Thursday is the day I get dressed for."):
        phone.get_by_label("What they said").fill(words)
        phone.get_by_role("button", name="Keep the note").click()
        expect(phone.locator("[data-said]")).to_contain_text("No signal. The note is kept in this browser")
        expect(phone.locator("[data-kept]")).to_contain_text(words)
        expect(phone.get_by_label("What they said")).to_have_value("")
    axe(phone)
    assert not Note.objects.exists()
    phone.context.set_offline(False)
    expect(phone.locator("[data-said]")).to_contain_text("2 notes kept in this browser have been sent.")
    expect(phone.locator("[data-kept] li")).to_have_count(0)
    phone.goto(live_server.url + reverse("pilots:notes", args=[row.partnership.public_id]))
    phone.wait_for_timeout(500)
    assert sorted(Note.objects.values_list("text", flat=True)) == [
        "Sundays are long.", "Thursday is the day I get dressed for."
    ]  # fmt: skip
    assert set(Note.objects.values_list("noted_by", "noted_on")) == {(third.pk, clock.today())}


def test_a_number_that_will_not_count_says_so_where_it_was_typed_and_in_the_list(phone, live_server, row, axe):
    sent = MonthlyReturn.objects.get(period=add_months(row.period, -1))
    phone.goto(note(live_server, row, "number"))
    phone.get_by_label("What you counted").select_option("New starts")
    phone.get_by_label("Number", exact=True).fill("2")
    phone.get_by_label("Month it belongs to").select_option(sent.period.isoformat())
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-said]")).to_contain_text(
        f"Its number is not counted: the return for {sent.month} is sent"
    )
    phone.goto(live_server.url + reverse("pilots:notes", args=[row.partnership.public_id]))
    axe(phone)
    with phone.expect_navigation():
        phone.get_by_role("link", name="correct that return").click()
    expect(phone.get_by_role("button", name="Begin the correction")).to_be_visible()


def test_a_figure_that_is_typed_asks_whether_the_note_is_in_it(phone, live_server, row, third, axe):
    save_draft(monthly_return=row, entry=Entry(new_starts=3), by=third)
    add_note(partnership=row.partnership, kind="number", number=Decimal(2), goes_to="new_starts", period=row.period,
             by=third)  # fmt: skip
    phone.goto(fill_in(live_server, row))
    axe(phone)
    phone.get_by_text("Not counted yet: add it").click()
    with phone.expect_navigation():
        phone.get_by_role("button", name="Bring the notes in").click()
    expect(phone.get_by_label("New starts")).to_have_value("5")


def test_a_note_whose_answer_was_lost_is_sent_again_and_kept_once(phone, live_server, row):
    phone.goto(note(live_server, row, "lesson"))
    lost = []

    def lose_the_answer(route) -> None:
        if not lost and route.request.method == "POST":
            lost.append(route.fetch().status)  # it arrives, and nobody hears of it
            route.abort()
        else:
            route.continue_()

    phone.route("**/notes/add/**", lose_the_answer)
    phone.get_by_label("What was learned").fill("Ring first.")
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-said]")).to_contain_text("No signal.")
    assert Note.objects.count() == 1
    phone.goto(live_server.url + reverse("home"))  # the next visit
    expect(phone.locator("[data-said]")).to_contain_text("1 note kept in this browser has been sent.")
    assert Note.objects.count() == 1


def test_the_tab_of_this_page_is_seen_on_a_phone_and_hides_no_tab_in_focus(phone, live_server, row):
    phone.goto(live_server.url + reverse("pilots:notes", args=[row.partnership.public_id]))
    here = phone.locator(".psp_tabs [aria-current]")
    expect(here).to_have_text("Pilot")
    expect(here).to_be_in_viewport(ratio=1)
    for tab in phone.locator(".psp_tabs a").all():
        tab.focus()
        expect(here).to_be_in_viewport(ratio=1)
        left, right = (
            tab.evaluate("e => e.getBoundingClientRect().x"), tab.evaluate("e => e.getBoundingClientRect().right")
        )  # fmt: skip
        middle = phone.evaluate("([x, y]) => document.elementFromPoint(x, y)?.textContent", [
            (left + right) / 2, tab.evaluate("e => e.getBoundingClientRect().y") + 5
        ])  # fmt: skip
        assert middle.strip() == tab.inner_text().strip()


def test_a_browser_that_cannot_forget_a_sent_note_tries_again_and_it_is_kept_once(phone, live_server, row):
    phone.goto(note(live_server, row, "quote"))
    phone.context.set_offline(True)
    phone.get_by_label("What they said").fill("Sundays are long.")
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-kept] li")).to_have_count(1)
    phone.evaluate("""() => {
      window.set = Storage.prototype.setItem;
      Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError"); };
    }""")
    phone.context.set_offline(False)
    expect(phone.locator("[data-said]")).to_contain_text("can no longer change what it keeps")
    expect(phone.locator("[data-kept] li")).to_have_count(1)
    phone.evaluate("() => { Storage.prototype.setItem = window.set; window.dispatchEvent(new Event('online')); }")
    expect(phone.locator("[data-kept] li")).to_have_count(0)
    assert Note.objects.count() == 1


def test_a_note_the_portal_refuses_is_answered_beside_its_field_or_kept_with_the_reason(phone, live_server, row):
    phone.goto(note(live_server, row, "quote"))
    phone.get_by_label("What they said").fill("Ring 01592 123456")
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-error-summary]")).to_contain_text("telephone number")
    expect(phone.get_by_label("What they said")).to_have_value("Ring 01592 123456")
    phone.context.set_offline(True)
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-kept]")).to_contain_text("not sent yet")
    phone.context.set_offline(False)
    expect(phone.locator("[data-kept]")).to_contain_text("Not kept by the portal: What they said: This looks like")
    phone.get_by_role("button", name="Delete it from this browser").click()
    expect(phone.locator("[data-kept] li")).to_have_count(0)
    assert not Note.objects.exists()


def test_another_person_at_the_browser_neither_sees_nor_sends_it(phone, live_server, row, third, signed_in):
    other = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    phone.goto(note(live_server, row, "quote"))
    phone.context.set_offline(True)
    phone.get_by_label("What they said").fill("Sundays are long.")
    phone.get_by_role("button", name="Keep the note").click()
    expect(phone.locator("[data-kept] li")).to_have_count(1)
    phone.context.clear_cookies()
    signed_in(phone, other)
    phone.context.set_offline(False)
    expect(phone.locator("[data-said]")).to_contain_text("You are no longer signed in here.")
    phone.goto(note(live_server, row, "quote"))
    expect(phone.get_by_role("banner")).to_contain_text(str(other))
    expect(phone.locator("[data-kept] li")).to_have_count(0)
    assert not Note.objects.exists()
    phone.context.clear_cookies()
    signed_in(phone, third).goto(live_server.url + reverse("home"))
    expect(phone.locator("[data-said]")).to_contain_text("1 note kept in this browser has been sent.")
    assert Note.objects.get().noted_by == third


def test_the_draft_saves_itself_and_the_ordinary_button_is_not_told_it_is_stale(phone, live_server, row, axe):
    phone.goto(fill_in(live_server, row))
    phone.get_by_label("Referrals in").fill("12")
    said = phone.locator("[data-draft-said]")
    expect(said).to_contain_text("Saved ")
    axe(phone)
    with phone.expect_response(lambda answer: answer.request.method == "POST"):
        phone.get_by_label("New starts").fill("8")
    row.refresh_from_db()
    assert (row.referrals, row.new_starts, row.state) == (12, 8, ReturnState.DRAFT)
    phone.get_by_label("Planned exits", exact=True).fill("4")
    phone.get_by_role("button", name="Save draft").click()
    expect(phone.get_by_text("Your draft of the return for")).to_be_visible()
    row.refresh_from_db()
    assert row.planned_exits == 4


def test_somebody_elses_newer_draft_stops_it_and_nothing_typed_is_lost(phone, live_server, row):
    phone.goto(fill_in(live_server, row))
    other = person_as(PartnershipRole.PROJECT_LEAD, row.partnership)
    save_draft(monthly_return=row, entry=Entry(referrals=40), by=other)
    phone.get_by_label("Referrals in").fill("12")
    expect(phone.locator("[data-draft-said]")).to_contain_text(
        f"Somebody else changed this while you were looking at it: {other}"
    )
    expect(phone.get_by_label("Referrals in")).to_have_value("12")
    row.refresh_from_db()
    assert row.referrals == 40


def test_signed_out_while_typing_the_draft_and_the_rest_are_there_after_signing_in(
    phone, live_server, row, third, signed_in
):
    phone.goto(fill_in(live_server, row))
    said = phone.locator("[data-draft-said]")
    phone.get_by_label("Referrals in").fill("12")
    expect(said).to_contain_text("Saved ")
    Session.objects.all().delete()
    phone.get_by_label("New starts").fill("8")
    expect(said).to_contain_text("You are signed out.")
    phone.get_by_label("What else changed").fill("A second evening.")
    said.get_by_role("link", name="Sign in again").click()
    expect(phone.get_by_role("heading", name="Sign in")).to_be_visible()
    signed_in(phone, third)
    phone.add_init_script(REMEMBERS_WHAT_WAS_SAID)
    phone.goto(fill_in(live_server, row))
    expect(phone.get_by_label("Referrals in")).to_have_value("12")
    expect(phone.get_by_label("New starts")).to_have_value("8")
    expect(phone.get_by_label("What else changed")).to_have_value("A second evening.")
    expect(said).to_contain_text("Saved ")
    assert "What you typed before is put back." in phone.evaluate("told.join()")
    row.refresh_from_db()
    assert (row.referrals, row.new_starts, row.what_changed) == (12, 8, "A second evening.")


def typed_from_the_keyboard(page: Page, values: dict[str, str]) -> list[str]:
    """Tab from field to field of the form, typing where there is something to type; the names met on the way."""
    met = []
    for _ in range(80):
        page.keyboard.press("Tab")
        name = page.evaluate("document.activeElement?.name ?? ''")
        if not page.evaluate("!!document.activeElement?.closest('#fill-in')"):
            continue
        assert page.evaluate(FOCUS_IS_SEEN), name
        met.append(name or page.evaluate("document.activeElement.textContent.trim()"))
        if met[-1] == "Submit":
            return met
        if name in values:
            page.keyboard.press("Control+a")
            page.keyboard.type(values[name])
    raise AssertionError(f"Submit was not reached: {met}")


def test_s95_the_short_form_is_filled_and_submitted_with_the_keyboard_alone(phone, live_server, row, third, axe):
    """Measured on the way: how many fields a phone shows, and how many screens high they stand."""
    add_note(partnership=row.partnership, kind="quote", text="Sundays are long.", period=row.period, by=third)
    phone.goto(fill_in(live_server, row))
    axe(phone)
    fields = phone.locator("#fill-in :is(input, textarea, select):visible").count()
    height = phone.evaluate("document.querySelector('#fill-in').getBoundingClientRect().height")
    assert fields <= MOST_FIELDS
    assert height <= MOST_SCREENS * WIDTHS["phone"]["height"]
    if folder := os.environ.get("SCREENSHOTS"):
        phone.screenshot(path=Path(folder) / "short_form_phone.png", full_page=True)
    values = {name: str(value) for name, value in WHOLE.items()} | {"active_at_start": "33", "active_at_end": "36"}
    met = typed_from_the_keyboard(phone, values)
    assert values.keys() <= set(met)
    phone.keyboard.press("Enter")
    expect(phone.get_by_text("is submitted. The public sector lead checks it")).to_be_visible()
    axe(phone)
    row.refresh_from_db()
    assert (row.state, row.active_at_end, row.submitted_by) == (ReturnState.SUBMITTED, 36, third)
    assert row.period < date.today().replace(day=1)
