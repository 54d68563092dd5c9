"""Conflicting roles: one acting role at a time, what it permits, what it shows, and when it cannot be changed."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.acting import act_as, blockers_to_act_otherwise
from partnerships.actions.decision import propose_decision, withdraw_decision
from partnerships.actions.extension import propose_extension, withdraw_extension
from partnerships.actions.risk import add_risk
from partnerships.lifecycle import GateOutcome
from partnerships.models import ActingRole, Partnership, found_for, held_by, parts_of, roles_of
from partnerships.permissions import Ability, abilities_of, can, require, where_may
from partnerships.roles import CONFLICTING, PartnershipRole, acting, conflict, torn
from procurement.permissions import buyer_roles
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
R = PartnershipRole
ROLES = st.lists(st.sampled_from(list(R)), max_size=len(R))


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def both(partnership):
    """Third sector lead first, procurement officer of the public lead since, and an observer besides."""
    person = person_as(R.THIRD_SECTOR_LEAD, partnership, organisation=partnership.public_lead)
    for role in (R.PROCUREMENT_OFFICER, R.OBSERVER):
        MemberFactory(partnership=partnership, person=person, role=role, joined_on=date(2021, 1, 1))
    return person


def fresh(person):
    return type(person).objects.get(pk=person.pk)


# The table


def test_the_conflicting_pairs_are_these_and_no_others():
    assert {tuple(sorted(pair)) for pair in CONFLICTING} == {
        ("procurement_officer", "third_sector_lead"), ("partner_manager", "procurement_officer"),
        ("sponsor", "third_sector_lead"), ("partner_manager", "sponsor"),
        ("evaluator", "public_lead"), ("evaluator", "third_sector_lead"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("held", "chosen", "acts_in"),
    [
        ([], None, set()),
        ([R.PROJECT_LEAD, R.PUBLIC_LEAD], None, {R.PROJECT_LEAD, R.PUBLIC_LEAD}),
        ([R.SPONSOR, R.PARTNER_MANAGER], None, {R.SPONSOR}),
        ([R.PARTNER_MANAGER, R.SPONSOR, R.OBSERVER], None, {R.PARTNER_MANAGER, R.OBSERVER}),
        ([R.PARTNER_MANAGER, R.SPONSOR], R.SPONSOR, {R.SPONSOR}),
        ([R.PARTNER_MANAGER], R.SPONSOR, {R.PARTNER_MANAGER}),
        ([R.THIRD_SECTOR_LEAD, R.EVALUATOR, R.SPONSOR], None, {R.THIRD_SECTOR_LEAD}),
        ([R.THIRD_SECTOR_LEAD, R.EVALUATOR, R.SPONSOR], R.SPONSOR, {R.SPONSOR, R.EVALUATOR}),
    ],
)
def test_which_roles_are_acted_in_by_hand(held, chosen, acts_in):
    assert acting(held, chosen) == acts_in


@given(ROLES, st.none() | st.sampled_from(list(R)))
def test_nobody_ever_acts_in_two_conflicting_roles_and_nothing_else_is_lost(held, chosen):
    found = acting(held, chosen)
    assert found <= set(held)
    assert not any(conflict(one, other) for one in found for other in found)
    assert all(any(conflict(role, other) for other in found) for role in set(held) - found)
    assert set(held) - found <= set(torn(held))
    assert chosen not in held or chosen in found


# What it permits


def test_abilities_come_from_the_role_held_first_until_another_is_chosen(partnership, both):
    assert roles_of(both, partnership) == {R.THIRD_SECTOR_LEAD, R.OBSERVER}
    assert can(both, Ability.SIGN_MEMORANDUM, partnership)
    assert not can(both, Ability.PREPARE_TENDER, partnership)
    assert where_may(both, Ability.PREPARE_TENDER) == []
    assert buyer_roles(both, partnership) == frozenset()
    act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    both = fresh(both)
    assert roles_of(both, partnership) == held_by(both)[partnership.pk] == {R.PROCUREMENT_OFFICER, R.OBSERVER}
    assert where_may(both, Ability.PREPARE_TENDER) == [partnership.pk]
    assert Ability.SIGN_MEMORANDUM not in abilities_of(both, partnership)
    assert buyer_roles(both, partnership)
    with pytest.raises(NotPermitted, match="You hold the role Third sector lead, but act as Procurement officer now"):
        require(both, Ability.EDIT_BUDGET, partnership)
    row = ActingRole.objects.get()
    event = AuditEvent.objects.get()
    assert (row.role, event.scope) == (R.PROCUREMENT_OFFICER, partnership.audit_scope)
    assert event.after == {"acts_in": ["observer", "procurement_officer"], "set_aside": ["third_sector_lead"]}


def test_the_choice_counts_in_one_partnership_only_and_ends_with_the_role(partnership, both):
    other = PartnershipFactory()
    for role in (R.THIRD_SECTOR_LEAD, R.PROCUREMENT_OFFICER):
        MemberFactory(partnership=other, person=both, role=role)
    act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    assert roles_of(both, other) == {R.THIRD_SECTOR_LEAD}
    partnership.members.filter(person=both, role=R.PROCUREMENT_OFFICER).update(left_on=date(2022, 1, 1))
    assert roles_of(both, partnership) == {R.THIRD_SECTOR_LEAD, R.OBSERVER}
    assert parts_of(both, partnership).set_aside == []


def test_roles_cost_one_query_whether_or_not_they_conflict(partnership, both, django_assert_num_queries):
    plain = person_as(R.OBSERVER, partnership)
    for person in (plain, both):
        with django_assert_num_queries(1):
            roles_of(person, partnership)
        with django_assert_num_queries(1):
            held_by(person)


def test_a_partnership_is_found_with_ones_roles_by_whoever_sees_it_and_by_nobody_else(
    partnership, both, django_assert_num_queries
):
    today = clock.today()
    other, gone, early, shut = (person_as(R.OBSERVER, partnership) for _ in range(4))
    gone.memberships.update(left_on=today - timedelta(days=1))
    early.memberships.update(joined_on=today + timedelta(days=1))
    shut.is_active = False
    act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    for person in (both, other, gone, early, shut, PersonFactory()):
        seen = Partnership.objects.visible_to(person).filter(pk=partnership.pk).exists()
        found = found_for(person, partnership.public_id)
        assert (found is not None) == seen == (person in (both, other))
        assert not seen or found == (partnership, parts_of(person, partnership))
        assert found_for(person, PartnershipFactory().public_id) is None
    with django_assert_num_queries(1):
        found, _ = found_for(both, partnership.public_id)
        assert found.public_lead != found.third_sector_lead


# The verb


def test_only_who_holds_two_conflicting_roles_chooses_and_only_among_them(partnership, both):
    for person in (person_as(R.PUBLIC_LEAD, partnership), PersonFactory()):
        with pytest.raises(NotPermitted, match="nothing to choose"):
            act_as(partnership=partnership, role=R.SPONSOR, by=person)
    for role in (R.OBSERVER, R.SPONSOR, "", "captain"):
        with pytest.raises(ValidationError, match="one of your own roles"):
            act_as(partnership=partnership, role=role, by=both)
    assert not ActingRole.objects.exists()
    assert [event.outcome for event in AuditEvent.objects.all()] == [Outcome.REFUSED] * 2


def test_no_change_of_sides_while_ones_own_signature_stands_under_an_open_proposal(partnership, both):
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=both)
    with pytest.raises(NotNow, match="Your signature stands under"):
        act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    assert not ActingRole.objects.exists()
    withdraw_decision(decision=decision, reason="Later", by=both)
    given = {"months": 6, "reason": "r", "amount": Decimal("1"), "source": "s"}
    extension = propose_extension(partnership=partnership, by=both, **given)
    assert len(blockers_to_act_otherwise(partnership, both)) == 1
    withdraw_extension(extension=extension, reason="Later", by=both)
    act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    third = person_as(R.THIRD_SECTOR_LEAD, partnership)
    propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=third)
    act_as(partnership=partnership, role=R.THIRD_SECTOR_LEAD, by=both)
    assert roles_of(both, partnership) == {R.THIRD_SECTOR_LEAD, R.OBSERVER}


def test_a_signature_is_given_in_the_acting_role_only(partnership, both):
    act_as(partnership=partnership, role=R.PROCUREMENT_OFFICER, by=both)
    with pytest.raises(NotPermitted, match="You hold the role Third sector lead"):
        propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=both)


# The pages


def test_every_page_says_in_which_role_one_acts_and_how_to_change_it(client, partnership, both):
    client.force_login(both)
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "You act as Third sector lead, Observer, not as Procurement officer" in page
    url = reverse("partnerships:act_as", args=[partnership.public_id])
    assert url in client.get(reverse("partnerships:risks", args=[partnership.public_id])).content.decode()
    assert "Procurement officer (and not as Third sector lead)" in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 200
    assert client.post(url, {"role": "observer"}).status_code == 200
    page = client.post(url, {"role": "procurement_officer"}, follow=True).content.decode()
    assert "You act as Procurement officer, Observer, not as Third sector lead" in page
    closed = reverse("partnerships:fund_add", args=[partnership.public_id])
    assert client.get(closed).status_code == 403
    assert "change that at the top of the partnership’s page" in client.get(closed).content.decode()


def test_whoever_holds_no_conflicting_roles_is_not_asked(client, partnership):
    url = reverse("partnerships:act_as", args=[partnership.public_id])
    client.force_login(person_as(R.PUBLIC_LEAD, partnership))
    page = client.get(partnership.get_absolute_url()).content.decode()
    assert "Your role: Public sector lead" in page
    assert url not in page
    assert client.get(url).status_code == 403
    client.force_login(PersonFactory(administrator=True))
    assert client.get(url).status_code == 404


def test_registers_are_written_in_either_role(partnership, both):
    """Both roles keep them: nothing that either role may do is lost by choosing."""
    given = {
        "title": "t",
        "likelihood": 1,
        "impact": 1,
        "mitigation": "m",
        "owner": both,
        "review_on": date(2090, 1, 1),
    }
    for role in (R.PROCUREMENT_OFFICER, R.THIRD_SECTOR_LEAD):
        act_as(partnership=partnership, role=role, by=both)
        add_risk(partnership=partnership, by=both, **given)
    assert partnership.risks.count() == 2
