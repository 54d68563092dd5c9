"""Bidding: the deadline to the second, replacing, withdrawing, questions, and what stays sealed."""

from datetime import timedelta
from decimal import Decimal as D

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from procurement import envelopes
from procurement.actions.bid import (
    MOST_DOCUMENTS,
    add_document,
    remove_document,
    save_draft,
    submit_bid,
    take_part,
    withdraw_bid,
)
from procurement.actions.publication import abandon, close, close_all_due, extend_deadline
from procurement.actions.question import answer_question, ask_question, for_buyer
from procurement.lifecycle import TenderState
from procurement.models import Bid, Bidder, BidDocument, Question
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.procurement import (
    DEADLINE,
    PUBLISHED,
    QUESTIONS_CLOSE,
    BidderFactory,
    TenderFactory,
    open_tender,
    upload,
)

pytestmark = pytest.mark.django_db
SECOND = timedelta(seconds=1)


@pytest.fixture
def story():
    return open_tender()


@pytest.fixture
def bidder(story):
    with clock.at(PUBLISHED):
        person = PersonFactory()
        bidder = take_part(box=story.tender.box, by=person)
        answers = {c.public_id: f"About {c.title}." for c in story.tender.criteria.all()}
        return save_draft(bidder=bidder, answers=answers, price=D(480_000), by=person)


def send(bidder, at=DEADLINE - timedelta(hours=1), **more):
    with clock.at(at):
        return submit_bid(bidder=bidder, by=bidder.contact, **more)


class TestDeadline:
    @pytest.mark.parametrize("early", [timedelta(0), SECOND, timedelta(microseconds=1)])
    def test_s55_at_or_before_the_instant_a_bid_is_accepted(self, bidder, early):
        bid = send(bidder, at=DEADLINE - early)
        assert (bid.received_at, bid.counts) == (DEADLINE - early, True)

    @pytest.mark.parametrize("late", [timedelta(microseconds=1), SECOND])
    def test_s55_after_it_a_bid_is_refused_and_both_times_are_kept(self, bidder, late):
        with pytest.raises(NotNow, match="bids closed at 5 November 2026 at 12:00:00 GMT, and this reached"):
            send(bidder, at=DEADLINE + late)
        assert not Bid.objects.exists()
        refused = AuditEvent.objects.get(action="bid.submit", outcome=Outcome.REFUSED)
        assert refused.scope == bidder.tender.sealed_scope
        assert "12:00:00 GMT" in refused.reason
        assert (DEADLINE + late).strftime("%H:%M:%S") in refused.reason

    def test_closing_before_the_deadline_is_refused_even_to_the_portal(self, story):
        with clock.at(DEADLINE), pytest.raises(NotNow, match="The deadline for bids is"):
            close(tender=story.tender, by=None)
        assert story.again().state == TenderState.OPEN

    def test_the_worker_closes_what_is_due_and_leaves_the_rest(self, story):
        other = open_tender()
        with clock.at(PUBLISHED):
            extend_deadline(
                tender=other.tender, deadline_at=DEADLINE + timedelta(days=1), reason="Snow.", by=other.officer
            )
        with clock.at(DEADLINE + SECOND):
            assert close_all_due() == 1
            assert close_all_due() == 0
        assert (story.again().state, other.again().state) == (TenderState.CLOSED, TenderState.OPEN)

    def test_a_closed_tender_takes_no_bid_whatever_the_clock_says(self, story, bidder):
        story.closed()
        with pytest.raises(NotNow, match="Too late"):
            send(bidder, at=DEADLINE - SECOND)

    def test_a_tender_that_is_not_published_takes_no_part(self):
        with pytest.raises(NotNow, match="takes no bids"):
            take_part(box=TenderFactory().box, by=PersonFactory())


class TestSending:
    def test_a_bid_is_received_with_a_receipt_that_can_be_worked_out_again(self, bidder):
        with clock.at(PUBLISHED):
            document = add_document(bidder=bidder, upload=upload(), by=bidder.contact)
        bid = send(bidder)
        assert list(bid.documents.all()) == [document]
        assert bid.receipt_hash == envelopes.receipt_hash(Bid.objects.get(), [document])
        mail = OutboxMail.objects.get(template="emails/procurement/bid_received")
        assert (mail.to, mail.scope, mail.context["receipt_hash"]) == (
            bidder.contact, bidder.tender.sealed_scope, bid.receipt_hash,
        )  # fmt: skip
        assert envelopes.own_content(bid).price == 480_000

    def test_an_unfinished_draft_cannot_be_sent_and_says_what_is_missing(self, story, bidder):
        first = story.tender.criteria.first()
        with clock.at(PUBLISHED):
            save_draft(bidder=bidder, answers={first.public_id: "Only this."}, price=None, by=bidder.contact)
        with pytest.raises(NotNow) as refusal:
            send(bidder)
        assert refusal.value.reasons == (
            "Answer “Co-production”.", "Answer “Workforce and fair work”.", "Answer “Community benefits”.",
            "Give your price.",
        )  # fmt: skip
        assert not Bid.objects.exists()

    def test_another_organisation_cannot_touch_it(self, bidder):
        stranger = PersonFactory()
        with pytest.raises(NotPermitted), clock.at(PUBLISHED):
            submit_bid(bidder=bidder, by=stranger)
        with pytest.raises(NotPermitted), clock.at(PUBLISHED):
            save_draft(bidder=bidder, answers={}, price=None, by=stranger)

    def test_the_buyers_own_people_cannot_bid(self, story):
        with pytest.raises(NotPermitted, match="bid for this contract"), clock.at(PUBLISHED):
            take_part(box=story.tender.box, by=PersonFactory(organisation=story.tender.buyer))
        assert not Bidder.objects.exists()

    def test_a_partner_may_bid_like_anybody(self, story):
        person = PersonFactory(organisation=story.tender.partnership.third_sector_lead)
        with clock.at(PUBLISHED):
            assert take_part(box=story.tender.box, by=person).organisation == person.organisation

    def test_two_people_of_one_organisation_share_one_part(self, story, bidder):
        colleague = PersonFactory(organisation=bidder.organisation)
        with clock.at(PUBLISHED):
            assert take_part(box=story.tender.box, by=colleague) == bidder

    def test_a_stale_tab_does_not_overwrite_the_draft(self, bidder):
        with clock.at(PUBLISHED), pytest.raises(NotNow, match="changed this"):
            save_draft(bidder=bidder, answers={}, price=None, by=bidder.contact, version=bidder.version - 1)

    @pytest.mark.parametrize("price", ["0", "-1"])
    def test_a_price_of_nothing_is_refused_beside_the_field(self, bidder, price):
        with clock.at(PUBLISHED), pytest.raises(ValidationError) as refusal:
            save_draft(bidder=bidder, answers={}, price=D(price), by=bidder.contact)
        assert "price" in refusal.value.message_dict


class TestReplacing:
    def test_s56_only_the_last_counts_the_first_stays_unreadable_and_the_trail_shows_both(self, story, bidder):
        first = send(bidder)
        with clock.at(DEADLINE - timedelta(minutes=30)):
            withdraw_bid(bidder=bidder, by=bidder.contact)
        second = send(bidder, at=DEADLINE - timedelta(minutes=10))
        third = send(bidder, at=DEADLINE - timedelta(minutes=5))
        story.closed().opened()
        assert list(story.tender.bids.counting()) == [third]
        for bid in (first, second):
            bid.refresh_from_db()
            with pytest.raises(NotNow, match="withdrawn or replaced"):
                envelopes.answers_of(bid)
        assert envelopes.answers_of(Bid.objects.get(pk=third.pk))
        trail = AuditEvent.objects.filter(scope=story.tender.sealed_scope).values_list("action", flat=True)
        assert [a for a in trail.order_by("seq") if a in ("bid.submit", "bid.withdraw")] == [
            "bid.submit", "bid.withdraw", "bid.submit", "bid.submit",
        ]  # fmt: skip
        assert [entry["version"] for entry in story.tender.opening.record["bids"]] == [3]

    def test_withdrawing_after_the_deadline_or_with_no_bid_is_refused(self, bidder):
        with clock.at(PUBLISHED), pytest.raises(NotNow, match="no bid in the competition"):
            withdraw_bid(bidder=bidder, by=bidder.contact)
        send(bidder)
        with clock.at(DEADLINE + SECOND), pytest.raises(NotNow, match="Too late"):
            withdraw_bid(bidder=bidder, by=bidder.contact)
        assert Bid.objects.get().counts

    def test_two_tabs_of_one_draft_send_one_bid_and_withdraw_it_once(self, bidder):
        seen = bidder.version
        send(bidder, version=seen)
        with clock.at(PUBLISHED), pytest.raises(NotNow, match="changed this"):
            submit_bid(bidder=bidder, by=bidder.contact, version=seen)
        with clock.at(PUBLISHED), pytest.raises(NotNow, match="changed this"):
            withdraw_bid(bidder=bidder, by=bidder.contact, version=seen)
        assert Bid.objects.get().counts
        bidder.refresh_from_db()
        with clock.at(PUBLISHED):
            withdraw_bid(bidder=bidder, by=bidder.contact, version=bidder.version)
        assert not Bid.objects.get().counts


class TestDocuments:
    def test_name_and_bytes_are_sealed_and_open_again_for_the_bidder(self, bidder):
        from foundation.files import store

        with clock.at(PUBLISHED):
            document = add_document(bidder=bidder, upload=upload("Harbour plan.pdf", "secret words"), by=bidder.contact)
        kept = store.path_of(document.stored).read_bytes()
        assert b"secret words" not in kept
        assert "Harbour" not in document.stored.name
        assert document.stored.kept_by is None
        assert b"secret words" in envelopes.document_bytes(document)
        assert envelopes.named([document], bidder) == [(document, "Harbour plan.pdf")]

    def test_the_bidders_download_wears_the_armour_of_any_file(self, client, story, bidder):
        from foundation.files import store

        with clock.at(PUBLISHED):
            document = add_document(bidder=bidder, upload=upload("Harbour plan.pdf"), by=bidder.contact)
        client.force_login(bidder.contact)
        response = client.get(reverse("procurement:my_document", args=[story.tender.public_id, document.public_id]))
        assert response.status_code == 200
        assert all(response[name].startswith(value) for name, value in store.ARMOUR.items())
        assert response["Content-Disposition"] == 'attachment; filename="Harbour plan.pdf"'

    def test_removing_keeps_what_was_sent_and_takes_it_out_of_the_next(self, bidder):
        with clock.at(PUBLISHED):
            document = add_document(bidder=bidder, upload=upload(), by=bidder.contact)
        first = send(bidder)
        with clock.at(PUBLISHED):
            remove_document(document=document, by=bidder.contact)
        second = send(bidder)
        assert (first.documents.count(), second.documents.count()) == (1, 0)

    def test_there_is_a_limit(self, bidder):
        with clock.at(PUBLISHED):
            one = add_document(bidder=bidder, upload=upload(), by=bidder.contact)
            fields = {
                f: getattr(one, f) for f in ("sealed_name", "content_type", "size", "sha256", "stored", "added_by")
            }
            BidDocument.objects.bulk_create(BidDocument(bidder=bidder, **fields) for _ in range(MOST_DOCUMENTS - 1))
            with pytest.raises(ValidationError, match="Remove one first"):
                add_document(bidder=bidder, upload=upload(), by=bidder.contact)


class TestQuestions:
    def ask(self, story, text="May we pay travel?", at=PUBLISHED, **organisation):
        with clock.at(at):
            person = PersonFactory(organisation=OrganisationFactory(**organisation))
            return ask_question(bidder=take_part(box=story.tender.box, by=person), text=text, by=person)

    def test_s53_the_published_text_is_anonymous_and_all_bidders_are_told_at_once(self, story):
        others = BidderFactory.create_batch(2, tender=story.tender)
        question = self.ask(story, "Harbour Trust  Ltd asks: does HARBOUR TRUST get a van?", name="Harbour Trust Ltd")
        assert for_buyer(question) == "[a bidder] asks: does [a bidder] get a van?"
        with clock.at(PUBLISHED):
            answer_question(
                question=question, published_text="Does the bidder get a van?", answer="No.", by=story.officer
            )
        mails = OutboxMail.objects.filter(template="emails/procurement/answer_published")
        assert {mail.to_id for mail in mails} == {question.asked_by_id, *(o.contact_id for o in others)}
        assert not any("Harbour" in str(mail.context) for mail in mails)

    @pytest.mark.parametrize("field", ["published_text", "answer"])
    def test_s53_a_text_that_still_names_the_bidder_is_refused(self, story, field):
        question = self.ask(story, name="Harbour Trust Ltd")
        texts = {"published_text": "Is travel paid?", "answer": "Yes."} | {field: "Yes, harbour  trust may."}
        with clock.at(PUBLISHED), pytest.raises(ValidationError) as refusal:
            answer_question(question=question, **texts, by=story.officer)
        assert field in refusal.value.message_dict
        assert not Question.objects.published().exists()

    def test_who_asked_is_only_in_the_sealed_history(self, story):
        question = self.ask(story)
        open_events = AuditEvent.objects.filter(scope=story.tender.audit_scope)
        assert not open_events.filter(actor=question.asked_by).exists()
        waiting = OutboxMail.objects.get(template="emails/procurement/question_waits")
        assert waiting.to == story.officer
        assert question.asked_by.name not in str(waiting.context) + waiting.subject + waiting.why

    def test_after_the_question_deadline_none_is_taken(self, story):
        with pytest.raises(NotNow, match="The deadline for questions was"):
            self.ask(story, at=QUESTIONS_CLOSE + SECOND)

    def test_s54_a_late_answer_needs_an_extension_or_a_reason(self, story):
        question = self.ask(story)
        late = DEADLINE - timedelta(days=4)
        texts = {"published_text": "Is travel paid?", "answer": "Yes.", "by": story.officer}
        with clock.at(late), pytest.raises(ValidationError) as refusal:
            answer_question(question=question, **texts)
        assert "late_reason" in refusal.value.message_dict
        with clock.at(late):
            extend_deadline(
                tender=story.tender, deadline_at=DEADLINE + timedelta(days=5), reason="A late answer.", by=story.officer
            )
            answer_question(question=question, **texts)
        assert Question.objects.get().late_reason == ""

    def test_s54_a_written_reason_is_enough(self, story):
        question = self.ask(story)
        with clock.at(DEADLINE - timedelta(days=4)):
            answer_question(
                question=question, published_text="Q?", answer="A.", late_reason="It changes nothing.", by=story.officer
            )
        assert Question.objects.get().late_reason == "It changes nothing."

    def test_only_the_officer_answers_and_only_once(self, story):
        question = self.ask(story)
        with clock.at(PUBLISHED):
            with pytest.raises(NotPermitted):
                answer_question(question=question, published_text="Q?", answer="A.", by=story.sponsor)
            answer_question(question=question, published_text="Q?", answer="A.", by=story.officer)
            with pytest.raises(NotNow, match="was answered on"):
                answer_question(question=question, published_text="Q?", answer="B.", by=story.officer)


def test_s77_an_abandoned_tender_tells_every_bidder_why_and_its_bids_stay_sealed(story, bidder):
    bid = send(bidder)
    story.closed().opened()
    abandon(tender=story.tender, reason="The budget was withdrawn.", by=story.officer)
    mail = OutboxMail.objects.get(template="emails/procurement/abandoned")
    assert (mail.to, mail.kind, mail.context["reason"]) == (bidder.contact, "legal", "The budget was withdrawn.")
    with pytest.raises(NotNow, match="stay sealed"):
        envelopes.answers_of(Bid.objects.get(pk=bid.pk))
    with pytest.raises(NotNow, match="can no longer be abandoned"):
        abandon(tender=story.tender, reason="Again", by=story.officer)


def test_abandoning_asks_for_reasons_and_for_the_officer(story):
    with pytest.raises(ValidationError, match="Give the reasons"):
        abandon(tender=story.tender, reason=" ", by=story.officer)
    with pytest.raises(NotPermitted):
        abandon(tender=story.tender, reason="Because", by=story.sponsor)
    assert story.again().state == TenderState.OPEN
