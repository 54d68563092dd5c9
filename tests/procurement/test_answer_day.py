"""The last day for answers: worked out from the deadline, or an earlier day the officer sets; told to every bidder."""

import runpy
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.delivery.message import text_of
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import deadlines
from procurement import timetable
from procurement.actions.bid import take_part
from procurement.actions.preparation import edit_tender
from procurement.actions.publication import extend_deadline, publish
from procurement.actions.question import answer_question, ask_question
from procurement.forms import preparation
from procurement.models import Tender
from procurement.readiness import publication_blockers
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.procurement import DEADLINE, PUBLISHED, BidderFactory, open_tender, preparing
from tests.reading import text

pytestmark = pytest.mark.django_db
PERMITTED = date(2026, 10, 30)  # six days before Thursday 5 November
EARLIER = date(2026, 10, 27)  # the deadline for questions is 20 October


@pytest.fixture(autouse=True)
def _before_every_deadline():
    with clock.at(PUBLISHED):
        yield


def set_day(story, day, by=None):
    edit_tender(tender=story.tender, answers_due_on=day, by=by or story.officer)
    return story.again()


def opened_with(day):
    story = open_tender()
    Tender.objects.filter(pk=story.tender.pk).update(answers_due_on=day)
    story.again()
    return story


def asked(story):
    with clock.at(PUBLISHED + timedelta(days=1)):
        person = PersonFactory(organisation=OrganisationFactory(name="Harbour Trust"))
        return ask_question(bidder=take_part(box=story.tender.box, by=person), text="Is travel paid?", by=person)


class TestSettingIt:
    def test_until_somebody_sets_it_it_is_worked_out_and_follows_the_deadline(self):
        story = preparing()
        assert (story.tender.answers_due_on, story.tender.last_answer_on) == (None, PERMITTED)
        edit_tender(tender=story.tender, deadline_at=DEADLINE + timedelta(days=4), by=story.officer)
        assert story.again().last_answer_on == PERMITTED + timedelta(days=4)

    @pytest.mark.parametrize("day", [EARLIER, PERMITTED])
    def test_the_officer_sets_that_day_or_an_earlier_one_and_the_history_tells_it(self, day):
        tender = set_day(preparing(), day)
        assert tender.last_answer_on == day
        event = AuditEvent.objects.get(action="tender.edit")
        assert (event.before, event.after) == ({"answers_due_on": ""}, {"answers_due_on": str(day)})
        told = f"from worked out from the deadline for bids to {day:%-d %B %Y}"
        assert event.summary == f"changed “Last day for answers” {told}"

    @pytest.mark.parametrize(
        ("day", "words"),
        [
            (
                PERMITTED + timedelta(days=1),
                "Answers must be out by 30 October 2026, 6 days before the deadline",
            ),
            (date(2026, 10, 20), "The deadline for questions is 20 October 2026: choose a later day"),
        ],
    )
    def test_a_day_the_timetable_does_not_permit_is_refused_beside_the_field_and_nothing_changes(self, day, words):
        story = preparing()
        with pytest.raises(ValidationError, match=words) as refusal:
            edit_tender(tender=story.tender, title="Other", answers_due_on=day, by=story.officer)
        assert set(refusal.value.message_dict) == {"answers_due_on"}
        assert story.again().answers_due_on is None
        assert story.tender.title != "Other"
        assert not AuditEvent.objects.filter(action="tender.edit").exists()

    def test_without_a_deadline_there_is_nothing_to_count_back_from(self):
        story = preparing(deadline_at=None)
        assert story.tender.last_answer_on is None
        with pytest.raises(ValidationError, match="Set the deadline for bids first"):
            set_day(story, EARLIER)

    def test_an_earlier_deadline_that_leaves_it_too_late_is_refused(self):
        story = preparing()
        set_day(story, PERMITTED)
        with pytest.raises(ValidationError, match="Answers must be out by 29 October 2026"):
            edit_tender(tender=story.tender, deadline_at=DEADLINE - timedelta(days=1), by=story.officer)

    def test_nobody_else_sets_it_and_nobody_once_the_notice_is_out(self):
        story = preparing()
        with pytest.raises(NotPermitted):
            set_day(story, EARLIER, by=story.sponsor)
        with pytest.raises(NotNow, match="The notice is out"):
            set_day(open_tender(), EARLIER)
        assert story.again().answers_due_on is None

    def test_a_notice_with_a_day_that_is_not_permitted_does_not_go_out(self):
        story = preparing().with_criteria().with_papers()
        for day, words in ((PERMITTED + timedelta(days=1), "Answers must be out by"), (None, "")):
            Tender.objects.filter(pk=story.tender.pk).update(answers_due_on=day)
            with clock.at(PUBLISHED):
                assert [words in one for one in publication_blockers(story.again())] == ([True] if words else [])
        with clock.at(PUBLISHED):
            publish(tender=story.tender, by=story.officer)


class TestTheForm:
    def post(self, client, story, **changes):
        page = client.get(reverse("procurement:edit", args=[story.tender.public_id]))
        form = page.context["form"]
        values = {name: form[name].value() for name in form.fields}
        shown = {name: f"{v:%d/%m/%Y %H:%M}" if hasattr(v, "hour") else f"{v:%d/%m/%Y}" if hasattr(v, "year") else v
                 for name, v in values.items() if v is not None}  # fmt: skip
        shown["question_deadline_at"], shown["deadline_at"] = "20/10/2026 12:00", "5/11/2026 12:00"
        return client.post(reverse("procurement:edit", args=[story.tender.public_id]), shown | changes)

    def test_it_shows_the_day_worked_out_which_left_alone_stays_worked_out(self, client):
        story = preparing()
        client.force_login(story.officer)
        page = client.get(reverse("procurement:edit", args=[story.tender.public_id]))
        assert page.context["form"]["answers_due_on"].value() == PERMITTED
        assert self.post(client, story, deadline_at="6/11/2026 12:00").status_code == 302
        assert (story.again().answers_due_on, story.tender.last_answer_on) == (None, date(2026, 10, 31))

    @pytest.mark.parametrize(("days", "word"), [(6, "six"), (4, "four")])
    def test_its_hint_tells_the_days_of_the_timetable(self, days, word, monkeypatch):
        monkeypatch.setattr(timetable, "ANSWER_DAYS_BEFORE", days)
        form = runpy.run_path(preparation.__file__)["TenderForm"]
        assert f"As a rule {word} days before the deadline for bids" in form.base_fields["answers_due_on"].help_text

    def test_a_day_typed_in_is_kept_and_one_taken_out_is_worked_out_again(self, client):
        story = preparing()
        client.force_login(story.officer)
        assert self.post(client, story, answers_due_on="27/10/2026").status_code == 302
        assert story.again().answers_due_on == EARLIER
        assert self.post(client, story, answers_due_on="").status_code == 302
        assert (story.again().answers_due_on, story.tender.last_answer_on) == (None, PERMITTED)

    def test_a_day_too_late_is_told_beside_the_field(self, client):
        story = preparing()
        client.force_login(story.officer)
        page = self.post(client, story, answers_due_on="31/10/2026")
        assert page.status_code == 200
        assert "Answers must be out by 30 October 2026" in text(page)
        assert story.again().answers_due_on is None


class TestWhereItStands:
    def test_on_the_notice_the_page_for_questions_and_in_the_file(self, client):
        story = opened_with(EARLIER)
        with clock.at(PUBLISHED + timedelta(days=1)):
            notice = client.get(story.tender.get_absolute_url())
            assert ("Last day for answers", "27 October 2026") in notice.context["dates"]
            client.force_login(PersonFactory(organisation=OrganisationFactory()))
            ask = text(client.get(reverse("procurement:ask", args=[story.tender.public_id])))
            assert "The buyer answers by the end of <strong>Tuesday 27 October 2026</strong>." in ask
            client.force_login(story.officer)
            page = client.get(reverse("procurement:tender", args=[story.tender.public_id]))
            assert ("Last day for answers", "27 October 2026, set by the officer") in page.context["dates"]
            desk = text(client.get(reverse("procurement:questions", args=[story.tender.public_id])))
            assert "The last day for answers is Tuesday 27 October 2026, as every bidder is told." in desk

    def test_the_officer_is_reminded_of_it_while_a_question_waits(self):
        story = opened_with(EARLIER)

        def due(last=EARLIER):
            return [(d.owner, d.due_on) for d in deadlines.due_by(last) if d.kind == "procurement.answers"]

        with clock.at(PUBLISHED + timedelta(days=2)):
            assert due() == []
            question = asked(story)
            assert due() == [(story.officer, EARLIER)]
            assert due(EARLIER - timedelta(days=1)) == []
            answer_question(question=question, published_text="Q?", answer="A.", by=story.officer)
            assert due() == []


class TestAnAnswerAfterIt:
    def test_after_the_officers_own_day_it_needs_a_reason_or_more_time(self):
        story = opened_with(EARLIER)
        question = asked(story)
        texts = {"published_text": "Q?", "answer": "A.", "by": story.officer}
        late = clock.at(DEADLINE - timedelta(days=8))  # Wednesday 28 October
        with late, pytest.raises(ValidationError, match="The last day for answers was 27 October 2026"):
            answer_question(question=question, **texts)
        with clock.at(DEADLINE - timedelta(days=9)):
            answer_question(question=question, **texts)

    def test_a_later_deadline_moves_it_as_far_and_every_bidder_is_told(self):
        story = opened_with(EARLIER)
        BidderFactory(tender=story.tender)
        with clock.at(DEADLINE - timedelta(days=2)):
            extend_deadline(
                tender=story.tender, deadline_at=DEADLINE + timedelta(days=7), reason="A late answer.", by=story.officer
            )
        assert story.again().answers_due_on == EARLIER + timedelta(days=7)
        event = AuditEvent.objects.get(action="tender.extend")
        assert (event.before["last_answer_on"], event.after["last_answer_on"]) == ("2026-10-27", "2026-11-03")
        mail = OutboxMail.objects.get(template="emails/procurement/deadline_extended")
        assert "The last day for answers to questions is now Tuesday 3 November 2026." in text_of(mail)

    def test_one_that_is_worked_out_moves_with_the_deadline(self):
        story = open_tender()
        with clock.at(DEADLINE - timedelta(days=2)):
            extend_deadline(
                tender=story.tender, deadline_at=DEADLINE + timedelta(days=7), reason="A late answer.", by=story.officer
            )
        assert (story.again().answers_due_on, story.tender.last_answer_on) == (None, date(2026, 11, 6))
