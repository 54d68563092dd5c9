"""Funds, instalments and allocations: the verbs, who may, what they leave behind."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.budget import allocatable, allocate, change_budget_line, remove_budget_line
from partnerships.actions.fund import (
    add_fund,
    add_instalment,
    change_fund,
    change_instalment,
    receive_instalment,
    remove_fund,
    remove_instalment,
    take_back_receipt,
)
from partnerships.actions.notice import hand_over, leave, takers
from partnerships.lifecycle import OVER, Stage
from partnerships.models import Allocation, BudgetLine, Fund, Instalment, Partnership, books_of
from partnerships.roles import PartnershipRole
from partnerships.waiting import leavers
from tests.factories.partnerships import (
    AllocationFactory,
    BudgetLineFactory,
    FundFactory,
    InstalmentFactory,
    PartnerFactory,
    PartnershipFactory,
    person_as,
)

pytestmark = pytest.mark.django_db
D = Decimal
KEEPERS = [PartnershipRole.PROJECT_LEAD, PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD]
OTHERS = [role for role in PartnershipRole if role not in KEEPERS]
TODAY = date(2026, 11, 2)


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 2, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory()


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PROJECT_LEAD, partnership)


def facts(**changed):
    return {
        "source": "Third Sector Fund", "kind": "grant", "amount": D("60000.00"), "in_kind": False, "what": "",
        "valued_how": "", "conditions": "A report a year", "from_on": date(2026, 4, 1), "until_on": date(2028, 3, 31),
        "certainty": "confirmed",
    } | changed  # fmt: skip


HELP = {"in_kind": True, "what": "Rooms", "valued_how": "104 days at £50"}


def attempts(partnership):
    """Every verb about the money of a partnership, ready to be tried by somebody."""
    fund = FundFactory(partnership=partnership)
    waiting, arrived = InstalmentFactory(fund=fund), InstalmentFactory(fund=fund)
    Instalment.objects.filter(pk=arrived.pk).update(
        received_on=TODAY, received_by=person_as(PartnershipRole.OBSERVER, partnership)
    )
    arrived.refresh_from_db()
    line = BudgetLineFactory(partnership=partnership)
    partner = PartnerFactory(partnership=partnership)
    planned = {"due_on": TODAY, "amount": D("5.00"), "condition": ""}
    spare = FundFactory(partnership=partnership)
    return {
        "fund.add": lambda by: add_fund(partnership=partnership, by=by, **facts()),
        "fund.change": lambda by: change_fund(fund=fund, by=by, version=1, **facts()),
        "fund.remove": lambda by: remove_fund(fund=spare, by=by),
        "instalment.add": lambda by: add_instalment(fund=fund, by=by, **planned),
        "instalment.change": lambda by: change_instalment(instalment=waiting, by=by, version=1, **planned),
        "instalment.receive": lambda by: receive_instalment(instalment=waiting, received_on=TODAY, by=by),
        "instalment.take_back": lambda by: take_back_receipt(instalment=waiting, reason="Wrong account", by=by),
        "instalment.remove": lambda by: remove_instalment(instalment=waiting, by=by),
        "budget.allocate": lambda by: allocate(line=line, amounts={partner.public_id: D("5.00")}, by=by, version=1),
    }


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Fund, Instalment, BudgetLine, Allocation)]


WHO_AND_WHEN = [(role, Stage.PILOT) for role in KEEPERS] + [
    (KEEPERS[0], stage) for stage in Stage if stage not in (*OVER, Stage.PILOT)
]


@pytest.mark.parametrize(("role", "stage"), WHO_AND_WHEN)
def test_whoever_edits_the_budget_does_all_of_it_and_each_verb_leaves_one_event(role, stage):
    partnership = PartnershipFactory(stage=stage)
    by = person_as(role, partnership)
    tried = attempts(partnership)
    for attempt in tried.values():
        attempt(by)
    events = AuditEvent.objects.order_by("seq")
    assert [event.action for event in events] == list(tried)
    assert {(event.scope, event.outcome) for event in events} == {(partnership.audit_scope, Outcome.ALLOWED)}


@pytest.mark.parametrize("role", OTHERS)
def test_other_roles_are_told_who_may_and_nothing_changes(partnership, role):
    by = person_as(role, partnership)
    tried = attempts(partnership)
    before = rows()
    for attempt in tried.values():
        with pytest.raises(NotPermitted, match=r"You may not change the budget\. These roles may"):
            attempt(by)
    assert rows() == before
    assert [event.outcome for event in AuditEvent.objects.all()] == [Outcome.REFUSED] * len(tried)


@pytest.mark.parametrize("stage", OVER)
def test_the_money_of_a_partnership_that_is_over_stays_as_it_is(partnership, lead, stage):
    tried = attempts(partnership)
    Instalment.objects.update(received_on=None, received_by=None)
    Partnership.objects.update(stage=stage)
    before = rows()
    for name, attempt in tried.items():
        with pytest.raises(NotNow, match="not been received" if name == "instalment.take_back" else "closed|stopped"):
            attempt(lead)
    assert rows() == before


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"source": " "}, "source"), ({"kind": "gold"}, "kind"), ({"certainty": "maybe"}, "certainty"),
        ({"amount": D("0")}, "amount"), ({"until_on": date(2026, 3, 31)}, "until_on"),
        (HELP | {"what": " "}, "what"), (HELP | {"valued_how": ""}, "valued_how"),
        ({"what": "Rooms"}, "what"), ({"valued_how": "By eye"}, "valued_how"),
    ],
)  # fmt: skip
def test_a_fund_that_cannot_be_is_told_beside_the_field_and_leaves_nothing(partnership, lead, wrong, field):
    with pytest.raises(ValidationError) as refusal:
        add_fund(partnership=partnership, by=lead, **facts(**wrong))
    assert list(refusal.value.message_dict) == [field]
    assert not Fund.objects.exists()
    assert not AuditEvent.objects.exists()


def test_help_in_kind_says_what_and_how_it_was_valued_and_counts_as_promised(partnership, lead):
    fund = add_fund(partnership=partnership, by=lead, **facts(**HELP, amount=D("5200.00")))
    add_fund(partnership=partnership, by=lead, **facts(certainty="hoped_for"))
    books = books_of(partnership)
    assert (books.in_kind, books.promised, books.hoped) == (D("5200.00"), D("5200.00"), D("60000.00"))
    assert AuditEvent.objects.first().summary == "added £5,200 in kind from Third Sector Fund, confirmed"
    with pytest.raises(NotNow, match="Help in kind does not arrive in instalments"):
        add_instalment(fund=fund, due_on=TODAY, amount=D("1"), condition="", by=lead)


def test_instalments_never_come_to_more_than_the_fund_and_the_difference_is_told(partnership, lead):
    fund = FundFactory(partnership=partnership, amount=D("60000.00"))
    first = InstalmentFactory(fund=fund, amount=D("45000.00"))
    with pytest.raises(ValidationError, match=r"That is £500.50 too much") as refusal:
        add_instalment(fund=fund, due_on=TODAY, amount=D("15500.50"), condition="", by=lead)
    assert list(refusal.value.message_dict) == ["amount"]
    second = add_instalment(fund=fund, due_on=TODAY, amount=D("15000.00"), condition="Report is in", by=lead)
    with pytest.raises(NotNow, match="come to all of the £60,000"):
        add_instalment(fund=fund, due_on=TODAY, amount=D("0.01"), condition="", by=lead)
    with pytest.raises(ValidationError, match=r"That is £0.01 too much"):
        change_instalment(instalment=first, due_on=TODAY, amount=D("45000.01"), condition="", by=lead)
    change_instalment(instalment=first, due_on=TODAY, amount=D("44000.00"), condition="", by=lead, version=1)
    with pytest.raises(ValidationError, match="Its instalments come to £1,000 more than that"):
        change_fund(fund=fund, by=lead, **facts(amount=D("58000.00")))
    with pytest.raises(ValidationError, match="It has instalments, so it is money"):
        change_fund(fund=fund, by=lead, **facts(**HELP))
    for amount in ("0", "-1"):
        with pytest.raises(ValidationError, match="above £0"):
            change_instalment(instalment=second, due_on=TODAY, amount=D(amount), condition="", by=lead)
    fund.refresh_from_db()
    assert (fund.planned, fund.version) == (D("59000.00"), 1)


def test_an_instalment_is_received_once_on_a_day_that_has_come_by_a_named_person(partnership, lead):
    instalment = InstalmentFactory(fund__partnership=partnership)
    assert instalment.is_late
    with pytest.raises(ValidationError, match="today or an earlier day"):
        receive_instalment(instalment=instalment, received_on=date(2026, 11, 3), by=lead)
    assert books_of(partnership).received == 0
    receive_instalment(instalment=instalment, received_on=TODAY, by=lead, version=1)
    instalment.refresh_from_db()
    assert (instalment.received_on, instalment.received_by, instalment.is_late) == (TODAY, lead, False)
    assert books_of(partnership).received == D("15000.00")
    planned = {"due_on": TODAY, "amount": D("1"), "condition": ""}
    for attempt in (
        lambda: receive_instalment(instalment=instalment, received_on=TODAY, by=lead),
        lambda: change_instalment(instalment=instalment, by=lead, **planned),
        lambda: remove_instalment(instalment=instalment, by=lead),
        lambda: remove_fund(fund=instalment.fund, by=lead),
    ):
        with pytest.raises(NotNow, match="was received"):
            attempt()
    with pytest.raises(ValidationError, match="more than a hope"):
        change_fund(fund=instalment.fund, by=lead, **facts(certainty="hoped_for"))
    with pytest.raises(ValidationError, match="Say what was wrong"):
        take_back_receipt(instalment=instalment, reason=" ", by=lead)
    take_back_receipt(instalment=instalment, reason="It was another grant", by=lead, version=2)
    remove_fund(fund=instalment.fund, by=lead)
    assert not Fund.objects.exists()
    assert AuditEvent.objects.get(action="instalment.take_back").reason == "It was another grant"


def test_nothing_arrives_from_a_fund_that_is_only_hoped_for(lead, partnership):
    instalment = InstalmentFactory(fund__partnership=partnership, fund__certainty="hoped_for")
    with pytest.raises(NotNow, match="only hoped for"):
        receive_instalment(instalment=instalment, received_on=TODAY, by=lead)


def test_a_stale_tab_is_told(partnership, lead):
    fund = FundFactory(partnership=partnership)
    line = BudgetLineFactory(partnership=partnership)
    change_fund(fund=fund, by=lead, version=1, **facts())
    allocate(line=line, amounts={}, by=lead, version=1)
    with pytest.raises(NotNow, match="changed this"):
        change_fund(fund=fund, by=lead, version=1, **facts())
    with pytest.raises(NotNow, match="changed this"):
        allocate(line=line, amounts={}, by=lead, version=1)


# Allocations


def test_allocations_never_come_to_more_than_the_line_and_the_rest_is_shown(partnership, lead):
    line = BudgetLineFactory(partnership=partnership, amount=D("40000.00"))
    one, other = PartnerFactory.create_batch(2, partnership=partnership)
    with pytest.raises(ValidationError, match=r"come to £0.01 more than the £40,000 of this line"):
        allocate(line=line, amounts={one.public_id: D("25000"), other.public_id: D("15000.01")}, by=lead)
    assert not Allocation.objects.exists()
    allocate(line=line, amounts={one.public_id: D("25000"), other.public_id: D("5000")}, by=lead)
    books = books_of(partnership)
    assert (books.allocated, books.unallocated) == (D("30000.00"), D("10000.00"))
    assert books.by_partner == {one.pk: D("25000.00"), other.pk: D("5000.00")}
    allocate(line=line, amounts={other.public_id: D("6000"), one.public_id: D("0")}, by=lead)
    assert books_of(partnership).by_partner == {other.pk: D("6000.00")}
    event = AuditEvent.objects.order_by("pk").last()
    assert event.summary == "allocated £6,000 of the £40,000 for “Delivery staff” to partners"
    assert (event.before[str(one)], event.after) == ("25000.00", {str(other): "6000.00"})
    with pytest.raises(ValidationError, match="Partners are allocated £1,000 more than that"):
        change_budget_line(line=line, heading="other", amount=D("5000"), note="", by=lead)
    remove_budget_line(line=line, by=lead)
    assert not Allocation.objects.exists()
    assert AuditEvent.objects.order_by("pk").last().before["allocations"] == {str(other): "6000.00"}


def test_only_partners_of_today_are_given_money_and_below_zero_goes_to_nobody(partnership, lead):
    line = BudgetLineFactory(partnership=partnership)
    gone = PartnerFactory(partnership=partnership, left_on=date(2026, 10, 1))
    stranger, present = PartnerFactory(), PartnerFactory(partnership=partnership)
    for wrong, told in ((gone, "not a partner any more"), (stranger, "not a partner any more")):
        with pytest.raises(ValidationError, match=told):
            allocate(line=line, amounts={wrong.public_id: D("1")}, by=lead)
    with pytest.raises(ValidationError, match="£0 or more"):
        allocate(line=line, amounts={present.public_id: D("-1")}, by=lead)
    AllocationFactory(line=line, partner=gone, amount=D("500.00"))
    assert set(allocatable(line)) == {gone, present}
    with pytest.raises(ValidationError, match="it keeps what it had, or gets less"):
        allocate(line=line, amounts={gone.public_id: D("500.01")}, by=lead)
    allocate(line=line, amounts={gone.public_id: D("499.00")}, by=lead)
    assert Allocation.objects.get().amount == D("499.00")


def test_s20_what_a_leaving_partner_was_allocated_needs_a_new_owner(partnership, lead):
    """Scenario 20 names the budget beside tasks: the allocation is on the list until another partner has it."""
    line = BudgetLineFactory(partnership=partnership, amount=D("40000.00"))
    leaver, stays = PartnerFactory.create_batch(2, partnership=partnership)
    goes_too = PartnerFactory(partnership=partnership, left_on=TODAY)
    share = AllocationFactory(line=line, partner=leaver, amount=D("12000.00"))
    AllocationFactory(line=line, partner=stays, amount=D("1000.00"))
    leave(partner=leaver, left_on=date(2026, 12, 31), reason="Funding ends", by=lead)
    assert [todo.title for todo in leavers(lead)] == [f"Find new owners for what {leaver} leaves behind"]
    given = {"partner": leaver, "kind": "allocation", "key": share.public_id, "by": lead}
    assert takers(leaver, "allocation") == {stays.public_id: stays}
    for nobody in (goes_too, leaver, lead):
        with pytest.raises(ValidationError, match="does not stay"):
            hand_over(**given, to=nobody)
    hand_over(**given, to=stays)
    assert {row.partner: row.amount for row in Allocation.objects.all()} == {stays: D("13000.00")}
    assert not leavers(lead)
    told = AuditEvent.objects.get(action="partner.hand_over").summary
    assert told == f"gave “£12,000 of “Delivery staff””, which was {leaver}’s, to {stays}"
    with pytest.raises(NotNow, match="does not belong"):
        hand_over(**given, to=stays)
