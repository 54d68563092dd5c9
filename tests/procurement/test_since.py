"""Since when the deadlines of a tender have their dates: nothing is called skipped before them."""

from datetime import UTC, date, datetime, timedelta

import pytest

from foundation.database import clock
from partnerships import deadlines
from procurement.actions.award import end_challenge, record_challenge, sign_contract
from procurement.actions.debrief import record_debrief
from procurement.actions.publication import extend_deadline
from procurement.actions.question import ask_question
from tests.factories.procurement import DEADLINE, PUBLISHED, BidderFactory, open_tender, worked_example

pytestmark = pytest.mark.django_db


def noon(month: int, day: int) -> datetime:
    return datetime(2026, month, day, 12, tzinfo=UTC)


def since(*kinds: str) -> list[date | None]:
    found = {d.kind.removeprefix("procurement."): d.since for d in deadlines.due_by(date(2027, 6, 1))}
    return [found.get(kind) for kind in kinds]


def test_questions_and_bids_since_the_notice_and_bids_and_answers_anew_since_an_extension():
    tender = open_tender().tender
    bidder = BidderFactory(tender=tender)
    with clock.at(PUBLISHED + timedelta(days=4)):
        ask_question(bidder=bidder, text="May we visit?", by=bidder.contact)
        assert since("questions", "answers", "bids") == [date(2026, 10, 1), date(2026, 10, 5), date(2026, 10, 1)]
    with clock.at(PUBLISHED + timedelta(days=9)):
        ask_question(bidder=bidder, text="On a Monday?", by=bidder.contact)
        assert since("answers") == [date(2026, 10, 5)]
        extend_deadline(
            tender=tender, deadline_at=DEADLINE + timedelta(days=7), reason="More time.", by=tender.published_by
        )
        assert since("questions", "answers", "bids") == [date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 10)]


def test_signing_since_the_last_letter_and_again_since_a_challenge_ended_then_the_notice_since_the_signature():
    story, bids = worked_example()
    award = story.award(bids["C"])
    story.send_letters(award, noon(11, 9))
    assert since("signing") == [date(2026, 11, 9)]
    with clock.at(noon(11, 16)):
        letter = award.letters.exclude(bid=bids["C"]).first()
        record_debrief(letter=letter, asked_on=date(2026, 11, 13), by=story.officer)
        challenge = record_challenge(award=award, received_on=date(2026, 11, 16), summary="Served.", by=story.officer)
        assert since("signing", "debriefs") == [None, date(2026, 11, 16)]
    with clock.at(noon(11, 24)):
        end_challenge(challenge=challenge, ended_on=date(2026, 11, 24), how="Withdrawn.", by=story.officer)
        assert since("signing") == [date(2026, 11, 24)]
        sign_contract(award=award, by=story.officer)
        assert since("signing", "award_notices") == [None, date(2026, 11, 24)]
