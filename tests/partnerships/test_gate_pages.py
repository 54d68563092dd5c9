"""The ladder of gates, one gate, what is given there, and the gate on paper."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotPermitted
from foundation.rendering.models import RenderJob
from foundation.rendering.queue import run_pending
from partnerships.actions.decision import propose_decision
from partnerships.actions.pack import request_pack
from partnerships.lifecycle import Gate, GateOutcome, Stage
from partnerships.models import GatePack, GivenEvidence, Milestone, Partnership, PlanBlock
from partnerships.packs import content_of, pack_document
from partnerships.plan import RECOMMENDED
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.gates import complete, given, passed
from tests.factories.partnerships import InterestFactory, MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


def address(name, partnership, *args):
    return reverse(f"partnerships:{name}", args=[partnership.public_id, *args])


def read(client, name, partnership, *args):
    answer = client.get(address(name, partnership, *args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_ladder_shows_all_eight_gates_passed_open_and_ahead(client, partnership, lead):
    passed(Gate.G1, partnership)
    page = read(client, "gate", partnership)
    for gate in Gate:
        assert gate.label in page
    assert page.count("Open now") == 2, "the review and the way out of the pilot"
    assert page.count(">Passed<") == 1
    assert page.count("Not passed here") == 1, "gate G0 was before the portal's time"
    assert page.count("Ahead") == 4


def test_every_missing_line_links_to_the_page_that_mends_it(client, lead):
    design = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, design))
    page = read(client, "gate_at", design, Gate.G1)
    for name in ("memorandum", "budget", "partners", "involvement", "risks"):
        assert address(name, design) in page.split("<main", 1)[1]
    assert reverse("pilots:indicators", args=[design.public_id]) in page
    assert address("evidence_give", design, Gate.G1, "wanted") in page


def test_whoever_may_not_give_evidence_reads_it_without_buttons(client, partnership):
    given(partnership, Gate.G3, "money_after", text="The <b>board</b> pays.")
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = read(client, "gate_at", partnership, Gate.G3)
    assert "The &lt;b&gt;board&lt;/b&gt; pays." in page
    assert "/give/" not in page
    assert client.get(address("evidence_give", partnership, Gate.G3, "money_after")).status_code == 403


def test_a_statement_is_written_and_an_old_one_confirmed_in_the_browser(client, partnership, lead):
    url = address("evidence_give", partnership, Gate.G3, "judgement")
    assert "Write it down" not in client.get(url).content.decode()
    assert client.post(url, {"text": "They want it.", "version": 0}).status_code == 302
    assert "They want it." in read(client, "gate_at", partnership, Gate.G3)
    GivenEvidence.objects.update(design=9)
    page = read(client, "gate_at", partnership, Gate.G3)
    assert "Out of date" in page
    where = address("evidence_confirm", partnership, Gate.G3, "judgement")
    assert where in page
    assert "They want it." in client.get(where).content.decode()
    assert client.post(where, {"version": 1}).status_code == 302
    assert where not in read(client, "gate_at", partnership, Gate.G3)
    assert "fresh enough" in client.get(where).content.decode()
    assert client.get(address("evidence_give", partnership, Gate.G3, "nothing")).status_code == 404
    assert client.get(address("gate_at", partnership, "G8")).status_code == 404


def test_a_pass_is_offered_once_nothing_is_missing_and_the_way_back_by_its_name(client, partnership, lead):
    page = read(client, "decision_propose", partnership, Gate.G2)
    assert 'value="pass"' not in page
    assert "Why it cannot pass yet" in page
    assert "Go back to design" in page
    complete(Gate.G2, partnership)
    page = read(client, "decision_propose", partnership, Gate.G2)
    assert 'value="pass"' in page
    assert 'value="conditions"' in page
    data = {"outcome": "pass", "reason": "It works", "version": partnership.version}
    assert client.post(address("decision_propose", partnership, Gate.G2), data).status_code == 302
    decision = partnership.decisions.get()
    assert (decision.gate, decision.enters) == (Gate.G2, Stage.PILOT)
    assert "the stage stays “Pilot”" in read(client, "decision_sign", partnership, decision.public_id)
    assert "at another gate" in read(client, "gate_at", partnership, Gate.G3)


def test_the_page_of_a_gate_that_cannot_be_decided_now_says_why(client, partnership, lead):
    for gate, words in ((Gate.G1, "This gate is behind"), (Gate.G5, "This gate is ahead")):
        assert words in read(client, "gate_at", partnership, gate)
        page = read(client, "decision_propose", partnership, gate)
        assert "a stage cannot be skipped" in page
        assert "<form" not in page.split("<main", 1)[1].split("</main", 1)[0]


def test_strangers_learn_nothing(client, partnership):
    client.force_login(PersonFactory())
    for name, args in (("gate", ()), ("gate_at", (Gate.G2,)), ("gate_pack_progress", (Gate.G2,)),
                       ("gate_pack_download", (Gate.G2,)), ("evidence_give", (Gate.G3, "money_after"))):  # fmt: skip
        assert client.get(address(name, partnership, *args)).status_code == 404
    assert client.post(address("gate_pack_ask", partnership, Gate.G2)).status_code == 404
    assert not GatePack.objects.exists()


@pytest.mark.parametrize("gate", [Gate.G2, Gate.G3])
def test_a_gate_takes_the_same_few_queries_with_1_and_with_20_decisions(client, partnership, gate):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for rows in (1, 19):
        for _ in range(rows):
            passed(gate, partnership, outcome=GateOutcome.NOT_YET)
        with CaptureQueriesContext(connection) as captured:
            read(client, "gate_at", partnership, gate)
        counts.append(len(captured))
    assert len(set(counts)) == 1
    assert counts[0] <= 20


# On paper.


def test_the_pack_holds_question_evidence_decisions_signatures_and_who_stood_aside(partnership, lead):
    given(partnership, Gate.G2, "feedback", text="They want evenings.")
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    interest = InterestFactory(partnership=partnership, person=third)
    person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    propose_decision(partnership=partnership, gate=Gate.G2, outcome=GateOutcome.NOT_YET, reason="Soon", by=lead)
    content = content_of(partnership, Gate.G2)
    assert content["question"] == "Carry on, change or stop?"
    states = {line["name"]: line["state"] for line in content["evidence"]}
    assert (states["What people who use the service say"], states["Safeguarding"]) == ("There", "Missing")
    [decision] = content["decisions"]
    assert (decision["reason"], len(decision["signatures"])) == ("Soon", 1)
    assert interest.person.name in decision["recusals"][0]
    html = pack_document({"pack": request_pack(partnership=partnership, gate=Gate.G2, by=lead).public_id}).html
    for words in ("They want evenings.", "Missing", "Soon", str(lead)):
        assert words in html


def test_the_pack_draws_the_plan_as_it_was_when_it_was_asked_for(partnership, lead):
    milestone = MilestoneFactory(partnership=partnership, title="First users arrive", due_on=date(2027, 3, 1))
    for block, recommended in RECOMMENDED.items():
        PlanBlock.objects.update_or_create(
            partnership=partnership, block=block, defaults={"months": recommended.default}
        )
    pack = request_pack(partnership=partnership, gate=Gate.G2, by=lead)
    Milestone.objects.filter(pk=milestone.pk).update(due_on=date(2027, 9, 1))
    html = pack_document({"pack": pack.public_id}).html
    assert "<svg" in html
    assert html.count("First users arrive") >= 2, "in the drawing and in the table"
    assert "1 March 2027" in html
    assert "1 September 2027" not in html
    without = GatePack.objects.create(
        partnership=partnership, gate=Gate.G2, asked_by=lead, checksum="x",
        content={key: value for key, value in pack.content.items() if key != "plan"},
    )  # fmt: skip
    assert "<svg" not in pack_document({"pack": without.public_id}).html, "a pack from before has no plan"


def test_the_same_page_is_the_same_pack_and_a_changed_page_another(partnership, lead):
    first = request_pack(partnership=partnership, gate=Gate.G2, by=lead)
    assert request_pack(partnership=partnership, gate=Gate.G2, by=lead) == first
    given(partnership, Gate.G2, "feedback")
    assert request_pack(partnership=partnership, gate=Gate.G2, by=lead) != first
    assert RenderJob.objects.count() == 2
    assert AuditEvent.objects.filter(action="gate.pack").count() == 3
    with pytest.raises(NotPermitted, match="part in this partnership"):
        request_pack(partnership=partnership, gate=Gate.G2, by=PersonFactory())


def test_the_pack_is_asked_for_made_by_the_worker_and_downloaded(client, partnership, lead):
    assert client.get(address("gate_pack_download", partnership, Gate.G2)).status_code == 404
    assert client.post(address("gate_pack_ask", partnership, Gate.G2)).status_code == 302
    assert "Waiting for its turn" in read(client, "gate_at", partnership, Gate.G2)
    assert client.get(address("gate_pack_download", partnership, Gate.G2)).status_code == 404
    run_pending()
    assert "Ready." in read(client, "gate_pack_progress", partnership, Gate.G2)
    answer = client.get(address("gate_pack_download", partnership, Gate.G2))
    assert b"".join(answer.streaming_content).startswith(b"%PDF")


def test_the_overview_leads_to_the_gate_that_comes_next(client, partnership, lead):
    assert "Next gate: G2" in read(client, "partnership", partnership)
    passed(Gate.G2, partnership)
    assert "Next gate: G3" in read(client, "partnership", partnership)
    Partnership.objects.update(stage=Stage.TENDER, stage_since=clock.today())
    assert "Next gate: G5" in read(client, "partnership", partnership)
