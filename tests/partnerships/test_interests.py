"""Declared interests: who stands aside from a decision, what that leaves behind, and when nobody is left to sign."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates, quorum, waiting
from partnerships.actions.decision import open_decision, propose_decision, sign_decision, withdraw_decision
from partnerships.actions.interest import declare_interest, end_interest
from partnerships.actions.partner import add_member
from partnerships.lifecycle import GateOutcome, Stage, passage_from
from partnerships.models import Interest, Partnership, Recusal
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import (
    InterestFactory,
    MemberFactory,
    PartnershipFactory,
    person_as,
)

pytestmark = pytest.mark.django_db

HOSTILE = ["", "x" * 5001, "\x00", "\u202eevil", "<script>alert(1)</script>", "{{ 7|add:7 }}", "31/2/2026", "1/1/0001"]


@pytest.fixture(autouse=True)
def _gates_ask_for_nothing(monkeypatch):
    monkeypatch.setattr(gates, "evidence", lambda gate, partnership, version=None: [])


def declare(partnership, by, **changes):
    facts = {"nature": "My wife is a trustee", "organisation": "Kingdom Wheels", "since": clock.today()}
    return declare_interest(partnership=partnership, **facts | changes, by=by)


def propose(partnership, by, outcome=GateOutcome.PASS):
    return propose_decision(partnership=partnership, outcome=outcome, reason="It is ready", by=by)


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def test_s11_a_signer_with_an_interest_is_refused_recused_and_the_quorum_is_counted_without_him(
    partnership, public, third
):
    decision = propose(partnership, public)
    # He got the role after the proposal, with an interest declared long before: only his try can leave the recusal.
    second = PersonFactory(organisation=partnership.third_sector_lead)
    InterestFactory(partnership=partnership, person=second)
    MemberFactory(partnership=partnership, person=second, role=PartnershipRole.THIRD_SECTOR_LEAD)
    with pytest.raises(NotNow, match=r"You declared an interest: .* signed without you"):
        sign_decision(decision=decision, by=second)
    decision.refresh_from_db()
    assert decision.is_open
    assert [signature.signed_by for signature in decision.signatures.all()] == [public]
    assert decision.recusals.get().person == second
    refusal = AuditEvent.objects.of(partnership.audit_scope).filter(outcome=Outcome.REFUSED).get()
    assert (refusal.action, refusal.actor_id) == ("decision.sign", second.pk)
    assert "You declared an interest" in refusal.reason
    # The quorum is one signature for each role from people without an interest: the other lead completes it.
    sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.PILOT
    taken = AuditEvent.objects.get(action="decision.take")
    assert taken.after["recusals"] == [str(decision.recusals.get())]


def test_s12_with_the_quorum_lost_by_a_recusal_no_decision_is_taken_and_the_gate_stays_open(
    client, partnership, public, third
):
    decision = propose(partnership, public)
    declare(partnership, third)
    with pytest.raises(NotNow, match="You declared an interest"):
        sign_decision(decision=decision, by=third)
    partnership.refresh_from_db()
    decision.refresh_from_db()
    assert (partnership.stage, decision.decided_at, open_decision(partnership)) == (Stage.DESIGN, None, decision)
    client.force_login(public)
    page = client.get(address("gate_at", partnership.public_id, "G1")).content.decode()
    assert "Everybody who is third sector lead has declared an interest" in page
    assert "Give another person without an interest the role “Third sector lead”" in page
    assert "stands aside" in page
    successor = add_member(
        partnership=partnership, email="new@example.org", name="New Lead", by=public,
        organisation=partnership.third_sector_lead, role=PartnershipRole.THIRD_SECTOR_LEAD,
    ).person  # fmt: skip
    type(successor).objects.filter(pk=successor.pk).update(is_active=True)
    sign_decision(decision=decision, by=successor)
    partnership.refresh_from_db()
    assert partnership.stage == Stage.PILOT


def test_nothing_can_be_proposed_where_nobody_is_left_to_sign(partnership, public, third):
    declare(partnership, third)
    with pytest.raises(NotNow, match="Everybody who is third sector lead"):
        propose(partnership, public, GateOutcome.NOT_YET)
    with pytest.raises(NotNow, match="You declared an interest"):
        propose(partnership, third)
    assert open_decision(partnership) is None
    assert not Recusal.objects.exists()


def test_a_proposal_names_at_once_everybody_who_stands_aside(partnership, public, third):
    second = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    observer = person_as(PartnershipRole.OBSERVER, partnership)
    declare(partnership, second)
    declare(partnership, observer)
    decision = propose(partnership, public)
    assert [recusal.person for recusal in decision.recusals.all()] == [second]
    event = AuditEvent.objects.get(action="decision.propose")
    assert event.after["recusals"] == [f"{second} stands aside: My wife is a trustee (Kingdom Wheels)"]


def test_declaring_after_signing_takes_the_proposal_off_the_table(partnership, public, third):
    decision = propose(partnership, public)
    declare(partnership, public)
    decision.refresh_from_db()
    assert decision.withdrawn_at is not None
    assert "who had signed, declared an interest" in decision.withdrawn_because
    assert decision.recusals.get().person == public
    with pytest.raises(NotNow, match="withdrawn"):
        sign_decision(decision=decision, by=third)


def test_declaring_by_somebody_who_does_not_decide_leaves_the_open_decision_alone(partnership, public):
    decision = propose(partnership, public)
    declare(partnership, person_as(PartnershipRole.OBSERVER, partnership))
    decision.refresh_from_db()
    assert decision.is_open
    assert not decision.recusals.exists()


def test_whoever_has_an_interest_does_not_withdraw_the_others_proposal_either(partnership, public, third):
    decision = propose(partnership, public)
    declare(partnership, third)
    with pytest.raises(NotNow, match="You declared an interest"):
        withdraw_decision(decision=decision, reason="I do not like it", by=third)
    decision.refresh_from_db()
    assert decision.is_open


def test_ending_an_interest_does_not_bring_one_back_into_the_decision_one_stood_aside_from(partnership, public, third):
    long_ago = clock.today() - timedelta(days=30)
    interest = declare(partnership, third, since=long_ago)
    end_interest(interest=interest, ended_on=clock.today() - timedelta(days=1), by=third)
    decision = propose(partnership, public)
    assert not decision.recusals.exists()
    again = declare(partnership, third, since=long_ago)
    end_interest(interest=again, ended_on=clock.today() - timedelta(days=1), by=third)
    with pytest.raises(NotNow, match="You stood aside from this decision"):
        sign_decision(decision=decision, by=third)


def test_an_interest_counts_until_the_end_of_the_day_it_ends_on(partnership, public, third):
    interest = declare(partnership, third)
    end_interest(interest=interest, ended_on=clock.today(), by=third)
    passage = passage_from(partnership.stage)
    assert quorum.lost(passage, partnership)
    with clock.at(clock.now() + timedelta(days=1)):
        assert quorum.lost(passage, partnership) == []


def test_declaring_writes_one_row_and_one_event(partnership, public):
    interest = declare(partnership, public)
    assert Interest.objects.get() == interest
    assert interest.is_current
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("interest.declare", partnership.audit_scope)
    assert event.after["organisation"] == "Kingdom Wheels"


@pytest.mark.parametrize("role", list(PartnershipRole))
def test_every_member_may_declare(partnership, role):
    assert declare(partnership, person_as(role, partnership)).is_current


def test_somebody_without_a_part_and_a_closed_partnership_are_refused(partnership):
    with pytest.raises(NotPermitted, match="You may not declare an interest"):
        declare(partnership, PersonFactory())
    closed = PartnershipFactory(closed=True)
    with pytest.raises(NotNow, match="closed"):
        declare(closed, person_as(PartnershipRole.OBSERVER, closed))
    assert not Interest.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"), [({"since": clock.today() + timedelta(days=1)}, "since"), ({"nature": " "}, "nature")]
)
def test_what_cannot_be_is_said_beside_the_field(partnership, public, changes, field):
    decision = propose(partnership, public)
    with pytest.raises(ValidationError) as refusal:
        declare(partnership, public, **changes)
    assert field in refusal.value.message_dict
    decision.refresh_from_db()
    assert decision.is_open
    assert not Interest.objects.exists()


def test_ending_is_for_the_one_who_declared_it_once_and_not_before_it_began(partnership, public, third):
    interest = declare(partnership, third, since=clock.today() - timedelta(days=3))
    with pytest.raises(NotPermitted, match="Only "):
        end_interest(interest=interest, ended_on=clock.today(), by=public)
    for day in (clock.today() - timedelta(days=4), clock.today() + timedelta(days=1)):
        with pytest.raises(ValidationError):
            end_interest(interest=interest, ended_on=day, by=third)
    with pytest.raises(NotNow, match="changed this"):
        end_interest(interest=interest, ended_on=clock.today(), by=third, version=9)
    end_interest(interest=interest, ended_on=clock.today(), by=third, version=1)
    assert AuditEvent.objects.filter(action="interest.end", outcome=Outcome.ALLOWED).count() == 1
    with pytest.raises(NotNow, match="ended on"):
        end_interest(interest=interest, ended_on=clock.today(), by=third)


def test_an_interest_in_one_partnership_says_nothing_about_another(partnership, public):
    other = PartnershipFactory()
    MemberFactory(partnership=other, person=public, role=PartnershipRole.PUBLIC_LEAD)
    declare(other, public)
    assert propose(partnership, public).is_open


def test_a_decision_one_stands_aside_from_is_not_on_ones_list(partnership, public, third):
    propose(partnership, public)
    assert len(waiting.decisions(third)) == 1
    declare(partnership, third)
    assert waiting.decisions(third) == []


def test_the_register_is_read_by_members_and_by_nobody_else(client, partnership, third):
    interest = declare(partnership, third)
    for role in PartnershipRole:
        client.force_login(person_as(role, partnership))
        page = client.get(address("interests", partnership.public_id))
        assert (page.status_code, "Kingdom Wheels" in page.content.decode()) == (200, True)
        assert client.get(address("interest_end", partnership.public_id, interest.public_id)).status_code == 403
    client.force_login(PersonFactory(administrator=True))
    for name in ("interests", "interest_declare"):
        assert client.get(address(name, partnership.public_id)).status_code == 404
    client.logout()
    assert client.get(address("interests", partnership.public_id)).status_code == 302


def test_an_interest_is_declared_and_ended_in_the_browser(client, partnership, third):
    client.force_login(third)
    assert "Nobody has a current interest" in client.get(address("interests", partnership.public_id)).content.decode()
    url = address("interest_declare", partnership.public_id)
    token = client.get(url).context["form"]["form_token"].value()
    data = {"nature": "I own shares", "organisation": "Wheels Ltd", "since": "1/3/2026", "form_token": token}
    for _ in range(2):  # a double click
        assert client.post(url, data).status_code == 302
    interest = Interest.objects.get()
    page = client.get(address("gate_at", partnership.public_id, "G1")).content.decode()
    assert "You declared an interest: I own shares (Wheels Ltd)" in page
    assert "Propose a decision" not in page
    where = (partnership.public_id, interest.public_id)
    bad = client.post(address("interest_end", *where), {"ended_on": "1/1/2026", "version": 1})
    assert "choose a later date" in bad.content.decode()
    assert client.post(address("interest_end", *where), {"ended_on": "2/3/2026", "version": 1}).status_code == 302
    assert "2 Mar" in client.get(address("interests", partnership.public_id)).content.decode()
    assert client.get(address("interest_end", partnership.public_id, InterestFactory().public_id)).status_code == 404


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_input_gets_a_message_or_is_escaped(client, partnership, third, value):
    client.force_login(third)
    url = address("interest_declare", partnership.public_id)
    page = client.post(url, {"nature": value, "organisation": value, "since": value})
    assert page.status_code == 200
    good_date = client.post(url, {"nature": value, "organisation": value, "since": "1/3/2026"}, follow=True)
    assert "<script>alert(1)" not in good_date.content.decode()


def test_signing_with_an_interest_in_the_browser_is_a_message_and_not_a_broken_page(client, partnership, public, third):
    decision = propose(partnership, public)
    declare(partnership, third)
    client.force_login(third)
    page = client.post(address("decision_sign", partnership.public_id, decision.public_id), {})
    assert page.status_code == 200
    assert "You declared an interest" in page.content.decode()
    page = client.post(
        address("decision_propose", partnership.public_id, "G1"), {"outcome": "not_yet", "reason": "x", "version": 1}
    )
    assert "You declared an interest" in page.content.decode()


@pytest.mark.parametrize("name", ["interests", "gate"])
def test_the_pages_take_the_same_few_queries_at_1_3_and_300_interests(client, name, django_assert_max_num_queries):
    partnership = PartnershipFactory(in_pilot=True)
    public = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    decision = propose(Partnership.objects.get(), public, GateOutcome.NOT_YET)
    sign_decision(decision=decision, by=third)
    open_one = propose(Partnership.objects.get(), public, GateOutcome.NOT_YET)
    for rows in (1, 2, 297):
        for _ in range(rows):
            interest = InterestFactory(partnership=partnership)
            Recusal.objects.create(decision=decision, person=interest.person, interest=interest)
            Recusal.objects.create(decision=open_one, person=interest.person, interest=interest)
        with django_assert_max_num_queries(20) as captured:
            client.get(address(name, partnership.public_id))
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
