"""Preparing and publishing: weights, checklist, papers, who may, and what a partner never sees."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal as D
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.forms.utils import pretty_name
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates
from partnerships.lifecycle import Gate, Stage
from partnerships.roles import PartnershipRole
from procurement.actions.preparation import (
    CriterionLine,
    add_paper,
    decide_paper,
    edit_tender,
    prepare_tender,
    set_criteria,
)
from procurement.actions.publication import abandon, extend_deadline, publish
from procurement.forms.preparation import TenderForm
from procurement.lifecycle import Disclosure, Route, TenderState, TieBreak
from procurement.models import BUYER_ROLES, EDITABLE, Tender
from procurement.readiness import publication_blockers
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.procurement import DEADLINE, PUBLISHED, BidderFactory, open_tender, preparing, ready

pytestmark = pytest.mark.django_db


def start(partnership, by):
    return prepare_tender(
        partnership=partnership, title="Befriending", summary="For people who live alone.", estimated_value=D(600_000),
        contract_starts_on=date(2027, 4, 1), contract_ends_on=date(2030, 3, 31), by=by,
    )  # fmt: skip


def officer_of(partnership):
    return person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership, organisation=partnership.public_lead)


class TestPreparing:
    @pytest.mark.parametrize("stage", [Stage.REDESIGN, Stage.TENDER])
    def test_an_officer_starts_a_tender_and_it_is_recorded(self, stage):
        partnership = PartnershipFactory(stage=stage)
        tender = start(partnership, officer_of(partnership))
        assert (tender.state, tender.partnership) == (TenderState.PREPARING, partnership)
        event = AuditEvent.objects.get()
        assert (event.action, event.scope) == ("tender.prepare", tender.audit_scope)

    @pytest.mark.parametrize("stage", [Stage.DESIGN, Stage.PILOT, Stage.LIVE, Stage.CLOSED])
    def test_other_stages_refuse_with_the_reason(self, stage):
        partnership = PartnershipFactory(stage=stage)
        with pytest.raises(NotNow, match=r"cannot be skipped|already runs"):
            start(partnership, officer_of(partnership))
        assert not Tender.objects.exists()

    @pytest.mark.parametrize("role", [role for role in PartnershipRole if role != PartnershipRole.PROCUREMENT_OFFICER])
    def test_other_roles_are_refused_and_the_try_is_recorded(self, role):
        partnership = PartnershipFactory(in_redesign=True)
        with pytest.raises(NotPermitted, match="prepare or change the tender"):
            start(partnership, person_as(role, partnership, organisation=partnership.public_lead))
        assert AuditEvent.objects.get().outcome == Outcome.REFUSED

    def test_an_officer_whom_the_buyer_does_not_employ_is_refused(self):
        partnership = PartnershipFactory(in_redesign=True)
        with pytest.raises(NotPermitted):
            start(partnership, person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership))

    def test_a_second_tender_waits_until_the_first_is_abandoned(self):
        story = preparing()
        with pytest.raises(NotNow, match="already has a tender"):
            start(story.tender.partnership, story.officer)
        abandon(tender=story.tender, reason="The budget was withdrawn.", by=story.officer)
        assert start(story.tender.partnership, story.officer).state == TenderState.PREPARING

    def test_a_contract_that_ends_before_it_starts_is_refused_beside_the_field(self):
        story = preparing()
        with pytest.raises(ValidationError) as refusal:
            edit_tender(tender=story.tender, contract_ends_on=date(2027, 4, 1), by=story.officer)
        assert "contract_ends_on" in refusal.value.message_dict

    def test_editing_bumps_the_version_and_records_what_changed(self):
        story = preparing()
        edit_tender(tender=story.tender, title="New title", by=story.officer, version=1)
        event = AuditEvent.objects.get()
        assert (story.again().version, event.before, event.after) == (
            2, {"title": event.before["title"]}, {"title": "New title"},
        )  # fmt: skip
        with pytest.raises(NotNow, match="changed this"):
            edit_tender(tender=story.tender, title="Late", by=story.officer, version=1)

    def test_after_publication_nothing_on_the_notice_changes(self):
        story = open_tender()
        with pytest.raises(NotNow, match="notice is out"):
            edit_tender(tender=story.tender, title="Other", by=story.officer)
        with pytest.raises(NotNow, match="notice is out"):
            set_criteria(
                tender=story.tender, price_weight=D(50), lines=[CriterionLine("A", "", D(50))], by=story.officer
            )

    def test_the_history_tells_an_edit_in_the_words_of_the_form_with_old_and_new_dates(self):
        story = preparing()
        later = datetime(2026, 11, 12, 12, tzinfo=UTC)
        with clock.at(PUBLISHED):
            edit_tender(
                tender=story.tender, specification="Longer", deadline_at=later, contract_starts_on=date(2027, 5, 1),
                tie_break=TieBreak.LOWER_PRICE, by=story.officer,
            )  # fmt: skip
        event = AuditEvent.objects.get(action="tender.edit")
        assert event.summary == (
            "changed “Specification”; “Contract starts” from 1 April 2027 to 1 May 2027; “If two totals are equal” "
            "from “The bid with the higher quality score wins” to “The bid with the lower price wins”; "
            "“Deadline for bids” from 5 November 2026 at 12:00:00 GMT to 12 November 2026 at 12:00:00 GMT"
        )
        assert event.after["deadline_at"] == "2026-11-12 12:00:00+00:00"

    def test_what_was_sent_as_it_was_is_no_change_whatever_its_time_zone_or_its_pence(self):
        story = preparing()
        here = ZoneInfo("Europe/London")
        with clock.at(PUBLISHED):
            edit_tender(
                tender=story.again(), question_deadline_at=story.tender.question_deadline_at.astimezone(here),
                estimated_value=D("600000"), by=story.officer,
            )  # fmt: skip
        event = AuditEvent.objects.get(action="tender.edit")
        assert (event.summary, event.after) == ("saved the tender without a change", {})

    def test_every_field_that_can_be_edited_has_one_name_on_the_form_and_in_the_history(self):
        for name, field in TenderForm.base_fields.items():
            if name in EDITABLE:
                assert (field.label or pretty_name(name)) == EDITABLE[name]
        assert set(EDITABLE) - set(TenderForm.base_fields) == {"price_weight"}, "which the criteria's form has"

    @pytest.mark.parametrize("name", ["deadline_at", "question_deadline_at"])
    def test_a_new_deadline_in_the_past_is_refused_beside_the_field_and_nothing_changes(self, name):
        story = preparing()
        with clock.at(PUBLISHED), pytest.raises(ValidationError) as refusal:
            edit_tender(tender=story.tender, title="Other", **{name: PUBLISHED - timedelta(days=1)}, by=story.officer)
        assert refusal.value.message_dict[name] == [
            "This is in the past: it is 1 October 2026 at 10:00:00 BST now. Choose a later time."
        ]
        assert (story.again().version, getattr(story.tender, name) > PUBLISHED) == (1, True)
        assert not AuditEvent.objects.filter(action="tender.edit", outcome=Outcome.ALLOWED).exists()

    def test_a_deadline_that_grew_old_may_stay_in_the_draft_and_the_page_says_so(self, client):
        story = preparing()
        client.force_login(story.officer)
        address = reverse("procurement:tender", args=[story.tender.public_id])
        with clock.at(PUBLISHED):
            assert "in the past" not in client.get(address).content.decode()
        with clock.at(DEADLINE + timedelta(days=1)):
            edit_tender(tender=story.tender, title="Other", by=story.officer)
            page = client.get(address).content.decode()
        assert "The deadline for bids is in the past." in page
        assert "5 November 2026 at 12:00:00 GMT, which is in the past" in page


class TestCriteria:
    @pytest.mark.parametrize(
        ("price", "weights", "words"),
        [(60, [45], "add up to 105%"), (40, [59.99], "add up to 99.99%"), (100, [], "Price cannot have all the weight"),
         (0, [100], "Price or cost must count")],
    )  # fmt: skip
    def test_s47_weights_that_do_not_make_100_are_refused_and_nothing_is_kept(self, price, weights, words):
        story = preparing()
        lines = [CriterionLine(f"Criterion {n}", "", D(str(weight))) for n, weight in enumerate(weights)]
        with pytest.raises(NotNow, match=words):
            set_criteria(tender=story.tender, price_weight=D(price), lines=lines, by=story.officer)
        assert not story.tender.criteria.exists()
        assert story.again().price_weight == 40

    def test_weights_of_thirds_to_the_penny_are_accepted(self):
        story = preparing()
        lines = [CriterionLine(f"C{n}", "", D(w)) for n, w in enumerate(("33.33", "33.33", "0.01"))]
        set_criteria(tender=story.tender, price_weight=D("33.33"), lines=lines, by=story.officer)
        assert story.tender.criteria.count() == 3

    def test_two_criteria_of_one_name_are_refused(self):
        story = preparing()
        lines = [CriterionLine("Outcomes", "", D(30)), CriterionLine("outcomes ", "", D(30))]
        with pytest.raises(ValidationError, match="same name"):
            set_criteria(tender=story.tender, price_weight=D(40), lines=lines, by=story.officer)


class TestPublishing:
    def test_everything_in_place_publishes_and_makes_the_key(self):
        story = ready()
        with clock.at(PUBLISHED):
            publish(tender=story.tender, by=story.officer)
        tender = story.again()
        assert (tender.state, tender.published_at, tender.published_by) == (TenderState.OPEN, PUBLISHED, story.officer)
        assert len(tender.key.wrapped) > 32
        assert AuditEvent.objects.filter(action="tender.publish").get().after["papers"] == ["Pilot evaluation"]

    @pytest.mark.parametrize("role", [r for r in BUYER_ROLES if r != PartnershipRole.PROCUREMENT_OFFICER])
    def test_only_the_officer_publishes(self, role):
        story = ready()
        person = person_as(role, story.tender.partnership, organisation=story.tender.buyer)
        with pytest.raises(NotPermitted):
            publish(tender=story.tender, by=person)
        assert story.again().state == TenderState.PREPARING

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            pytest.param({"tie_break": ""}, "two equal totals", id="s48"),
            pytest.param({"lots_reason": "", "route": Route.FULL}, "into lots", id="s49"),
            pytest.param({"estimated_value": D(4_200_000)}, "community benefits", id="s50"),
            ({"specification": " "}, "Write the specification"),
            ({"how_to_bid": ""}, "how to bid"),
            ({"deadline_at": None}, "Set the deadline"),
            ({"deadline_at": PUBLISHED - timedelta(days=1)}, "deadline for bids is in the past"),
            ({"question_deadline_at": PUBLISHED - timedelta(days=1)}, "deadline for questions is in the past"),
            (
                {"question_deadline_at": DEADLINE - timedelta(days=6)},
                "questions must be before 30 October 2026",
            ),
            ({"contract_starts_on": date(2026, 11, 5)}, "must start after the deadline"),
        ],
    )
    def test_each_missing_thing_is_named_and_nothing_goes_out(self, change, words):
        story = ready()
        Tender.objects.filter(pk=story.tender.pk).update(**change)
        with clock.at(PUBLISHED), pytest.raises(NotNow, match=words):
            publish(tender=story.again(), by=story.officer)
        assert story.again().published_at is None
        assert not hasattr(story.tender, "key")

    def test_s49_without_the_full_rules_missing_lots_reasons_only_warn(self):
        story = ready()
        Tender.objects.filter(pk=story.tender.pk).update(lots_reason="")
        with clock.at(PUBLISHED):
            assert publication_blockers(story.again()) == []

    def test_s50_a_reason_for_no_community_benefits_is_enough(self):
        story = ready(estimated_value=D(4_200_000), community_benefits="None: the work is too small a part.")
        with clock.at(PUBLISHED):
            assert publication_blockers(story.again()) == []

    def test_the_open_procedure_gives_thirty_days(self):
        story = ready(route=Route.FULL)
        with clock.at(DEADLINE - timedelta(days=29)):
            Tender.objects.filter(pk=story.tender.pk).update(question_deadline_at=DEADLINE - timedelta(days=10))
            assert any("at the earliest" in sentence for sentence in publication_blockers(story.again()))
        with clock.at(DEADLINE - timedelta(days=30)):
            assert publication_blockers(story.again()) == []

    @pytest.mark.parametrize("stage", [Stage.REDESIGN, Stage.LIVE])
    def test_s16_only_in_the_tender_stage(self, stage):
        story = ready()
        story.tender.partnership.stage = stage
        story.tender.partnership.save()
        with clock.at(PUBLISHED), pytest.raises(NotNow, match="only after gate G4"):
            publish(tender=story.again(), by=story.officer)

    def test_twice_is_refused(self):
        story = open_tender()
        with pytest.raises(NotNow, match="published before"):
            publish(tender=story.tender, by=story.officer)


class TestPapers:
    def test_s45_each_undecided_paper_keeps_gate_g4_shut_and_is_named(self):
        story = preparing(stage=Stage.REDESIGN).with_criteria()
        partnership = story.tender.partnership
        assert "No paper has been reviewed" in " ".join(gates.blockers(Gate.G4, partnership))
        papers = [
            add_paper(tender=story.tender, title=f"Paper {n}", source="Pilot", by=story.officer) for n in range(14)
        ]
        assert sum("Decide on" in sentence for sentence in gates.blockers(Gate.G4, partnership)) == 14
        for paper in papers[:-1]:
            decide_paper(paper=paper, decision=Disclosure.NOT_RELEVANT, reason="Old draft.", by=story.officer)
        assert [s for s in gates.blockers(Gate.G4, partnership) if "Decide on" in s] == [
            "Decide on “Paper 13”: release, release in part, or not relevant."
        ]
        decide_paper(paper=papers[-1], decision=Disclosure.NOT_RELEVANT, reason="Old draft.", by=story.officer)
        evidence = {item.name: item for item in gates.evidence(Gate.G4, partnership)}
        assert evidence["Papers for all bidders"].met
        assert evidence["Criteria"].met

    def test_a_decision_needs_its_reason_and_a_released_paper_its_file(self):
        story = preparing()
        paper = add_paper(tender=story.tender, title="Costs", source="Partner", by=story.officer)
        for changes, field in (
            ({"decision": Disclosure.NOT_RELEVANT, "reason": " "}, "reason"),
            ({"decision": Disclosure.UNDECIDED, "reason": "x"}, "decision"),
            ({"decision": Disclosure.IN_PART, "reason": "Averages only."}, "file"),
        ):
            with pytest.raises(ValidationError) as refusal:
                decide_paper(paper=paper, by=story.officer, **changes)
            assert field in refusal.value.message_dict
        paper.refresh_from_db()
        assert paper.decision == Disclosure.UNDECIDED


class TestExtending:
    def test_s59_an_extension_reaches_every_bidder_and_makes_a_version(self):
        story = open_tender()
        bidders = BidderFactory.create_batch(3, tender=story.tender)
        version = story.tender.version
        with clock.at(DEADLINE - timedelta(days=2)):
            extend_deadline(
                tender=story.tender, deadline_at=DEADLINE + timedelta(days=7), reason="A late answer.", by=story.officer
            )
        tender = story.again()
        assert (tender.deadline_at, tender.version) == (DEADLINE + timedelta(days=7), version + 1)
        mails = OutboxMail.objects.filter(subject__startswith="The deadline has moved")
        assert {mail.to_id for mail in mails} == {bidder.contact_id for bidder in bidders}
        assert {mail.scope for mail in mails} == {tender.sealed_scope}

    def test_s59_anybody_else_is_refused_and_the_try_is_recorded(self):
        story = open_tender()
        for person in (story.sponsor, BidderFactory(tender=story.tender).contact):
            with pytest.raises(NotPermitted):
                extend_deadline(
                    tender=story.tender, deadline_at=DEADLINE + timedelta(days=7), reason="For a friend.", by=person
                )
        assert story.again().deadline_at == DEADLINE
        assert AuditEvent.objects.filter(action="tender.extend", outcome=Outcome.REFUSED).count() == 2

    @pytest.mark.parametrize("at", [DEADLINE + timedelta(milliseconds=1), DEADLINE + timedelta(days=1)])
    def test_after_the_deadline_it_is_too_late(self, at):
        story = open_tender()
        with clock.at(at), pytest.raises(NotNow, match="deadline has passed"):
            extend_deadline(tender=story.tender, deadline_at=at + timedelta(days=7), reason="Late", by=story.officer)

    def test_earlier_is_refused_beside_the_field(self):
        story = open_tender()
        with clock.at(PUBLISHED), pytest.raises(ValidationError) as refusal:
            extend_deadline(
                tender=story.tender, deadline_at=DEADLINE - timedelta(hours=1), reason="Hurry", by=story.officer
            )
        assert "deadline_at" in refusal.value.message_dict


def test_s98_a_deadline_around_the_clock_change_is_shown_with_its_own_time():
    from foundation.database.clock import local

    assert local(datetime(2026, 10, 25, 0, 30, tzinfo=UTC)) == "25 October 2026 at 01:30:00 BST"
    assert local(datetime(2026, 10, 25, 1, 30, tzinfo=UTC)) == "25 October 2026 at 01:30:00 GMT"
