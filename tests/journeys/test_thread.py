"""The whole thread in a real browser: a partnership from its first form to standstill, in the hands of its people."""

import pytest
from django.core.cache import cache

from partnerships.lifecycle import Gate
from psp_portal.demo.people import bring_in_everybody
from psp_portal.demo.personas import BIDDER, COMMISSIONER, MANAGER, OFFICER, SPONSOR
from tests.journeys import steps_award as award
from tests.journeys import steps_design as design
from tests.journeys import steps_lessons as lessons
from tests.journeys import steps_pilot as pilot
from tests.journeys import steps_tender as tender
from tests.journeys.calendar import Calendar
from tests.journeys.steps_walking import Walk

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def walk(page, live_server, signed_in, axe, settings):
    cache.clear()
    settings.SITE_URL = live_server.url
    settings.SESSION_COOKIE_AGE = 50 * 366 * 24 * 3600  # browser and session store keep to the real clock, not to ours
    with Calendar().on_the_wall() as calendar:
        calendar.turn_to(2026, 4, 1)
        bring_in_everybody()
        yield Walk(page, live_server.url, calendar, signed_in, axe)


def test_five_personas_walk_the_whole_thread(walk):
    they_design_a_service(walk)
    they_try_it_out(walk)
    the_buyer_prepares_a_fair_competition(walk)
    bidders_ask_and_bid(walk)
    the_panel_judges_and_standstill_holds(walk)
    what_was_learned_becomes_a_report(walk)
    assert walk.axe_checks >= 15


def they_design_a_service(walk):
    design.the_commissioner_signs_in(walk)
    design.starts_a_partnership(walk)
    design.adds_partners_and_people(walk)
    design.a_newcomer_accepts_the_invitation(walk)
    design.the_need_is_written_down(walk)
    design.pass_the_gate(walk, Gate.G0, SPONSOR, OFFICER, "Nobody can do it alone.")
    design.the_gate_refuses_in_words(walk)
    design.a_milestone_moves_with_a_reason(walk)
    design.the_papers_are_written(walk)
    design.an_indicator_gets_its_baseline(walk)
    design.people_who_use_services_are_heard(walk)
    design.all_partners_sign(walk)
    walk.calendar.turn_to(2026, 10, 1)
    design.a_reminder_leads_to_the_milestone(walk)
    design.the_administrator_reads_why_it_was_sent(walk)
    design.pass_the_gate(walk, Gate.G1, COMMISSIONER, MANAGER, "The design is agreed, wanted and funded for the pilot.")
    walk.reads("Decided 1 Oct 2026")


def they_try_it_out(walk):
    walk.calendar.turn_to(2026, 11, 3)
    pilot.the_manager_begins_a_return(walk)
    walk.calendar.turn_to(2026, 11, 5)
    pilot.and_submits_it_another_day(walk)
    pilot.a_second_person_accepts_it(walk)
    walk.calendar.turn_to(2026, 12, 1)
    pilot.the_evaluation_is_written_and_signed_off(walk)
    pilot.the_manager_adds_a_lesson(walk)
    design.pass_the_gate(walk, Gate.G3, MANAGER, COMMISSIONER, "It worked well enough to buy.")


def the_buyer_prepares_a_fair_competition(walk):
    walk.calendar.turn_to(2027, 1, 11)
    tender.the_officer_prepares_the_tender(walk)
    tender.weights_must_make_a_hundred(walk)
    tender.papers_are_reviewed(walk)
    design.pass_the_gate(walk, Gate.G4, SPONSOR, OFFICER, "The papers are reviewed and the criteria fair.")
    tender.the_notice_goes_out(walk)


def bidders_ask_and_bid(walk):
    walk.calendar.turn_to(2027, 1, 25)
    tender.a_bidder_asks(walk, BIDDER, f"{BIDDER.organisation} asks: are the venues part of the contract?")
    tender.a_bidder_asks(walk, MANAGER, "Who pays for mileage?")
    tender.the_officer_answers_to_all(walk, "No. The board lends them to whoever wins.", "The contractor does.")
    walk.calendar.turn_to(2027, 2, 22)
    for bidder in (MANAGER, BIDDER):
        tender.a_bidder_bids(walk, bidder)
    tender.the_buyer_can_read_nothing(walk)


def the_panel_judges_and_standstill_holds(walk):
    walk.calendar.turn_to(2027, 3, 2)  # the day after the deadline
    award.two_people_open_the_bids(walk)
    award.the_officer_names_the_panel(walk)
    award.each_member_declares_and_scores(walk)
    walk.calendar.turn_to(2027, 3, 8)
    award.the_panel_agrees(walk)
    award.prices_appear_once_scores_are_locked(walk)
    design.pass_the_gate(walk, Gate.G5, SPONSOR, OFFICER, "Scored and agreed as published.")
    award.the_award_is_decided(walk)
    award.letters_go_and_standstill_holds(walk)
    award.a_bidder_reads_the_result(walk)


def what_was_learned_becomes_a_report(walk):
    walk.calendar.turn_to(2027, 3, 10)
    lessons.the_publisher_publishes_it(walk)
    lessons.and_makes_a_report_by_a_filter(walk)
    lessons.the_page_follows_the_press_to_the_pdf(walk)
