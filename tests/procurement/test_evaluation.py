"""Opening, panel, scores, agreement, prices: in this order only."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.roles import PartnershipRole
from procurement import envelopes
from procurement.actions.evaluation import Mark, agree_score, blockers_to_lock, lock_quality, score_criterion
from procurement.actions.opening import open_bids
from procurement.actions.panel import add_panel_member, declare_interest, remove_panel_member
from procurement.actions.reading import read_bids, read_prices
from procurement.lifecycle import Interest, TenderState
from procurement.models import Bid, ConsensusScore, Opening, PanelMember, Score
from procurement.permissions import Ability
from procurement.results import results
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnerFactory, person_as
from tests.factories.procurement import DEADLINE, OPENED, open_tender, worked_example

pytestmark = pytest.mark.django_db


@pytest.fixture
def story():
    return open_tender()


@pytest.fixture
def opened(story):
    story.bid(480_000)
    return story.closed().opened().with_panel()


def public_lead_of(story):
    return person_as(PartnershipRole.PUBLIC_LEAD, story.tender.partnership, organisation=story.tender.buyer)


class TestOpening:
    def test_two_people_open_and_the_record_holds_bidders_times_and_hashes(self, story):
        bid = story.bid()
        story.closed().opened()
        assert story.tender.state == TenderState.EVALUATING
        record = Opening.objects.get().record
        assert record["openers"] == [str(story.officer), str(story.sponsor)]
        assert record["bids"] == [
            {
                "bidder": bid.organisation.name, "received_at": bid.received_at.isoformat(), "version": 1,
                "documents": 0, "receipt_hash": bid.receipt_hash, "intact": True,
            }
        ]  # fmt: skip

    def test_the_same_person_twice_is_refused(self, story):
        story.closed()
        with clock.at(OPENED):
            open_bids(tender=story.tender, by=story.officer)
            with pytest.raises(NotNow, match="second, different person"):
                open_bids(tender=story.tender, by=story.officer)
        assert story.again().opened_at is None

    def test_the_database_refuses_one_person_as_both(self, story):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opening.objects.create(
                tender=story.tender, first_opener=story.officer, first_at=OPENED,
                second_opener=story.officer, second_at=OPENED,
            )  # fmt: skip

    def test_after_half_an_hour_the_first_has_to_begin_again(self, story):
        story.closed()
        with clock.at(OPENED):
            open_bids(tender=story.tender, by=story.officer)
        with clock.at(OPENED + timedelta(minutes=31)):
            assert not open_bids(tender=story.tender, by=story.sponsor).is_complete
            assert open_bids(tender=story.tender, by=story.officer).is_complete

    def test_two_from_the_project_are_not_enough(self, story):
        story.closed()
        with clock.at(OPENED):
            open_bids(tender=story.tender, by=public_lead_of(story))
            with pytest.raises(NotNow, match="At least one of the two"):
                open_bids(tender=story.tender, by=public_lead_of(story))

    def test_before_the_deadline_nobody_opens(self, story):
        with clock.at(DEADLINE), pytest.raises(NotNow, match="still being received"):
            open_bids(tender=story.tender, by=story.officer)
        assert story.again().state == TenderState.OPEN

    def test_with_a_silent_worker_the_first_opener_closes_too(self, story):
        story.opened()
        assert story.tender.closed_at is not None
        assert story.tender.state == TenderState.EVALUATING

    @pytest.mark.parametrize(
        "role", [PartnershipRole.PROJECT_LEAD, PartnershipRole.OBSERVER, PartnershipRole.THIRD_SECTOR_LEAD]
    )
    def test_others_are_refused_and_recorded(self, story, role):
        story.closed()
        with pytest.raises(NotPermitted, match="open the bids"):
            open_bids(tender=story.tender, by=person_as(role, story.tender.partnership))
        assert AuditEvent.objects.filter(action="tender.open_bids", outcome=Outcome.REFUSED).count() == 1

    def test_s60_no_bids_opens_to_an_empty_record_and_asks_to_abandon(self, story):
        story.closed().opened().with_panel()
        assert story.tender.opening.record["bids"] == []
        assert blockers_to_lock(story.tender) == [
            "No bid was received. Abandon the tender, with the reason, and decide whether to run it again."
        ]

    def test_the_record_lists_who_came_too_late(self, story):
        from procurement.actions.bid import save_draft, submit_bid, take_part

        person = PersonFactory()
        with clock.at(DEADLINE - timedelta(hours=1)):
            bidder = take_part(box=story.tender.box, by=person)
            save_draft(bidder=bidder, answers={}, price=None, by=person)
        with clock.at(DEADLINE + timedelta(seconds=1)), pytest.raises(NotNow):
            submit_bid(bidder=bidder, by=person)
        story.closed().opened()
        [late] = story.tender.opening.record["late"]
        assert late["bidder"] == person.organisation.name
        assert "12:00:01" in late["reason"]

    def test_a_bid_changed_in_the_database_is_shown_as_broken(self, story):
        bid = story.bid()
        Bid.objects.filter(pk=bid.pk).update(sealed_price=b"x" * 40)
        story.closed().opened()
        assert [entry["intact"] for entry in story.tender.opening.record["bids"]] == [False]

    def test_s58_nobody_reads_before_the_opening_and_each_try_is_recorded(self, story):
        bid = story.bid()
        with pytest.raises(NotNow, match="sealed"):
            envelopes.answers_of(bid)
        admin = PersonFactory(administrator=True)
        for person in (admin, story.officer):
            with pytest.raises((NotPermitted, NotNow)):
                read_bids(tender=story.tender, ability=Ability.MODERATE, by=person)
        refused = AuditEvent.objects.filter(action="bid.read", outcome=Outcome.REFUSED)
        assert {event.actor for event in refused} == {admin, story.officer}


class TestPanel:
    @pytest.mark.parametrize("is_lead", [True, False])
    def test_s62_nobody_employed_by_a_partner_scores_whether_the_partner_bids_or_not(self, story, is_lead):
        partnership = story.tender.partnership
        employer = partnership.third_sector_lead if is_lead else PartnerFactory(partnership=partnership).organisation
        with pytest.raises(NotNow, match="Nobody employed by a partner"):
            add_panel_member(tender=story.tender, person=PersonFactory(organisation=employer), by=story.officer)
        assert not PanelMember.objects.exists()

    def test_the_buyers_staff_and_outside_experts_may(self, story):
        for person in (PersonFactory(organisation=story.tender.buyer), PersonFactory()):
            add_panel_member(tender=story.tender, person=person, by=story.officer)
            assert OutboxMail.objects.filter(to=person, template="emails/procurement/invited_to_panel").exists()
        with pytest.raises(NotNow, match="on the panel already"):
            add_panel_member(tender=story.tender, person=person, by=story.officer)
        with pytest.raises(NotPermitted):
            add_panel_member(tender=story.tender, person=PersonFactory(), by=story.sponsor)

    def test_before_the_opening_a_bidders_employee_is_not_given_away_but_cannot_declare_clear_after(self, story):
        bid = story.bid()
        expert = PersonFactory(organisation=bid.organisation)
        member = add_panel_member(tender=story.tender, person=expert, by=story.officer)
        with pytest.raises(NotNow, match="asked once bids are opened"):
            declare_interest(member=member, interest=Interest.CLEAR, statement="", by=expert)
        story.closed().opened()
        with pytest.raises(ValidationError, match="That is a conflict"):
            declare_interest(member=member, interest=Interest.CLEAR, statement="", by=expert)
        with pytest.raises(NotNow, match="has sent a bid"):
            add_panel_member(tender=story.tender, person=PersonFactory(organisation=bid.organisation), by=story.officer)

    def test_nobody_declares_for_somebody_else(self, opened):
        with pytest.raises(NotPermitted, match="Only the member"):
            declare_interest(member=opened.panel[0], interest=Interest.CLEAR, statement="", by=opened.officer)

    def test_a_conflict_says_what_it_is(self, opened):
        member = opened.panel[0]
        with pytest.raises(ValidationError) as refusal:
            declare_interest(member=member, interest=Interest.CONFLICT, statement=" ", by=member.person)
        assert "statement" in refusal.value.message_dict

    def test_s63_a_conflict_closes_access_at_once_sets_scores_aside_and_asks_for_a_substitute(self, opened):
        bid, member = Bid.objects.get(), opened.panel[0]
        opened.agreed(bid, 3, 3, 3, 3)
        declare_interest(
            member=member, interest=Interest.CONFLICT, statement="My sister-in-law is on one board.", by=member.person
        )
        assert not Score.objects.current().filter(member=member).exists()
        assert Score.objects.filter(member=member).count() == 4
        assert not ConsensusScore.objects.current().exists()
        criterion = opened.tender.criteria.first()
        with pytest.raises(NotNow, match="closed to you"):
            score_criterion(member=member, criterion=criterion, marks=[Mark(bid, 3, "Good")], by=member.person)
        assert OutboxMail.objects.get(template="emails/procurement/substitute_needed").to == opened.officer
        with pytest.raises(NotNow, match="new appointment"):
            declare_interest(member=member, interest=Interest.CLEAR, statement="", by=member.person)
        assert "two members who have declared" in " ".join(blockers_to_lock(opened.tender))

    def test_taking_somebody_off_keeps_their_scores_aside(self, opened):
        bid, member = Bid.objects.get(), opened.panel[0]
        opened.score(bid, 3, 3, 3, 3, by=member)
        with pytest.raises(ValidationError):
            remove_panel_member(member=member, reason=" ", by=opened.officer)
        remove_panel_member(member=member, reason="Changed jobs.", by=opened.officer)
        with pytest.raises(NotNow, match="no longer on the panel"):
            remove_panel_member(member=member, reason="Again.", by=opened.officer)
        assert Score.objects.count() == 4
        assert not Score.objects.current().exists()


class TestScores:
    def test_before_declaring_nothing_can_be_scored(self, story):
        bid = story.bid()
        story.closed().opened()
        member = add_panel_member(
            tender=story.tender, person=PersonFactory(organisation=story.tender.buyer), by=story.officer
        )
        marks = [Mark(bid, 3, "Good")]
        with pytest.raises(NotNow, match="Declare whether you have an interest first"):
            score_criterion(member=member, criterion=story.tender.criteria.first(), marks=marks, by=member.person)

    def test_a_second_thought_supersedes_and_both_are_kept(self, opened):
        bid, member = Bid.objects.get(), opened.panel[0]
        opened.score(bid, 1, 1, 1, 1, by=member)
        opened.score(bid, 2, 1, 1, 1, by=member)
        first = opened.tender.criteria.first()
        assert [s.score for s in Score.objects.filter(criterion=first)] == [1, 2]
        assert Score.objects.current().get(criterion=first).score == 2
        assert Score.objects.count() == 5

    @pytest.mark.parametrize(
        ("score", "comment", "field"), [(5, "Good", "score_"), (-1, "Good", "score_"), (3, " ", "comment_")]
    )
    def test_a_score_outside_the_scale_or_without_its_ground_is_refused_whole(self, opened, score, comment, field):
        bid, member = Bid.objects.get(), opened.panel[0]
        with pytest.raises(ValidationError) as refusal:
            score_criterion(
                member=member, criterion=opened.tender.criteria.first(), marks=[Mark(bid, score, comment)],
                by=member.person,
            )  # fmt: skip
        assert field + bid.public_id in refusal.value.message_dict
        assert not Score.objects.exists()

    def test_nobody_scores_for_somebody_else_or_in_another_tender(self, opened):
        bid, (one, two) = Bid.objects.get(), opened.panel
        with pytest.raises(NotPermitted):
            score_criterion(
                member=one, criterion=opened.tender.criteria.first(), marks=[Mark(bid, 3, "Good")], by=two.person
            )
        other = open_tender().tender.criteria.first()
        with pytest.raises(NotPermitted):
            score_criterion(member=one, criterion=other, marks=[Mark(bid, 3, "Good")], by=one.person)

    def test_one_member_alone_cannot_make_an_agreed_score(self, opened):
        bid, criterion = Bid.objects.get(), opened.tender.criteria.first()
        opened.score(bid, 3, 3, 3, 3, by=opened.panel[0])
        with pytest.raises(NotNow, match="Two members of the panel must have scored"):
            agree_score(bid=bid, criterion=criterion, score=3, comment="", by=opened.officer)

    def test_s64_a_wide_spread_needs_a_moderation_comment_and_is_never_averaged(self, opened):
        bid, criterion = Bid.objects.get(), opened.tender.criteria.first()
        opened.score(bid, 1, 2, 2, 2, by=opened.panel[0])
        opened.score(bid, 3, 2, 2, 3, by=opened.panel[1])
        with pytest.raises(ValidationError) as refusal:
            agree_score(bid=bid, criterion=criterion, score=2, comment=" ", by=opened.officer)
        assert f"comment_{bid.public_id}" in refusal.value.message_dict
        agree_score(bid=bid, criterion=criterion, score=3, comment="The evidence on page 2.", by=opened.officer)
        agreed = ConsensusScore.objects.get()
        assert (agreed.score, agreed.spread) == (3, 2)
        assert sorted(Score.objects.filter(criterion=criterion).values_list("score", flat=True)) == [1, 3]

    def test_s64_the_database_refuses_it_too(self, opened):
        with pytest.raises(IntegrityError), transaction.atomic():
            ConsensusScore.objects.create(
                bid=Bid.objects.get(), criterion=opened.tender.criteria.first(), score=2, spread=2,
                agreed_by=opened.officer,
            )  # fmt: skip

    def test_after_agreement_a_members_own_score_stays(self, opened):
        bid = Bid.objects.get()
        opened.agreed(bid, 3, 3, 3, 3)
        with pytest.raises(NotNow, match="has agreed a score"):
            opened.score(bid, 4, 3, 3, 3, by=opened.panel[0])

    def test_a_changed_agreement_keeps_the_earlier_one(self, opened):
        bid, criterion = Bid.objects.get(), opened.tender.criteria.first()
        opened.agreed(bid, 3, 3, 3, 3)
        agree_score(bid=bid, criterion=criterion, score=4, comment="Read again.", by=opened.officer)
        assert [a.score for a in ConsensusScore.objects.filter(criterion=criterion)] == [3, 4]


class TestPrices:
    def test_s65_prices_stay_sealed_until_quality_is_locked(self, opened):
        bid = Bid.objects.get()
        for attempt in (
            lambda: envelopes.price_of(bid),
            lambda: results(opened.tender),
            lambda: read_prices(tender=opened.tender, ability=Ability.SEE_RESULTS, by=opened.officer),
        ):
            with pytest.raises(NotNow, match="until the panel's agreed quality scores are locked"):
                attempt()
        opened.agreed(bid, 3, 3, 3, 3)
        opened.locked()
        assert envelopes.price_of(Bid.objects.get()) == 480_000

    def test_locking_names_what_is_not_agreed_and_is_for_the_officer(self, opened):
        with pytest.raises(NotNow) as refusal:
            lock_quality(tender=opened.tender, by=opened.officer)
        name = Bid.objects.get().organisation.name
        assert refusal.value.reasons[0] == f"Agree a score for “Outcomes” of {name}."
        assert len(refusal.value.reasons) == 4
        opened.agreed(Bid.objects.get(), 3, 3, 3, 3)
        with pytest.raises(NotPermitted):
            lock_quality(tender=opened.tender, by=opened.sponsor)
        opened.locked()
        with pytest.raises(NotNow, match="can no longer change"):
            agree_score(
                bid=Bid.objects.get(), criterion=opened.tender.criteria.first(), score=1, comment="", by=opened.officer
            )

    def test_the_panel_never_sees_a_price(self, opened):
        with pytest.raises(NotPermitted, match="see prices"):
            read_prices(tender=opened.tender, ability=Ability.SEE_RESULTS, by=opened.panel[0].person)

    def test_s66_the_worked_example_through_sealed_bids(self):
        story, bids = worked_example()
        names = {bid.pk: name for name, bid in bids.items()}
        assert [(names[row.bid.pk], str(row.total)) for row in results(story.tender)] == [
            ("C", "90.83"), ("A", "83.75"), ("B", "78.75"),
        ]  # fmt: skip

    def test_the_ranking_takes_the_same_queries_for_one_bid_and_many(self, django_assert_num_queries):
        story, _ = worked_example()
        with django_assert_num_queries(3):
            results(story.tender)
