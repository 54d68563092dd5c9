"""Gate G5 before the award, and the way back to redesign."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.database import clock
from foundation.policy.refusals import NotNow
from partnerships import gates
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import Partnership
from partnerships.roles import PartnershipRole
from procurement.actions.award import blockers_to_award
from procurement.actions.publication import abandon
from procurement.models import Tender
from tests.factories.gates import complete, passed
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.procurement import OPENED, open_tender, preparing, ready

pytestmark = pytest.mark.django_db


def judged():
    """One bid, scored and agreed, not locked."""
    story = open_tender()
    bid = story.bid()
    story.closed().opened().with_panel()
    story.agreed(bid, 3, 3, 3, 3)
    return story, bid


def met(partnership):
    return {item.key for item in gates.evidence(Gate.G5, partnership) if item.met}


def test_gate_g5_asks_for_declarations_scores_prices_checks_and_the_report():
    story = open_tender()
    partnership = story.tender.partnership
    assert met(partnership) == set()
    bid = story.bid()
    story.closed().opened().with_panel()
    assert met(partnership) == {"declarations"}
    story.agreed(bid, 3, 3, 3, 3)
    assert met(partnership) == {"declarations", "scores"}
    story.locked()
    assert met(partnership) == {"declarations", "scores", "prices"}
    complete(Gate.G5, partnership, but=("declarations", "scores", "prices"))
    assert gates.blockers(Gate.G5, partnership) == []


def test_gate_g5_names_and_counts_no_bidder():
    story, bid = judged()
    story.locked()
    told = " ".join(item.sentence for item in gates.evidence(Gate.G5, story.tender.partnership))
    assert bid.organisation.name not in told
    assert not any(mark.isdigit() for mark in told.replace("G5", ""))


def test_the_award_waits_for_gate_g5_in_words_and_takes_no_pass_of_before_the_scores():
    story, bid = judged()
    with clock.at(OPENED - timedelta(days=1)):
        passed(Gate.G5, story.tender.partnership)
    story.locked()
    assert "Gate G5 has not been passed" in blockers_to_award(story.tender)[0]
    story.through_g5()
    assert blockers_to_award(story.tender) == []
    assert story.award(bid)


def test_officer_and_sponsor_pass_gate_g5_and_the_stage_stays():
    story, _ = judged()
    story.locked()
    partnership = story.tender.partnership
    complete(Gate.G5, partnership, but=("declarations", "scores", "prices"))
    decision = propose_decision(
        partnership=partnership, gate=Gate.G5, outcome=GateOutcome.PASS, reason="Sound", by=story.officer
    )
    sign_decision(decision=decision, by=story.sponsor)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.TENDER
    story.again()
    assert blockers_to_award(story.tender) == []


def go_back(story):
    decision = propose_decision(
        partnership=story.tender.partnership, outcome=GateOutcome.GO_BACK, reason="The need changed", by=story.officer
    )
    sign_decision(decision=decision, by=story.sponsor)
    story.tender.partnership.refresh_from_db()
    return story.tender.partnership.stage


@pytest.mark.parametrize("make", [preparing, ready])
def test_the_contract_is_redesigned_while_no_notice_is_out(make):
    assert go_back(make()) == Stage.REDESIGN


def test_s77_with_a_notice_out_the_tender_is_abandoned_first_and_then_the_stage_goes_back():
    story = open_tender()
    with pytest.raises(NotNow, match=r"cannot be redesigned\. The procurement officer abandons it first"):
        go_back(story)
    assert story.tender.partnership.stage == Stage.TENDER
    abandon(tender=Tender.objects.get(pk=story.tender.pk), reason="The need changed", by=story.officer)
    assert go_back(story) == Stage.REDESIGN


@pytest.mark.parametrize("stage", [Stage.PROPOSED, Stage.DESIGN, Stage.PILOT, Stage.REDESIGN, Stage.TENDER])
def test_no_gate_offers_a_link_that_is_refused(client, stage):
    partnership = PartnershipFactory(stage=stage)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead))
    for gate in Gate:
        for address in {item.address for item in gates.evidence(gate, partnership) if item.address}:
            assert client.get(address).status_code == 200, (gate, address)


def test_a_gate_ahead_says_when_the_tender_can_be_prepared(client):
    partnership = PartnershipFactory(in_pilot=True)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead))
    address = reverse("partnerships:gate_at", args=[partnership.public_id, Gate.G4])
    page = client.get(address).content.decode()
    assert "Open the tender" not in page
    assert "A tender can be prepared once the pilot has been evaluated" in page
    assert "can be prepared now, unless its line says when" in page
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.REDESIGN)
    page = client.get(address).content.decode()
    assert "Open the tender" in page
    assert "once the pilot has been evaluated" not in page
