"""The award and after: letters with every part, standstill by the law, challenges, signature, notice."""

from datetime import UTC, date, datetime

import page
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.database import clock
from foundation.delivery.message import text_of
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import deadlines, gates
from partnerships.lifecycle import Gate
from partnerships.roles import PartnershipRole
from procurement.actions.award import (
    award_contract,
    end_challenge,
    record_award_notice,
    record_challenge,
    sign_contract,
)
from procurement.actions.letter import send_letter, write_letter
from procurement.documents import standstill_letter
from procurement.letters import compose, missing_parts
from procurement.lifecycle import Means, TenderState, TieBreak
from procurement.models import Award
from procurement.results import results
from tests.factories.procurement import OPENED, open_tender, worked_example

pytestmark = pytest.mark.django_db


def noon(year, month, day):
    return datetime(year, month, day, 12, tzinfo=UTC)


@pytest.fixture
def example():
    return worked_example()


@pytest.fixture
def awarded(example):
    story, bids = example
    return story, story.award(bids["C"])


class TestAward:
    def test_the_first_is_awarded_with_the_ranking_kept_to_the_last_decimal(self, awarded):
        story, award = awarded
        assert story.again().state == TenderState.STANDSTILL
        assert [row["rank"] for row in award.results] == [1, 2, 3]
        assert award.results[0]["price_score"] == "33.33333333333333333333333333"
        assert award.letters.count() == 3

    def test_another_than_the_first_is_refused_by_name(self, example):
        story, bids = example
        with pytest.raises(NotNow, match=f"put {bids['C'].organisation.name} first"):
            story.award(bids["A"])
        assert not Award.objects.exists()

    def test_reasons_and_the_officer_are_needed(self, example):
        story, bids = example
        with pytest.raises(ValidationError, match="Give the reasons"):
            award_contract(tender=story.tender, bid=bids["C"], reasons=" ", by=story.officer)
        with pytest.raises(NotPermitted):
            award_contract(tender=story.tender, bid=bids["C"], reasons="First.", by=story.sponsor)

    def test_before_the_lock_there_is_no_award(self):
        story = open_tender()
        bid = story.bid()
        story.closed().opened()
        with pytest.raises(NotNow, match="Prices stay sealed"):
            story.award(bid)

    @pytest.mark.parametrize(("rule", "winner"), [(TieBreak.HIGHER_QUALITY, "Y"), (TieBreak.LOWER_PRICE, "X")])
    def test_s67_a_tie_is_decided_by_the_published_rule_and_the_letter_cites_it(self, rule, winner):
        story = open_tender(tie_break=rule)
        bids = {"X": story.bid(180_000), "Y": story.bid(240_000)}
        story.closed().opened().with_panel()
        story.agreed(bids["X"], 3, 3, 3, 3)  # 45 of 60
        story.agreed(bids["Y"], 4, 4, 4, 2)  # 55 of 60
        story.locked()
        award = story.award(bids[winner])
        rows = results(story.tender)
        assert [str(row.total) for row in rows] == ["85.00", "85.00"]
        letter = compose(award.letters.first(), rows, date(2026, 11, 6))
        assert letter["tie_break"] == TieBreak(rule).label

    def test_s61_a_single_bid_may_do_without_standstill_or_keep_it(self):
        for keep in (False, True):
            story = open_tender()
            bid = story.bid()
            story.closed().opened().with_panel()
            story.agreed(bid, 2, 2, 2, 2)
            story.locked().through_g5()
            with clock.at(OPENED):
                award = award_contract(
                    tender=story.tender, bid=bid, reasons="Good.", keep_standstill=keep, by=story.officer
                )
            assert award.has_standstill == keep
            assert (award.signable_on is None) == keep


class TestLetters:
    def test_s75_a_letter_without_the_relative_advantages_does_not_go(self, awarded):
        story, award = awarded
        loser = award.letters.exclude(bid=award.bid).first()
        with pytest.raises(NotNow) as refusal:
            send_letter(letter=loser, by=story.officer)
        assert refusal.value.reasons == (
            f"The letter to {loser.bid.organisation} lacks the winner's characteristics and relative advantages.",
        )
        loser.refresh_from_db()
        assert loser.sent_at is None
        assert loser.render_job is None

    @pytest.mark.parametrize(
        ("part", "words"),
        [
            ("criteria", "the award criteria"),
            ("total", "the recipient's score"),
            ("winner", "the winner's name"),
            ("winner_total", "the winner's score"),
            ("standstill", "the statement on standstill"),
        ],
    )
    def test_s75_every_part_is_checked(self, awarded, part, words):
        story, award = awarded
        content = compose(award.letters.first(), results(story.tender), date(2026, 11, 12))
        content |= {"advantages": "Stronger.", part: ""}
        assert any(words in sentence for sentence in missing_parts(content))

    def test_the_winners_letter_needs_no_advantages(self, awarded):
        story, award = awarded
        content = compose(award.letters.get(bid=award.bid), results(story.tender), date(2026, 11, 12))
        assert missing_parts(content) == []

    def test_a_sent_letter_is_frozen_mailed_and_printed(self, awarded):
        story, award = awarded
        letters = story.send_letters(award, noon(2026, 11, 12))
        loser = next(letter for letter in letters if letter.bid_id != award.bid_id)
        mail = OutboxMail.objects.get(key=f"letter:{loser.public_id}")
        text = text_of(mail)
        for words in (award.bid.organisation.name, "90.83", "Outcomes (25%)", "Stronger on outcomes.", "24 November"):
            assert words in text
        assert mail.kind == "legal"
        document = standstill_letter({"letter": loser.public_id})
        assert "90.83" in document.html
        assert document.filename.startswith("Letter to ")
        assert loser.render_job.kind == "standstill-letter"
        with pytest.raises(NotNow, match="went out on 12 November 2026"):
            write_letter(letter=loser, advantages="Other", means=Means.POST, by=story.officer)
        with pytest.raises(NotNow, match="went out on"):
            send_letter(letter=loser, by=story.officer)

    def test_only_the_officer_writes_and_sends(self, awarded):
        story, award = awarded
        letter = award.letters.first()
        with pytest.raises(NotPermitted):
            write_letter(letter=letter, advantages="x", means=Means.POST, by=story.sponsor)
        with pytest.raises(NotPermitted):
            send_letter(letter=letter, by=story.sponsor)

    def test_a_posted_letter_needs_its_day(self, awarded):
        story, award = awarded
        letter = write_letter(letter=award.letters.first(), advantages="Stronger.", means=Means.POST, by=story.officer)
        with clock.at(noon(2026, 11, 10)):
            for day in (None, date(2026, 11, 11), date(2026, 11, 1)):
                with pytest.raises(ValidationError) as refusal:
                    send_letter(letter=letter, posted_on=day, by=story.officer)
                assert "posted_on" in refusal.value.message_dict

    def test_the_day_of_the_decision_is_a_scottish_day(self, awarded):
        """Half past midnight in summer is still the day before in UTC."""
        story, award = awarded
        Award.objects.update(decided_at=datetime(2026, 6, 10, 23, 30, tzinfo=UTC))
        letter = write_letter(letter=award.letters.first(), advantages="Stronger.", means=Means.POST, by=story.officer)
        with clock.at(noon(2026, 6, 12)):
            with pytest.raises(ValidationError, match="from the award decision"):
                send_letter(letter=letter, posted_on=date(2026, 6, 10), by=story.officer)
            assert send_letter(letter=letter, posted_on=date(2026, 6, 11), by=story.officer).sent_on


class TestStandstill:
    @pytest.mark.parametrize(
        ("sent", "ends", "signable"),
        [
            pytest.param(noon(2026, 11, 12), date(2026, 11, 23), date(2026, 11, 24), id="s71"),
            pytest.param(noon(2026, 11, 20), date(2026, 12, 1), date(2026, 12, 2), id="s72"),
        ],
    )
    def test_dates_follow_the_day_of_the_letters(self, awarded, sent, ends, signable):
        story, award = awarded
        story.send_letters(award, sent)
        assert (award.standstill_ends_on, award.signable_on) == (ends, signable)
        told = OutboxMail.objects.filter(template="emails/procurement/standstill_dates")
        assert told.count() == 3

    def test_s73_the_last_letter_starts_the_clock(self, awarded):
        story, award = awarded
        *early, last = award.letters.all()
        for letter, moment in [*((e, noon(2026, 11, 9)) for e in early), (last, noon(2026, 11, 10))]:
            with clock.at(moment):
                write_letter(letter=letter, advantages="Stronger.", means=Means.ELECTRONIC, by=story.officer)
                send_letter(letter=letter, by=story.officer)
            award.refresh_from_db()
            assert (award.standstill_ends_on is None) == (letter != last)
        assert (award.standstill_starts_on, award.standstill_ends_on) == (date(2026, 11, 10), date(2026, 11, 20))

    def test_s74_one_letter_by_post_gives_fifteen_days_to_all(self, awarded):
        story, award = awarded
        for letter, means in zip(award.letters.all(), (Means.POST, Means.ELECTRONIC, Means.ELECTRONIC), strict=True):
            with clock.at(noon(2026, 11, 9)):
                write_letter(letter=letter, advantages="Stronger.", means=means, by=story.officer)
                posted = date(2026, 11, 9) if means == Means.POST else None
                send_letter(letter=letter, posted_on=posted, by=story.officer)
        award.refresh_from_db()
        assert (award.standstill_days, award.standstill_ends_on) == (15, date(2026, 11, 24))


class TestSigning:
    def test_before_the_letters_have_gone_it_is_refused(self, awarded):
        story, award = awarded
        with pytest.raises(NotNow, match="3 of the letters to bidders have not been sent"):
            sign_contract(award=award, by=story.officer)

    def test_during_standstill_it_is_refused_with_the_date(self, awarded):
        story, award = awarded
        story.send_letters(award, noon(2026, 11, 12))
        with clock.at(datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)), pytest.raises(NotNow) as refusal:
            sign_contract(award=award, by=story.officer)
        assert "can be signed from 24 November 2026" in str(refusal.value)
        assert story.again().state == TenderState.STANDSTILL

    def test_after_it_the_contract_is_signed_and_the_notice_is_due(self, awarded):
        story, award = awarded
        story.send_letters(award, noon(2026, 11, 9))
        with clock.at(noon(2026, 11, 20)):
            with pytest.raises(NotPermitted):
                sign_contract(award=award, by=story.sponsor)
            sign_contract(award=award, by=story.officer)
            with pytest.raises(NotNow, match="was signed on"):
                sign_contract(award=award, by=story.officer)
        award.refresh_from_db()
        assert (story.again().state, award.notice_due_on) == (TenderState.AWARDED, date(2026, 12, 21))
        assert OutboxMail.objects.filter(template="emails/procurement/signed").count() == 3

    def test_the_database_refuses_a_signature_within_standstill(self, awarded):
        story, award = awarded
        story.send_letters(award, noon(2026, 11, 12))
        with pytest.raises(IntegrityError), transaction.atomic():
            Award.objects.update(
                signed_on=date(2026, 11, 23), signed_by=story.officer, notice_due_on=date(2026, 12, 21)
            )

    def test_s76_a_challenge_on_day_eight_locks_signing_until_its_end_is_recorded(self, awarded):
        story, award = awarded
        story.send_letters(award, noon(2026, 11, 12))
        with clock.at(noon(2026, 11, 20)):
            challenge = record_challenge(
                award=award, received_on=date(2026, 11, 20), summary="Petition served.", by=story.officer
            )
        with clock.at(noon(2026, 12, 24)):
            with pytest.raises(NotNow, match="challenge was received on 20 November 2026"):
                sign_contract(award=award, by=story.officer)
            with pytest.raises(NotPermitted):
                end_challenge(challenge=challenge, ended_on=date(2026, 12, 24), how="Withdrawn.", by=story.sponsor)
            end_challenge(challenge=challenge, ended_on=date(2026, 12, 24), how="Withdrawn.", by=story.officer)
            sign_contract(award=award, by=story.officer)
        assert story.again().state == TenderState.AWARDED

    @pytest.mark.parametrize(("day", "summary"), [(date(2026, 11, 21), "Served."), (date(2026, 11, 20), " ")])
    def test_a_challenge_needs_its_day_and_what_was_served(self, awarded, day, summary):
        story, award = awarded
        with clock.at(noon(2026, 11, 20)), pytest.raises(ValidationError):
            record_challenge(award=award, received_on=day, summary=summary, by=story.officer)
        assert not award.challenges.exists()

    def test_signing_is_a_deadline_of_the_officer_from_the_letters_to_the_signature(self, awarded):
        story, award = awarded

        def due():
            return [d for d in deadlines.due_by(date(2027, 1, 1)) if d.kind == "procurement.signing"]

        assert due() == []
        story.send_letters(award, noon(2026, 11, 9))
        assert [(d.due_on, d.owner, d.leads, d.legal) for d in due()] == [
            (date(2026, 11, 20), story.officer, (), False)
        ]
        with clock.at(noon(2026, 11, 20)):
            sign_contract(award=award, by=story.officer)
        assert due() == []

    def test_s82_the_notice_is_a_deadline_of_the_officer_until_it_is_recorded(self, awarded):
        story, award = awarded
        story.send_letters(award, noon(2026, 11, 9))

        def due():
            return [d for d in deadlines.due_by(date(2027, 1, 1)) if "award-notice" in d.key]

        with clock.at(noon(2026, 11, 20)):
            sign_contract(award=award, by=story.officer)
            award.refresh_from_db()
            assert [(d.due_on, d.owner) for d in due()] == [(date(2026, 12, 21), story.officer)]
            assert due()[0].legal, "nobody puts off what the law asks for"
            assert due()[0].leads == (PartnershipRole.PUBLIC_LEAD,), "the other lead may be a bidder"
            with pytest.raises(ValidationError):
                record_award_notice(award=award, published_on=date(2026, 11, 21), reference="N1", by=story.officer)
            record_award_notice(award=award, published_on=date(2026, 11, 20), reference="N1", by=story.officer)
            assert due() == []


def test_gate_g6_asks_for_award_standstill_no_challenge_and_signature(awarded):
    story, award = awarded
    partnership = story.tender.partnership

    def missing():
        return {item.name for item in gates.evidence(Gate.G6, partnership) if not item.met}

    mine = {"Award", "Standstill", "Challenge", "Contract"}
    assert missing() & mine == {"Standstill", "Contract"}
    story.send_letters(award, noon(2026, 11, 12))
    with clock.at(noon(2026, 11, 23)):
        assert "Standstill runs until the end of 23 November 2026." in gates.blockers(Gate.G6, partnership)
    with clock.at(noon(2026, 11, 24)):
        challenge = record_challenge(award=award, received_on=date(2026, 11, 24), summary="Served.", by=story.officer)
        assert missing() & mine == {"Challenge", "Contract"}
        end_challenge(challenge=challenge, ended_on=date(2026, 11, 24), how="Withdrawn.", by=story.officer)
        sign_contract(award=award, by=story.officer)
        assert missing() & mine == set()


def test_gate_g6_without_an_award_says_so():
    assert "No award has been decided." in gates.blockers(Gate.G6, open_tender().tender.partnership)


def test_the_letter_is_printed_as_a_tagged_pdf_for_its_bidder_and_the_officer_only(client, awarded, tmp_path):
    from django.urls import reverse

    from foundation.rendering.queue import run_pending

    story, award = awarded
    letters = story.send_letters(award, noon(2026, 11, 12))
    letter = next(one for one in letters if one.bid_id != award.bid_id)
    mine = reverse("procurement:my_letter_pdf", args=[story.tender.public_id])
    file = reverse("procurement:letter_pdf", args=[story.tender.public_id, letter.public_id])
    client.force_login(letter.bid.bidder.contact)
    assert client.get(mine).status_code == 404
    assert run_pending() == 3
    letter.render_job.refresh_from_db()
    assert letter.render_job.state == "done", letter.render_job.error
    pdf = b"".join(client.get(mine))
    assert pdf.startswith(b"%PDF-1.7")
    made = tmp_path / "letter.pdf"
    made.write_bytes(pdf)
    checked = page.validate_pdf(str(made), profile="ua1")
    assert checked.is_compliant, str(checked)
    assert client.get(file).status_code == 403
    client.force_login(story.officer)
    assert b"".join(client.get(file)) == pdf
    assert (
        "Download"
        in client.get(reverse("procurement:letter", args=[story.tender.public_id, letter.public_id])).content.decode()
    )
