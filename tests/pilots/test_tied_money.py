"""Instalments tied to a period's return: released once it is accepted, or by name and with a reason (scenario 40)."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.fund import (
    add_instalment,
    change_instalment,
    receive_instalment,
    remove_instalment,
    take_back_receipt,
)
from partnerships.actions.tied_money import release_anyway, release_instalment
from partnerships.lifecycle import OVER
from partnerships.models import Instalment, Partnership
from partnerships.money import pounds
from partnerships.roles import PartnershipRole
from pilots.actions.corrections import begin_correction
from pilots.actions.returns import accept, return_with_note, submit
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn
from pilots.waiting import money_to_release
from tests.factories.partnerships import FundFactory, InstalmentFactory, PartnershipFactory, person_as
from tests.factories.pilots import ReturnFactory, the_two_sides, whole_entry
from tests.reading import text

pytestmark = pytest.mark.django_db
OCTOBER, TODAY = date(2026, 10, 1), date(2026, 11, 20)
RELEASING = [PartnershipRole.PUBLIC_LEAD, PartnershipRole.SPONSOR]
HELD = [ReturnState.PLANNED, ReturnState.DRAFT, ReturnState.SUBMITTED, ReturnState.RETURNED]
TOLD = {
    ReturnState.PLANNED: "has not been filled in yet", ReturnState.DRAFT: "is still a draft",
    ReturnState.SUBMITTED: "has not been accepted yet", ReturnState.RETURNED: "was sent back",
}  # fmt: skip


@pytest.fixture(autouse=True)
def november():
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def sponsor(partnership):
    return person_as(PartnershipRole.SPONSOR, partnership)


def tied(partnership, state=ReturnState.ACCEPTED, **changes):
    if state:
        ReturnFactory(partnership=partnership, **{} if state == ReturnState.PLANNED else {state.value: True})
    return InstalmentFactory(fund__partnership=partnership, return_for=OCTOBER, **changes)


def facts(instalment):
    return Instalment.objects.filter(pk=instalment.pk).values().get()


def test_s40_an_instalment_tied_to_a_rejected_return_is_released_by_no_one_but_by_name(partnership, sponsor):
    logs, accepts = the_two_sides(partnership)
    monthly_return = ReturnFactory(partnership=partnership)
    fund = FundFactory(partnership=partnership)
    instalment = add_instalment(
        fund=fund, due_on=TODAY, amount=Decimal(15_000), condition="", return_for=OCTOBER, by=accepts
    )
    submit(monthly_return=monthly_return, entry=whole_entry(variance_reason="Agency staff"), by=logs)
    return_with_note(monthly_return=monthly_return, note="The exits do not fit.", by=accepts)
    with pytest.raises(NotNow, match="return for October 2026 was sent back"):
        release_instalment(instalment=instalment, by=sponsor)
    with pytest.raises(NotNow, match="has to be released first"):
        receive_instalment(instalment=instalment, received_on=TODAY, by=accepts)
    with pytest.raises(NotPermitted, match="These roles may: Sponsor and budget holder"):
        release_anyway(instalment=instalment, reason="Wages are due", by=accepts)
    with pytest.raises(ValidationError) as refusal:
        release_anyway(instalment=instalment, reason=" ", by=sponsor)
    assert list(refusal.value.message_dict) == ["reason"]
    release_anyway(instalment=instalment, reason="Wages are due on Friday.", by=sponsor)
    instalment.refresh_from_db()
    assert (instalment.released_by, instalment.released_on) == (sponsor, TODAY)
    assert instalment.released_because == "Wages are due on Friday."
    event = AuditEvent.objects.get(action="instalment.release_anyway", outcome=Outcome.ALLOWED)
    assert (event.actor, event.reason) == (sponsor, "Wages are due on Friday.")
    assert event.summary.endswith("although the return for October 2026 is not accepted")
    receive_instalment(instalment=instalment, received_on=TODAY, by=accepts)


@pytest.mark.parametrize("role", RELEASING)
def test_whoever_holds_the_money_releases_what_an_accepted_return_no_longer_holds(partnership, role):
    instalment, by = tied(partnership), person_as(role, partnership)
    release_instalment(instalment=instalment, by=by, version=1)
    instalment.refresh_from_db()
    assert (instalment.released_on, instalment.released_by, instalment.released_because) == (TODAY, by, "")
    event = AuditEvent.objects.get()
    assert (event.action, event.scope) == ("instalment.release", partnership.audit_scope)
    assert event.summary.startswith("released £15,000 from")
    assert event.summary.endswith("the return for October 2026 is accepted")
    with pytest.raises(NotNow, match=r"released this instalment on 20 November 2026"):
        release_instalment(instalment=instalment, by=by)


@pytest.mark.parametrize("role", [role for role in PartnershipRole if role not in RELEASING])
def test_other_roles_release_nothing_and_nothing_is_half_done(partnership, role):
    instalment, by = tied(partnership), person_as(role, partnership)
    before = facts(instalment)
    with pytest.raises(NotPermitted, match=r"These roles may: .*Sponsor and budget holder"):
        release_instalment(instalment=instalment, by=by)
    with pytest.raises(NotPermitted, match="These roles may: Sponsor and budget holder"):
        release_anyway(instalment=instalment, reason="We need it", by=by)
    assert facts(instalment) == before
    assert {event.outcome for event in AuditEvent.objects.all()} == {Outcome.REFUSED}


@pytest.mark.parametrize("state", HELD)
def test_a_return_in_any_other_state_holds_the_money_back_and_says_why(partnership, sponsor, state):
    instalment = tied(partnership, state)
    with pytest.raises(NotNow, match=TOLD[state]):
        release_instalment(instalment=instalment, by=sponsor)
    release_anyway(instalment=instalment, reason="Wages are due", by=sponsor)


def test_what_else_holds_an_instalment_back_is_told_and_no_override_goes_past_it(partnership, sponsor):
    hoped = tied(partnership, ReturnState.RETURNED, fund__certainty="hoped_for")
    free = InstalmentFactory(fund__partnership=partnership)
    gone = InstalmentFactory(fund__partnership=partnership, return_for=date(2031, 1, 1))
    for instalment, told in ((hoped, "only hoped for"), (free, "tied to no return")):
        for attempt in (
            lambda one=instalment: release_instalment(instalment=one, by=sponsor),
            lambda one=instalment: release_anyway(instalment=one, reason="Now", by=sponsor),
        ):
            with pytest.raises(NotNow, match=told):
                attempt()
    with pytest.raises(NotNow, match="No return for January 2031 is planned any more"):
        release_instalment(instalment=gone, by=sponsor)
    accepted = ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 9, 1))
    ready = InstalmentFactory(fund__partnership=partnership, return_for=accepted.period)
    with pytest.raises(NotNow, match="Release the instalment: it needs no reason"):
        release_anyway(instalment=ready, reason="To be sure", by=sponsor)
    for stage in OVER:
        Partnership.objects.update(stage=stage)
        with pytest.raises(NotNow, match=r"closed|stopped"):
            release_instalment(instalment=gone, by=sponsor)
    assert not Instalment.objects.exclude(released_on=None).exists()


def test_a_correction_on_its_way_holds_nothing_back_and_a_quarter_counts_for_its_months(partnership, sponsor):
    logs, accepts = the_two_sides(partnership)
    october = tied(partnership)
    corrected = begin_correction(monthly_return=MonthlyReturn.objects.get(), reason="A wrong sum", by=logs)
    submit(monthly_return=corrected, entry=whole_entry(variance_reason="Agency staff", actual=Decimal(10_300)), by=logs)
    return_with_note(monthly_return=corrected, note="Not yet", by=accepts)
    release_instalment(instalment=october, by=sponsor)
    ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 7, 1), months=3)
    release_instalment(instalment=InstalmentFactory(fund=october.fund, return_for=date(2026, 9, 1)), by=sponsor)
    assert AuditEvent.objects.filter(action="instalment.release").count() == 2


def test_s40_what_a_return_holds_back_is_not_let_go_by_untying_moving_or_removing_it(partnership):
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    instalment = tied(partnership, ReturnState.RETURNED, amount=Decimal(20_000))
    ReturnFactory(partnership=partnership, accepted=True, period=date(2026, 9, 1))
    planned = {"due_on": TODAY, "amount": Decimal(20_000), "condition": "", "by": lead}
    for other in (None, date(2026, 9, 1)):
        with pytest.raises(NotNow, match="A return holds this instalment back"):
            change_instalment(instalment=instalment, **planned, return_for=other)
    with pytest.raises(NotNow, match="A return holds this instalment back"):
        remove_instalment(instalment=instalment, by=lead)
    change_instalment(instalment=instalment, **planned | {"condition": "Ten visits"}, return_for=OCTOBER)
    gone = InstalmentFactory(fund=instalment.fund, return_for=date(2031, 1, 1), amount=Decimal(1))
    change_instalment(instalment=gone, **planned | {"amount": Decimal(1)}, return_for=date(2026, 9, 1))
    assert Instalment.objects.get(pk=gone.pk).return_for == date(2026, 9, 1), "what is no more holds nothing for good"
    assert AuditEvent.objects.filter(action__startswith="instalment.", outcome=Outcome.REFUSED).count() == 3


def test_money_is_tied_only_to_a_return_that_is_planned_and_a_change_holds_it_again(partnership, sponsor):
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    instalment = tied(partnership, amount=Decimal(20_000))
    planned = {"due_on": TODAY, "amount": Decimal(20_000), "condition": "", "by": lead}
    with pytest.raises(ValidationError) as refusal:
        add_instalment(fund=instalment.fund, **planned | {"return_for": date(2026, 9, 1)})
    assert list(refusal.value.message_dict) == ["return_for"]
    release_instalment(instalment=instalment, by=sponsor)
    change_instalment(instalment=instalment, **planned | {"amount": Decimal(19_000)}, return_for=OCTOBER)
    instalment.refresh_from_db()
    assert (instalment.is_held, instalment.released_by) == (True, None)
    told = AuditEvent.objects.get(action="instalment.change").summary
    assert told.endswith("which has to be released again")
    release_instalment(instalment=instalment, by=sponsor)
    receive_instalment(instalment=instalment, received_on=TODAY, by=lead)
    take_back_receipt(instalment=instalment, reason="Another grant", by=lead)
    instalment.refresh_from_db()
    assert not instalment.is_held
    change_instalment(instalment=instalment, **planned, return_for=None)
    receive_instalment(instalment=instalment, received_on=TODAY, by=lead)


def test_a_release_and_the_sending_back_of_its_return_do_not_pass_each_other(partnership, sponsor):
    """Whichever comes second sees what the first has done: both lock the partnership."""
    logs, accepts = the_two_sides(partnership)
    instalment = tied(partnership, None)
    monthly_return = ReturnFactory(partnership=partnership, submitted=True, submitted_by=logs)
    accept(monthly_return=monthly_return, by=accepts)
    release_instalment(instalment=instalment, by=sponsor)
    instalment.refresh_from_db()
    assert instalment.released_because == ""


def test_the_page_tells_what_holds_an_instalment_and_offers_each_role_its_own_button(client, partnership, sponsor):
    instalment = tied(partnership, ReturnState.RETURNED)
    here = [partnership.public_id, instalment.fund.public_id]
    one = [partnership.public_id, instalment.public_id]
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    page = client.get(reverse("partnerships:fund", args=here))
    assert "<strong>Held back.</strong> The return for October 2026 was sent back" in text(page)
    assert "Release all the same" not in text(page)
    assert client.get(reverse("partnerships:instalment_release_anyway", args=one)).status_code == 403
    form = client.get(reverse("partnerships:instalment_change", args=one)).content.decode()
    assert '<option value="2026-10-01" selected' in form
    client.force_login(sponsor)
    assert "Release all the same" in text(client.get(reverse("partnerships:fund", args=here)))
    address = reverse("partnerships:instalment_release_anyway", args=one)
    page = client.post(address, {"reason": "", "version": 1})
    assert "Enter the reason" in text(page)
    assert client.post(address, {"reason": "Wages <b>are</b> due", "version": 1}).status_code == 302
    shown = client.get(reverse("partnerships:fund", args=here))
    assert f"Released by {sponsor} on 20 Nov 2026, although the return for October 2026 was not accepted" in text(shown)
    assert "Wages &lt;b&gt;are&lt;/b&gt; due" in shown.content.decode()
    MonthlyReturn.objects.update(
        state=ReturnState.ACCEPTED,
        accepted_by=person_as(PartnershipRole.OBSERVER, partnership),
        accepted_at=clock.now(),
    )
    other = InstalmentFactory(fund=instalment.fund, return_for=OCTOBER)
    assert "Can be released. The return for October 2026 is accepted." in text(
        client.get(reverse("partnerships:fund", args=here))
    )
    address = reverse("partnerships:instalment_release", args=[partnership.public_id, other.public_id])
    assert client.post(address, {"version": 1}).status_code == 302
    other.refresh_from_db()
    assert other.released_by == sponsor


def test_the_fund_takes_the_same_few_queries_however_many_instalments_are_tied(
    client, partnership, django_assert_max_num_queries
):
    fund = tied(partnership).fund
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    address = reverse("partnerships:fund", args=[partnership.public_id, fund.public_id])
    counts = []
    for more in (0, 2, 297):
        InstalmentFactory.create_batch(more, fund=fund, return_for=OCTOBER, amount=Decimal("1.00"))
        with django_assert_max_num_queries(40) as asked:
            assert client.get(address).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1


# Who hears that money can go


def waits(person):
    return [item.title for item in todo.of(person) if item.title.startswith("Release ")]


def mails():
    return list(OutboxMail.objects.filter(template="emails/pilots/money_can_go"))


def test_accepting_the_return_tells_whoever_may_release_but_the_person_who_accepted(partnership, sponsor):
    instalment = tied(partnership, ReturnState.SUBMITTED)
    InstalmentFactory(fund=instalment.fund, return_for=date(2026, 11, 1))
    _, public = the_two_sides(partnership)
    assert waits(sponsor) == []
    accept(monthly_return=MonthlyReturn.objects.get(), by=public)
    [mail] = mails()
    assert (mail.to, mail.subject) == (sponsor, f"Money can be released: {partnership}")
    assert mail.context["instalments"] == [f"{instalment} from {instalment.fund}"]
    assert mail.context["path"] == reverse("partnerships:fund", args=[partnership.public_id, instalment.fund.public_id])
    assert waits(sponsor) == waits(public) == [f"Release {pounds(instalment.amount)} from {instalment.fund}"]
    assert waits(person_as(PartnershipRole.PROJECT_LEAD, partnership)) == []
    release_instalment(instalment=instalment, by=sponsor)
    assert waits(sponsor) == []


@pytest.mark.parametrize("held", HELD)
def test_what_a_return_still_holds_back_waits_for_nobody(partnership, sponsor, held):
    tied(partnership, held)
    assert waits(sponsor) == []


def test_a_hoped_for_fund_and_a_correction_ask_nobody(partnership, sponsor):
    instalment = tied(partnership, ReturnState.ACCEPTED)
    _, public = the_two_sides(partnership)
    third, _ = the_two_sides(partnership)
    correction = begin_correction(monthly_return=MonthlyReturn.objects.get(), reason="A bill twice", by=third)
    submit(monthly_return=correction, entry=whole_entry(), by=third)
    accept(monthly_return=correction, by=public)
    assert mails() == []
    assert len(waits(sponsor)) == 1
    type(instalment.fund).objects.update(certainty="hoped_for")
    assert waits(sponsor) == []


def test_the_to_do_costs_the_same_queries_for_1_and_30_instalments(partnership, sponsor, django_assert_max_num_queries):
    instalment, counts = tied(partnership), []
    money_to_release(sponsor)  # finds out once where the person has a part
    for more in (0, 29):
        InstalmentFactory.create_batch(more, fund=instalment.fund, return_for=OCTOBER, amount=Decimal("1.00"))
        with django_assert_max_num_queries(10) as asked:
            assert len(money_to_release(sponsor)) == 1 + more
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_held_instalment_can_be_changed_but_offers_no_removal_that_would_be_refused(client, partnership):
    instalment = tied(partnership, ReturnState.SUBMITTED)
    free = InstalmentFactory(fund=instalment.fund)
    client.force_login(person_as(PartnershipRole.PROJECT_LEAD, partnership))
    page = text(client.get(reverse("partnerships:fund", args=[partnership.public_id, instalment.fund.public_id])))
    for one, removes in ((instalment, False), (free, True)):
        for name, there in (("instalment_change", True), ("instalment_remove", removes)):
            assert (reverse(f"partnerships:{name}", args=[partnership.public_id, one.public_id]) in page) == there
