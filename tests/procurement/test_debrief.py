"""Debriefs: who records a request and its answer, the day the law gives, the officer's deadline, the pages."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import deadlines
from partnerships.roles import PartnershipRole
from procurement.actions.debrief import answer_debrief, record_debrief
from procurement.models import Debrief
from tests.factories.procurement import worked_example
from tests.reading import text

pytestmark = pytest.mark.django_db

ASKED, TODAY = date(2026, 11, 16), datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def sent():
    """The worked example with its letters sent on 9 November 2026: the story and a losing bidder's letter."""
    story, bids = worked_example()
    award = story.award(bids["C"])
    story.send_letters(award, datetime(2026, 11, 9, 12, tzinfo=UTC))
    letter = award.letters.select_related("bid__bidder__organisation").exclude(bid=bids["C"]).first()
    with clock.at(TODAY):
        yield story, letter


def recorded(sent, asked_on=ASKED):
    story, letter = sent
    return record_debrief(letter=letter, asked_on=asked_on, by=story.officer)


def due():
    return [d for d in deadlines.due_by(date(2027, 2, 1)) if d.kind == "procurement.debriefs"]


class TestAsked:
    def test_fifteen_days_from_the_request_are_stored_and_are_the_officers_deadline(self, sent):
        story, letter = sent
        assert recorded(sent).due_on == date(2026, 12, 1)  # Monday 30 November is St Andrew's Day
        (found,) = due()
        assert (found.owner, found.due_on, found.legal) == (story.officer, date(2026, 12, 1), True)
        assert found.leads == (PartnershipRole.PUBLIC_LEAD,)
        assert found.title.startswith(f"Debrief {letter.bid.organisation}: ")

    def test_its_event(self, sent):
        recorded(sent)
        event = AuditEvent.objects.get(action="debrief.record")
        assert event.summary.endswith("on 16 November 2026; the answer is due by 1 December 2026")

    def test_refused_while_one_waits(self, sent):
        recorded(sent)
        with pytest.raises(NotNow, match="waits for its answer until 1 December 2026"):
            recorded(sent)
        assert Debrief.objects.count() == 1

    def test_refused_before_the_letter_went(self, sent):
        _, letter = sent
        letter.sent_on = letter.sent_at = letter.sent_by = None
        letter.save()
        with pytest.raises(NotNow, match="has not gone yet"):
            recorded(sent)

    def test_refused_to_others_and_nothing_half_done(self, sent):
        story, letter = sent
        with pytest.raises(NotPermitted):
            record_debrief(letter=letter, asked_on=ASKED, by=story.sponsor)
        assert not Debrief.objects.exists()
        assert AuditEvent.objects.get(action="debrief.record").outcome == Outcome.REFUSED

    @pytest.mark.parametrize("asked_on", [date(2026, 11, 8), date(2026, 11, 21)])
    def test_a_day_before_the_letter_or_ahead_is_told_beside_the_field(self, sent, asked_on):
        with pytest.raises(ValidationError) as told:
            recorded(sent, asked_on)
        assert list(told.value.message_dict) == ["asked_on"]


class TestAnswered:
    def answered(self, sent, debrief, **values):
        values = {
            "answered_on": date(2026, 11, 19),
            "answer": "Strong on safeguarding.",
            "by": sent[0].officer,
        } | values
        return answer_debrief(debrief=debrief, **values)

    def test_it_ends_the_deadline_and_tells_the_history(self, sent):
        debrief = recorded(sent)
        assert self.answered(sent, debrief).answered_by == sent[0].officer
        assert due() == []
        assert AuditEvent.objects.get(action="debrief.answer").after == {"answer": "Strong on safeguarding."}
        recorded(sent, date(2026, 11, 20))  # asking again is allowed

    def test_refused_a_second_time(self, sent):
        debrief = recorded(sent)
        self.answered(sent, debrief)
        with pytest.raises(NotNow, match="answered on 19 November 2026"):
            self.answered(sent, debrief)

    def test_refused_to_others_and_nothing_half_done(self, sent):
        debrief = recorded(sent)
        with pytest.raises(NotPermitted):
            self.answered(sent, debrief, by=sent[0].sponsor)
        debrief.refresh_from_db()
        assert debrief.answered_on is None

    @pytest.mark.parametrize(
        ("values", "field"),
        [({"answered_on": date(2026, 11, 15)}, "answered_on"), ({"answered_on": date(2026, 11, 21)}, "answered_on"),
         ({"answer": " "}, "answer")],
    )  # fmt: skip
    def test_what_is_wrong_is_told_beside_the_field(self, sent, values, field):
        with pytest.raises(ValidationError) as told:
            self.answered(sent, recorded(sent), **values)
        assert list(told.value.message_dict) == [field]


def test_the_officer_records_both_from_the_page_of_the_award(sent, client):
    story, letter = sent
    client.force_login(story.officer)
    tender = story.tender.public_id
    page = client.post(
        reverse("procurement:debrief_asked", args=[tender, letter.public_id]), {"asked_on": "16/11/2026"}, follow=True
    )
    assert "The answer is due by <strong>Tuesday 1 December 2026</strong>" in text(page)
    address = reverse("procurement:debrief_answered", args=[tender, Debrief.objects.get().public_id])
    page = client.post(address, {"answered_on": "19/11/2026", "answer": "Strong on safeguarding."}, follow=True)
    assert "Told on 19 Nov 2026: Strong on safeguarding." in text(page)
    client.force_login(story.sponsor)
    assert client.get(address).status_code == 403
    assert "Record a request" not in text(client.get(reverse("procurement:award", args=[tender])))
