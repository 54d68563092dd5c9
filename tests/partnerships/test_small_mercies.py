"""What people stumbled over: each of these was found by somebody who used the portal for the first time."""

from datetime import timedelta

import pytest
from django.urls import reverse

from foundation.database import clock
from foundation.delivery.models import OutboxMail
from partnerships.actions.decision import propose_decision
from partnerships.actions.extension import propose_extension, sign_extension
from partnerships.actions.memorandum import write_memorandum
from partnerships.actions.partner import add_member, add_partner
from partnerships.actions.summary import refresh
from partnerships.health import Health
from partnerships.lifecycle import Gate, GateOutcome
from partnerships.models import PlanBlock, SavedView
from partnerships.plan import Block
from partnerships.roles import PartnerPart, PartnershipRole
from tests.factories.accounts import OrganisationFactory
from tests.factories.gates import paper
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, PublicPageFactory, person_as

pytestmark = pytest.mark.django_db


def page(client, name, partnership, *more):
    return client.get(reverse(f"partnerships:{name}", args=[partnership.public_id, *more])).content.decode()


def mails_to(person):
    return list(OutboxMail.objects.filter(to=person).values_list("subject", flat=True))


def test_a_partner_joins_today_although_the_start_lies_ahead_and_its_people_can_be_invited(partnership, public):
    partnership.starts_on = clock.today() + timedelta(days=60)
    partnership.save()
    joins = OrganisationFactory(name="Open Door")
    add_partner(
        partnership=partnership, organisation=joins, part=PartnerPart.PROVIDER, joined_on=clock.today(), by=public
    )
    member = add_member(
        partnership=partnership, email="nina@example.org", name="Nina", organisation=joins,
        role=PartnershipRole.PARTNER_MANAGER, by=public,
    )  # fmt: skip
    assert member.joined_on == clock.today()


def test_whoever_has_to_sign_a_decision_is_asked_by_mail_and_nobody_else(partnership, public, third):
    observer = person_as(PartnershipRole.OBSERVER, partnership)
    propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="More to do.", by=public)
    assert mails_to(third) == [f"Please read and sign: {partnership}"]
    assert mails_to(public) == mails_to(observer) == []


def test_everybody_who_signs_an_issued_memorandum_is_asked_by_mail(partnership, public, third):
    write_memorandum(
        partnership=partnership, purpose="To visit.", how_we_work="Monthly.",
        review_on=clock.today() + timedelta(days=90), by=public,
    )  # fmt: skip
    assert mails_to(third) == [f"Please read and sign: {partnership}"]
    assert mails_to(public) == [], "whoever issued it knows"


def test_an_extension_that_all_signed_does_not_make_it_off_track():
    partnership = PartnershipFactory(in_pilot=True, stage_since=clock.today())
    signers = [
        person_as(role, partnership) for role in (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD)
    ]
    PlanBlock.objects.create(partnership=partnership, block=Block.PARTNERSHIP, months=24)
    end = MilestoneFactory(
        partnership=partnership, block=Block.PARTNERSHIP, ends_block=True, due_on=clock.today() + timedelta(days=30)
    )
    extension = propose_extension(
        partnership=partnership, months=6, reason="One more winter", amount=1, source="Change fund", by=signers[0]
    )
    sign_extension(extension=extension, by=signers[1])
    partnership.refresh_from_db()
    end.refresh_from_db()
    assert (end.due_on - end.baseline_on).days == end.agreed_days > 150
    assert partnership.health == Health.GREEN
    end.due_on += timedelta(days=40)
    end.save()
    refresh(partnership)
    assert partnership.health_because == f"“{end.title}” has moved: 40 days later than agreed"


def test_a_stopped_partnership_offers_nothing_that_would_be_refused(client):
    partnership = PartnershipFactory(stopped=True)
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead))
    told = page(client, "partnership", partnership)
    for button in ("Edit the description", "Record vision and delivery", ">Pause<"):
        assert button not in told
    assert 'aria-current="step">Stopped' in told


def test_evidence_that_is_there_leads_to_what_it_is(client, partnership, public):
    paper(partnership, "service_design")
    client.force_login(public)
    told = page(client, "gate_at", partnership, Gate.G1)
    assert "/registers/documents/?category=service_design" in told
    assert "Read it" in told


def test_a_page_of_the_pilot_belongs_to_partnerships_in_the_navigation(client):
    partnership = PartnershipFactory(in_pilot=True)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    told = client.get(reverse("pilots:pilot", args=[partnership.public_id])).content.decode()
    assert 'aria-current="true">Partnerships' in told


@pytest.mark.parametrize("number", ["2", "x", "-1", "99999"])
def test_a_page_of_the_public_list_that_is_no_more_leads_to_the_nearest(client, number):
    PublicPageFactory(published=True)
    assert client.get(reverse("partnerships:in_public"), {"page": number}).status_code == 200


def test_a_view_keeps_nothing_that_means_nothing(client, partnership, public):
    client.force_login(public)
    address = reverse("partnerships:view_save") + "?stage=bogus&area=fife"
    assert client.post(address, {"name": "Mine", "form_token": ""}).status_code == 302
    assert SavedView.objects.get().query == "area=fife"


def test_a_comma_is_not_taken_for_a_decimal_point(client, partnership, public):
    client.force_login(public)
    sent = client.post(
        reverse("partnerships:fund_add", args=[partnership.public_id]),
        {"source": "Trust", "kind": "trust", "amount": "12,50", "from_on": "1/4/2026", "until_on": "31/3/2027",
         "certainty": "confirmed"},
    )  # fmt: skip
    assert "Write pence after a full stop" in sent.content.decode()
    assert not partnership.funds.exists()
