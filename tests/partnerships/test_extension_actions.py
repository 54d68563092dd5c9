"""Extending the pilot: what moves, who signs, what the portfolio counts, and the notice of drift."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import extending
from partnerships.actions.extension import propose_extension, sign_extension, withdraw_extension
from partnerships.lifecycle import Stage
from partnerships.models import ExtensionSignature, Milestone, PilotExtension, PlanBlock
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from pilots.models import MonthlyReturn
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as
from tests.factories.pilots import ReturnFactory

pytestmark = pytest.mark.django_db

FACTS = {"months": 6, "reason": "The last winter told too little", "amount": Decimal(69000), "source": "Change fund"}


@pytest.fixture
def partnership():
    """A pilot that is due to end on 31 March 2027, with its two returns of the last months."""
    partnership = PartnershipFactory(in_pilot=True, starts_on=date(2024, 10, 1), stage_since=date(2025, 4, 1))
    PlanBlock.objects.create(partnership=partnership, block=Block.PARTNERSHIP, months=24)
    PlanBlock.objects.create(partnership=partnership, block=Block.CONTRACT, months=6)
    for block, due_on in (
        (Block.DESIGN, date(2027, 1, 15)),
        (Block.PARTNERSHIP, date(2027, 3, 31)),
        (Block.EVALUATION, date(2027, 9, 30)),
        (Block.CONTRACT, date(2028, 3, 31)),
    ):
        MilestoneFactory(partnership=partnership, block=block, ends_block=True, due_on=due_on)
    for period in (date(2027, 2, 1), date(2027, 3, 1)):
        ReturnFactory(partnership=partnership, period=period)
    return partnership


@pytest.fixture
def signers(partnership):
    """The public lead, the third sector lead and the sponsor."""
    roles = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.SPONSOR)
    return [person_as(role, partnership) for role in roles]


def extend(partnership, *people, **changes):
    """Proposed by the first, signed by the others."""
    first, *others = people
    extension = propose_extension(partnership=partnership, **FACTS | changes, by=first)
    for person in others:
        sign_extension(extension=extension, by=person)
    extension.refresh_from_db()
    partnership.refresh_from_db()
    return extension


def due(partnership):
    return list(Milestone.objects.filter(partnership=partnership).order_by("pk").values_list("due_on", flat=True))


def test_s17_end_date_later_blocks_calendar_of_returns_and_the_count_on_the_portfolio_move(
    client, partnership, signers
):
    extension = extend(partnership, *signers[:2])
    assert (extension.ended_on, extension.ends_on) == (date(2027, 3, 31), date(2027, 9, 30))
    assert due(partnership) == [date(2027, 1, 15), date(2027, 9, 30), date(2028, 3, 30), date(2028, 9, 30)]
    assert PlanBlock.objects.get(partnership=partnership, block=Block.PARTNERSHIP).months == 30
    periods = list(MonthlyReturn.objects.filter(partnership=partnership).values_list("period", flat=True))
    assert sorted(periods)[2:] == [date(2027, month, 1) for month in range(4, 10)]
    end = Milestone.objects.get(partnership=partnership, block=Block.PARTNERSHIP)
    assert end.moves.get().reason == "The pilot is extended by 6 months: The last winter told too little"
    assert (partnership.extensions, partnership.extended_months) == (1, 6)
    extend(partnership, *signers[:2])
    client.force_login(signers[0])
    assert "extended twice, 12 months" in client.get(reverse("partnerships:portfolio")).content.decode()
    plan = client.get(reverse("partnerships:plan", args=[partnership.public_id])).content.decode()
    assert "£69,000" in plan
    assert "planned start of the service on 30 Mar 2029" in plan, "the tender's timetable moved as well"
    assert "29 September 2028" in plan, "and with it the deadline for bids"
    assert "Change fund" in plan


def test_s18_a_third_extension_needs_the_sponsor_and_the_notice_of_drift_quotes_the_time_in_stage(
    client, partnership, signers
):
    with clock.at(datetime(2027, 11, 2, 12, tzinfo=UTC)):
        extend(partnership, *signers[:2])
        extend(partnership, *signers[:2])
        third = extend(partnership, *signers[:2])
        assert third.effective_at is None, "the two leads alone no longer do"
        assert partnership.extensions == 2
        client.force_login(signers[2])
        for name, args in (("plan", []), ("extension_sign", [third.public_id]), ("extension_propose", [])):
            page = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id, *args])).content.decode()
            assert "in pilot for 31 months; the usual is 24, and was extended twice, 12 months" in page, name
        assert [item.title for item in todo.of(signers[2])] == [f"Sign or withdraw: {third}"]
        url = reverse("partnerships:extension_sign", args=[partnership.public_id, third.public_id])
        assert client.post(url, {}).status_code == 302
    partnership.refresh_from_db()
    third.refresh_from_db()
    assert (partnership.extensions, partnership.extended_months) == (3, 18)
    assert third.effective_at
    assert MonthlyReturn.objects.filter(partnership=partnership).count() == 20


@pytest.mark.parametrize("stage", [stage for stage in Stage if stage != Stage.PILOT])
def test_only_a_running_pilot_is_extended(stage):
    partnership = PartnershipFactory(stage=stage)
    with pytest.raises(NotNow, match="Only a pilot that is running"):
        propose_extension(partnership=partnership, **FACTS, by=person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    assert not PilotExtension.objects.exists()


@pytest.mark.parametrize("role", [PartnershipRole.PROJECT_LEAD, PartnershipRole.SPONSOR, PartnershipRole.OBSERVER])
def test_only_the_signers_propose_and_the_refusal_is_recorded(partnership, role):
    with pytest.raises(NotPermitted, match="the public sector lead and the third sector lead"):
        propose_extension(partnership=partnership, **FACTS, by=person_as(role, partnership))
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


@pytest.mark.parametrize(
    ("field", "value"),
    [("months", 0), ("months", 61), ("reason", " "), ("amount", Decimal(-1)), ("source", "")],
)
def test_what_is_missing_is_told_beside_its_field(partnership, signers, field, value):
    with pytest.raises(ValidationError) as refusal:
        propose_extension(partnership=partnership, **FACTS | {field: value}, by=signers[0])
    assert list(refusal.value.message_dict) == [field]
    assert not PilotExtension.objects.exists()


def test_a_pilot_never_becomes_longer_than_a_plan_can_say(partnership, signers):
    PlanBlock.objects.update(months=115)
    with pytest.raises(ValidationError, match="longer than 120 months"):
        propose_extension(partnership=partnership, **FACTS, by=signers[0])


def test_two_open_extensions_and_two_signatures_of_one_person_are_refused(partnership, signers):
    extension = extend(partnership, signers[0])
    with pytest.raises(NotNow, match="still waits for a signature"):
        propose_extension(partnership=partnership, **FACTS, by=signers[1])
    with pytest.raises(NotNow, match="You have signed"):
        sign_extension(extension=extension, by=signers[0])
    with pytest.raises(NotPermitted):
        sign_extension(extension=extension, by=signers[2])
    assert extension.signatures.count() == 1
    assert due(partnership)[1] == date(2027, 3, 31)


def test_a_pilot_whose_end_is_complete_has_nothing_to_extend(partnership, signers):
    Milestone.objects.filter(block=Block.PARTNERSHIP).update(done_on=date(2027, 3, 1))
    with pytest.raises(NotNow, match="nothing left to extend"):
        propose_extension(partnership=partnership, **FACTS, by=signers[0])


def test_withdrawing_needs_a_reason_and_ends_it(partnership, signers):
    extension = extend(partnership, signers[0])
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_extension(extension=extension, reason=" ", by=signers[1])
    withdraw_extension(extension=extension, reason="No money", by=signers[1])
    with pytest.raises(NotNow, match="not open any more"):
        withdraw_extension(extension=extension, reason="Again", by=signers[1])
    with pytest.raises(NotNow, match="was withdrawn"):
        sign_extension(extension=extension, by=signers[1])
    assert extend(partnership, *signers[:2]).effective_at


def test_nothing_is_extended_when_an_upper_floor_refuses(partnership, signers, monkeypatch):
    def refuse(partnership, months, by):
        raise NotNow("No calendar.")

    monkeypatch.setattr(extending, "_extending", {"test": refuse})
    extension = extend(partnership, signers[0])
    with pytest.raises(NotNow, match="No calendar"):
        sign_extension(extension=extension, by=signers[1])
    extension.refresh_from_db()
    assert (extension.effective_at, ExtensionSignature.objects.count()) == (None, 1)
    assert due(partnership)[1] == date(2027, 3, 31)
    assert PlanBlock.objects.get(partnership=partnership, block=Block.PARTNERSHIP).months == 24


def test_an_extension_goes_through_the_browser(client, partnership, signers):
    where = [partnership.public_id]
    url = reverse("partnerships:extension_propose", args=where)
    client.force_login(signers[0])
    assert client.get(url).status_code == 200
    page = client.post(url, {"version": 1})
    assert "There is a problem" in page.content.decode()
    data = {"months": "6", "reason": "Winter", "amount": "69,000", "source": "Change fund", "version": 1}
    token = client.get(url).context["form"]["form_token"].value()
    for _ in range(2):
        assert client.post(url, data | {"form_token": token}).status_code == 302
    extension = PilotExtension.objects.get()
    plan = reverse("partnerships:plan", args=where)
    assert "Still missing: Third sector lead" in client.get(plan).content.decode()
    client.force_login(signers[1])
    assert "Read and sign" in client.get(plan).content.decode()
    sign = reverse("partnerships:extension_sign", args=[*where, extension.public_id])
    assert "£69,000" in client.get(sign).content.decode()
    assert client.post(sign, {}).status_code == 302
    extension.refresh_from_db()
    assert extension.effective_at
    withdraw = reverse("partnerships:extension_withdraw", args=[*where, extension.public_id])
    assert "not open any more" in client.post(withdraw, {"reason": "x"}).content.decode()


def test_another_partnerships_extension_and_other_roles_find_a_closed_door(client, partnership, signers):
    extension = extend(partnership, signers[0])
    elsewhere = PartnershipFactory(in_pilot=True)
    stranger = person_as(PartnershipRole.PUBLIC_LEAD, elsewhere)
    client.force_login(stranger)
    for name in ("extension_sign", "extension_withdraw"):
        for public_id in (partnership.public_id, elsewhere.public_id):
            assert client.get(reverse(f"partnerships:{name}", args=[public_id, extension.public_id])).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert client.get(reverse("partnerships:extension_propose", args=[partnership.public_id])).status_code == 403


@pytest.mark.parametrize("hostile", ["", "x" * 5001, "\x00", "-1", "1e309", "NaN", "<script>alert(1)</script>"])
def test_hostile_extensions_get_a_message(client, partnership, signers, hostile):
    client.force_login(signers[0])
    url = reverse("partnerships:extension_propose", args=[partnership.public_id])
    page = client.post(url, dict.fromkeys(["months", "reason", "amount", "source", "version"], hostile))
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()
    assert not PilotExtension.objects.exists()
