"""What a gate asks for: items of its checklist, fresh or stale, given by hand or told by the portal."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates, ladder
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.actions.evidence import blockers_to_confirm, confirm_evidence, give_evidence, item_of
from partnerships.actions.partnership import edit_partnership
from partnerships.checklist import Item, ItemKind, Variant, is_fresh, shipped
from partnerships.lifecycle import PASSAGES, Gate, GateOutcome, Stage
from partnerships.models import Document, GivenEvidence, Partnership
from partnerships.permissions import ABILITIES, Ability
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole
from tests.factories.gates import complete, given, paper, passed
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.procurement import preparing

pytestmark = pytest.mark.django_db


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)


def line(partnership, gate, key):
    return next(item for item in gates.evidence(gate, partnership) if item.key == key)


# Freshness.


@pytest.mark.parametrize(
    ("confirmed_on", "months", "today", "fresh"),
    [
        (date(2026, 5, 3), 6, date(2026, 11, 3), True),
        (date(2026, 5, 3), 6, date(2026, 11, 4), False),
        (date(2026, 8, 31), 6, date(2027, 2, 28), True),
        (date(2026, 8, 31), 6, date(2027, 3, 1), False),
        (date(2000, 1, 1), None, date(2026, 1, 1), True),
    ],
)
def test_evidence_is_fresh_up_to_and_with_the_last_day_of_its_months(confirmed_on, months, today, fresh):
    assert is_fresh(confirmed_on, months, today) is fresh


def test_s13_a_statement_older_than_its_limit_counts_as_missing_until_somebody_confirms_it(partnership, lead):
    limit = item_of(partnership, Gate.G1, "wanted").fresh_months
    row = given(partnership, Gate.G1, "wanted", confirmed_on=add_months(clock.today(), -limit) - timedelta(days=1))
    stale = line(partnership, Gate.G1, "wanted")
    assert (stale.state, stale.met) == ("stale", False)
    assert "until somebody confirms that it still holds" in stale.sentence
    assert stale.sentence in gates.blockers(Gate.G1, partnership)
    confirm_evidence(partnership=partnership, gate=Gate.G1, key="wanted", by=lead)
    there = line(partnership, Gate.G1, "wanted")
    assert (there.state, there.text) == ("there", row.text)
    row.refresh_from_db()
    assert (row.confirmed_by, row.confirmed_on, row.given_by == lead) == (lead, clock.today(), False)
    event = AuditEvent.objects.get(action="evidence.confirm")
    assert (event.actor_id, event.before["confirmed_on"] < event.after["confirmed_on"]) == (lead.pk, True)


def test_s13_an_old_document_counts_as_missing_until_the_register_says_that_it_holds(partnership):
    limit = next(item for item in shipped()[Gate.G1].items if item.key == "service_design").fresh_months
    document = paper(partnership, "service_design", confirmed_on=add_months(clock.today(), -limit) - timedelta(days=1))
    assert line(partnership, Gate.G1, "service_design").state == "stale"
    Document.objects.filter(pk=document.pk).update(confirmed_on=clock.today())
    assert line(partnership, Gate.G1, "service_design").met


def test_a_confidential_document_is_not_named(partnership):
    paper(partnership, "service_design")
    told = line(partnership, Gate.G1, "service_design").sentence
    assert "Service design" in told
    assert "The service_design" not in told


def test_s15_what_was_given_for_the_first_design_has_to_be_confirmed_for_the_second(partnership, lead):
    given(partnership, Gate.G1, "wanted")
    paper(partnership, "service_design", confirmed_on=clock.today() - timedelta(days=1))
    Partnership.objects.filter(pk=partnership.pk).update(design=2, design_since=clock.today())
    partnership.refresh_from_db()
    for key in ("wanted", "service_design"):
        assert line(partnership, Gate.G1, key).state == "stale"
    assert "the design is now version 2" in line(partnership, Gate.G1, "wanted").sentence
    confirm_evidence(partnership=partnership, gate=Gate.G1, key="wanted", by=lead)
    assert line(partnership, Gate.G1, "wanted").met


# Giving and confirming.


def test_a_statement_is_given_changed_and_kept_in_the_history(partnership, lead):
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    first = give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="Wanted", by=third, version=0)
    give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="Very", by=lead, version=first.version)
    row = GivenEvidence.objects.get()
    assert (row.text, row.given_by, row.version) == ("Very", lead, 2)
    changed, gave = AuditEvent.objects.filter(action="evidence.give").order_by("-pk")
    assert (gave.after["text"], changed.before["text"], changed.after["text"]) == ("Wanted", "Wanted", "Very")


def test_a_stale_page_changes_nothing(partnership, lead):
    given(partnership, Gate.G1, "wanted")
    with pytest.raises(NotNow, match="Somebody else changed this"):
        give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="x", by=lead, version=0)
    with pytest.raises(NotNow):
        confirm_evidence(partnership=partnership, gate=Gate.G1, key="wanted", by=lead, version=7)
    assert GivenEvidence.objects.get().text == "As agreed."


@pytest.mark.parametrize("role", list(PartnershipRole))
def test_whoever_writes_in_the_registers_or_decides_gives_evidence_and_nobody_else(partnership, role):
    by = person_as(role, partnership)
    if ABILITIES[role] & {Ability.KEEP_REGISTERS, Ability.DECIDE}:
        assert give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="x", by=by).given_by == by
        return
    with pytest.raises(NotPermitted, match="give or confirm what a gate asks for"):
        give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="x", by=by)
    with pytest.raises(NotPermitted):
        confirm_evidence(partnership=partnership, gate=Gate.G1, key="wanted", by=by)
    assert not GivenEvidence.objects.exists()


def test_an_empty_statement_and_an_item_that_nobody_asks_for_are_refused(partnership, lead):
    with pytest.raises(ValidationError) as refusal:
        give_evidence(partnership=partnership, gate=Gate.G1, key="wanted", text="  ", by=lead)
    assert "text" in refusal.value.message_dict
    for key in ("nothing", "memorandum", "service_design"):
        with pytest.raises(NotNow, match="asks for no such statement"):
            give_evidence(partnership=partnership, gate=Gate.G1, key=key, text="x", by=lead)
    assert not GivenEvidence.objects.exists()


def test_a_gate_ahead_is_prepared_and_a_gate_behind_is_kept_as_it_stood(partnership, lead):
    give_evidence(partnership=partnership, gate=Gate.G3, key="money_after", text="The board", by=lead)
    with pytest.raises(NotNow, match="Gate G0 is behind"):
        give_evidence(partnership=partnership, gate=Gate.G0, key="need", text="x", by=lead)
    Partnership.objects.filter(pk=partnership.pk).update(stage=Stage.CLOSED)
    with pytest.raises(NotNow, match="is closed"):
        give_evidence(partnership=partnership, gate=Gate.G3, key="money_after", text="y", by=lead)


def test_what_is_fresh_or_was_never_given_is_not_confirmed(partnership, lead):
    item = item_of(partnership, Gate.G1, "wanted")
    assert "has not been given" in blockers_to_confirm(None, item, partnership)[0]
    row = given(partnership, Gate.G1, "wanted")
    assert "fresh enough" in blockers_to_confirm(row, item, partnership)[0]
    with pytest.raises(NotNow, match="fresh enough"):
        confirm_evidence(partnership=partnership, gate=Gate.G1, key="wanted", by=lead)


def test_a_link_needs_a_whole_address(partnership, lead, monkeypatch):
    link = Item("site", "Its own page", "Where people read about it.", ItemKind.LINK)
    monkeypatch.setattr("partnerships.checklist.shipped", lambda: {})
    monkeypatch.setattr("partnerships.actions.evidence.item_of", lambda *args: link)
    for url in ("", "example.org", "javascript:alert(1)"):
        with pytest.raises(ValidationError) as refusal:
            give_evidence(partnership=partnership, gate=Gate.G1, key="site", url=url, by=lead)
        assert "url" in refusal.value.message_dict
    assert give_evidence(partnership=partnership, gate=Gate.G1, key="site", url="https://a.example", by=lead).url


# Every gate, with the checklist that is shipped.


@pytest.mark.parametrize("gate", [Gate.G0, Gate.G1, Gate.G2, Gate.G3])
@pytest.mark.parametrize("variant", list(Variant))
def test_with_nothing_there_every_item_is_missing_in_words_and_with_everything_there_the_gate_opens(gate, variant):
    passage = next(p for p in PASSAGES if p.gate == gate)
    partnership = PartnershipFactory(stage=passage.leaves, variant=variant)
    before = gates.evidence(gate, partnership)
    asked = [item for item in shipped()[gate].items if variant in item.variants]
    shown_if_there = {"sroi", "evaluation_pack"}
    assert {item.key for item in before} == {item.key for item in asked} - shown_if_there
    assert all(item.sentence.endswith(".") for item in before)
    assert len(gates.blockers(gate, partnership)) >= len(asked) - 1 - len(shown_if_there)
    complete(gate, partnership)
    assert gates.blockers(gate, partnership) == []


def test_the_buyers_gates_tell_what_is_missing_and_open_with_their_papers():
    story = preparing(stage=Stage.REDESIGN)
    partnership = story.tender.partnership
    told = " ".join(gates.blockers(Gate.G4, partnership))
    assert "No paper has been reviewed" in told
    assert "“Procurement strategy”" in told
    story.with_criteria().with_papers()
    complete(Gate.G4, partnership, but=("tender", "disclosure"))
    assert gates.blockers(Gate.G4, partnership) == []


def test_a_short_pilot_goes_on_without_a_review_and_a_standard_one_does_not():
    for variant, asked in ((Variant.STANDARD, True), (Variant.SHORT, False)):
        partnership = PartnershipFactory(in_pilot=True, variant=variant)
        complete(Gate.G3, partnership, but=("review",))
        missing = gates.blockers(Gate.G3, partnership)
        assert missing == (["The mid-pilot review has not been held: gate G2 was not passed."] if asked else [])
        assert gates.ahead(partnership, []).gate == (Gate.G2 if asked else Gate.G3)


def test_the_review_counts_for_this_pilot_and_not_for_the_one_before():
    partnership = PartnershipFactory(in_pilot=True)
    earlier = clock.now() - timedelta(days=90)
    passed(Gate.G2, partnership, decided_at=earlier)
    assert ladder.passed(Gate.G2, partnership)
    passed(
        Gate.G3, partnership, outcome=GateOutcome.GO_BACK, enters=Stage.DESIGN, decided_at=earlier + timedelta(days=9)
    )
    assert ladder.passed(Gate.G2, partnership) is None
    passed(Gate.G2, partnership)
    assert ladder.passed(Gate.G2, partnership)


def test_whatever_the_shipped_checklists_ask_for_is_known():
    facts = {fact.key: fact.kind for fact in gates.facts()}
    for version in shipped().values():
        assert 3 <= len(version.items) <= 13
        assert len({item.key for item in version.items}) == len(version.items)
        for item in version.items:
            if item.kind in (ItemKind.FACT, ItemKind.AGREEMENT):
                assert facts[item.source] == item.kind


# The proposal, and the kind of partnership.


def test_s10_gate_g0_leads_from_the_proposal_to_design_when_sponsor_and_officer_agree():
    partnership = PartnershipFactory(proposed=True)
    complete(Gate.G0, partnership)
    sponsor, officer = (
        partnership.members.get(role=role).person
        for role in (PartnershipRole.SPONSOR, PartnershipRole.PROCUREMENT_OFFICER)
    )
    lead = partnership.members.get(role=PartnershipRole.PUBLIC_LEAD).person
    with pytest.raises(NotPermitted, match="the procurement officer and the sponsor"):
        propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="x", by=lead)
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.PASS, reason="Right", by=sponsor)
    sign_decision(decision=decision, by=officer)
    partnership.refresh_from_db()
    decision.refresh_from_db()
    assert (partnership.stage, partnership.design, decision.checklist) == (Stage.DESIGN, 1, 1)
    kept = {item["key"]: item for item in decision.evidence}
    assert (kept["need"]["text"], kept["need"]["state"]) == ("As agreed.", "there")
    assert set(kept) == {item.key for item in shipped()[Gate.G0].items}


@pytest.mark.parametrize("stage", list(Stage))
def test_the_kind_of_partnership_changes_until_gate_g1_is_passed(stage):
    partnership = PartnershipFactory(stage=stage)
    by = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    facts = {"title": "t", "need": "n", "service": "", "client_group": "c", "area": "fife", "sponsor": "s"}

    def change():
        edit_partnership(partnership=partnership, **facts, variant="short", by=by)

    if stage in (Stage.PROPOSED, Stage.DESIGN):
        change()
    elif stage in (Stage.CLOSED, Stage.STOPPED):
        with pytest.raises(NotNow):
            change()
    else:
        with pytest.raises(ValidationError) as refusal:
            change()
        assert "variant" in refusal.value.message_dict
    partnership.refresh_from_db()
    assert (partnership.variant == "short") == (stage in (Stage.PROPOSED, Stage.DESIGN))
