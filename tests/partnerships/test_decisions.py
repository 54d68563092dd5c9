"""The memorandum and the gates: who signs, what is missing, and what a decision does."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates
from partnerships.actions.budget import add_budget_line
from partnerships.actions.decision import open_decision, propose_decision, sign_decision, withdraw_decision
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.gates import Evidence
from partnerships.lifecycle import MOVES_BACK, OVER, Gate, GateOutcome, Stage, passage_from
from partnerships.models import NEEDED_HEADINGS, GateDecision, Partner
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

NEXT_YEAR = clock.today() + timedelta(days=365)


@pytest.fixture
def only_own_evidence(monkeypatch):
    """The upper floors' evidence has tests of its own: here the gates ask only what this test hangs on them."""

    def hang(*items: Evidence) -> None:
        monkeypatch.setattr(gates, "evidence", lambda gate, partnership, version=None: list(items))

    return hang


def leads_of(partnership):
    public = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
    return public, third


def write(partnership, by, **changes):
    facts = {"purpose": "To befriend", "how_we_work": "Monthly", "review_on": NEXT_YEAR}
    return write_memorandum(partnership=partnership, **facts | changes, by=by)


def test_s04_four_of_five_signatures_are_told_and_keep_the_gate_shut():
    partnership = PartnershipFactory()
    partners = [*both_leads_as_partners(partnership), *PartnerFactory.create_batch(3, partnership=partnership)]
    lead, _ = leads_of(partnership)
    memorandum = write(partnership, lead)
    for partner in partners[:4]:
        person = person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
        sign_memorandum(memorandum=memorandum, partner=partner, by=person)
    sentence = next(s for s in gates.blockers(Gate.G1, partnership) if "MoU" in s)
    assert "4 of 5 signed" in sentence
    assert str(partners[4]) in sentence


def test_s05_a_new_version_asks_everybody_to_sign_again_and_old_signatures_stay():
    partnership = PartnershipFactory()
    partner, _ = both_leads_as_partners(partnership)
    lead, _ = leads_of(partnership)
    first = write(partnership, lead)
    sign_memorandum(memorandum=first, partner=partner, by=lead)
    second = write(partnership, lead)
    assert (second.number, first.signatures.count(), second.signatures.count()) == (2, 1, 0)
    with pytest.raises(NotNow, match="Version 2 has replaced this one"):
        sign_memorandum(memorandum=first, partner=Partner.objects.last(), by=leads_of(partnership)[1])


def test_signing_for_another_organisation_or_twice_is_refused():
    partnership = PartnershipFactory()
    partner, other = both_leads_as_partners(partnership)
    lead, _ = leads_of(partnership)
    memorandum = write(partnership, lead)
    with pytest.raises(NotPermitted, match="the organisation you work for"):
        sign_memorandum(memorandum=memorandum, partner=other, by=lead)
    sign_memorandum(memorandum=memorandum, partner=partner, by=lead)
    with pytest.raises(NotNow, match="has signed"):
        sign_memorandum(memorandum=memorandum, partner=partner, by=lead)


def test_a_version_is_reviewed_in_the_future_or_nothing_of_it_stays():
    partnership = PartnershipFactory()
    lead, _ = leads_of(partnership)
    with pytest.raises(ValidationError, match="in the future"):
        write(partnership, lead, review_on=date(2020, 1, 1))
    assert not partnership.drafts.exists()
    assert not partnership.memoranda.exists()


def test_s10_both_leads_sign_and_the_partnership_moves_with_its_evidence(only_own_evidence):
    only_own_evidence(Evidence("Design", True, "The design is there."))
    partnership = PartnershipFactory()
    public, third = leads_of(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="It is ready", by=public)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.DESIGN
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    decision.refresh_from_db()
    assert (partnership.stage, partnership.stage_since) == (Stage.PILOT, clock.today())
    assert decision.decided_at is not None
    [line] = decision.evidence
    assert (line["name"], line["met"], line["state"]) == ("Design", True, "there")
    assert (line["sentence"], decision.checklist) == ("The design is there.", 1)
    assert {s.signed_by for s in decision.signatures.all()} == {public, third}
    actions = list(
        AuditEvent.objects.of(partnership.audit_scope)
        .filter(object_type="GateDecision")
        .values_list("action", flat=True)
    )
    assert actions == ["decision.take", "decision.sign", "decision.propose"]


def test_a_gate_with_everything_the_partnership_itself_needs_is_open():
    partnership = PartnershipFactory()
    partners = both_leads_as_partners(partnership)
    Partner.objects.filter(pk=partners[1].pk).update(contingency_plan="Reserves", contingency_plan_on=clock.today())
    public, third = leads_of(partnership)
    memorandum = write(partnership, public)
    for partner, person in zip(partners, (public, third), strict=True):
        sign_memorandum(memorandum=memorandum, partner=partner, by=person)
    for heading in NEEDED_HEADINGS:
        add_budget_line(partnership=partnership, heading=heading, amount=Decimal(1000), note="", by=public)
    own = {"Memorandum of understanding", "Contingency plans", "Budget"}
    items = [item for item in gates.evidence(Gate.G1, partnership) if item.name in own]
    assert {item.name for item in items} == own
    assert all(item.met for item in items)


def test_passing_without_the_evidence_is_refused_with_every_missing_sentence(only_own_evidence):
    only_own_evidence(Evidence("A", False, "A is missing."), Evidence("B", False, "B is missing."))
    partnership = PartnershipFactory()
    public, _ = leads_of(partnership)
    with pytest.raises(NotNow) as refusal:
        propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=public)
    assert refusal.value.reasons == ("A is missing.", "B is missing.")
    assert not GateDecision.objects.exists()


def test_evidence_that_goes_missing_between_the_signatures_stops_the_second(only_own_evidence):
    only_own_evidence(Evidence("A", True, "A is there."))
    partnership = PartnershipFactory()
    public, third = leads_of(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=public)
    only_own_evidence(Evidence("A", False, "A was withdrawn."))
    with pytest.raises(NotNow, match="A was withdrawn"):
        sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.DESIGN
    assert decision.signatures.count() == 1


def test_one_person_cannot_sign_for_both_sides(only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory()
    public, _ = leads_of(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=public)
    with pytest.raises(NotNow, match="has signed already"):
        sign_decision(decision=decision, by=public)


@pytest.mark.parametrize("role", [PartnershipRole.PROJECT_LEAD, PartnershipRole.SPONSOR, PartnershipRole.OBSERVER])
def test_others_do_not_decide_at_a_gate_of_the_two_leads(role, only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory()
    with pytest.raises(NotPermitted, match="the public sector lead and the third sector lead decide"):
        propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=person_as(role, partnership))


def test_no_partner_decides_whether_to_tender(only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory(in_redesign=True)
    public, third = leads_of(partnership)
    for lead in (public, third):
        with pytest.raises(NotPermitted, match="the procurement officer and the sponsor"):
            propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=lead)
    officer = person_as(PartnershipRole.PROCUREMENT_OFFICER, partnership)
    sponsor = person_as(PartnershipRole.SPONSOR, partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=officer)
    sign_decision(decision=decision, by=sponsor)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.TENDER


def test_s15_going_back_to_design_needs_a_reason_and_both_signatures(only_own_evidence):
    only_own_evidence(Evidence("A", False, "Not needed for going back."))
    partnership = PartnershipFactory(in_pilot=True)
    public, third = leads_of(partnership)
    with pytest.raises(ValidationError, match="Give the reason"):
        propose_decision(partnership=partnership, outcome=GateOutcome.GO_BACK, reason="  ", by=third)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.GO_BACK, reason="Wrong group", by=third)
    sign_decision(decision=decision, by=public)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.DESIGN


@pytest.mark.parametrize("stage", [stage for stage in Stage if not MOVES_BACK.get(stage) and stage not in OVER])
def test_there_is_no_way_back_from_other_stages(stage, only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory(stage=stage)
    signer = person_as(passage_from(stage).signers[0], partnership)
    with pytest.raises(NotNow, match="no way back"):
        propose_decision(partnership=partnership, outcome=GateOutcome.GO_BACK, reason="x", by=signer)


def test_not_yet_keeps_the_stage_and_a_second_proposal_waits_for_the_first(only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory()
    public, third = leads_of(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Too early", by=public)
    with pytest.raises(NotNow, match="still waits for a signature"):
        propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=third)
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.DESIGN
    assert open_decision(partnership) is None


def test_a_withdrawn_proposal_cannot_be_signed(only_own_evidence):
    only_own_evidence()
    partnership = PartnershipFactory()
    public, third = leads_of(partnership)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=public)
    withdraw_decision(decision=decision, reason="The budget changed", by=third)
    with pytest.raises(NotNow, match="withdrawn"):
        sign_decision(decision=decision, by=third)
    with pytest.raises(NotNow, match="not open any more"):
        withdraw_decision(decision=decision, reason="Again", by=public)
