"""A pause: by the calendar when a lead left without a successor, or by hand; and what the partners agreed to be."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.delivery import drain
from foundation.delivery.models import OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.decision import propose_decision, sign_decision, withdraw_decision
from partnerships.actions.notice import leave, name_successor
from partnerships.actions.partnership import agree_together
from partnerships.actions.pause import pause, resume
from partnerships.lifecycle import GateOutcome
from partnerships.models import Partnership, Vehicle
from partnerships.roles import PartnerPart, PartnershipRole
from partnerships.succession import last_day_without_a_lead, left_before
from partnerships.tasks import pause_without_lead
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, both_leads_as_partners, person_as

pytestmark = pytest.mark.django_db

NOTICE, LAST = date(2026, 8, 3), date(2026, 10, 31)
IN_TIME, TOO_LATE = date(2026, 11, 30), date(2026, 12, 1)  # 31 October + 30 days, counted by hand


def on(day):
    return clock.at(datetime(day.year, day.month, day.day, 12, tzinfo=UTC))


@pytest.fixture(autouse=True)
def _the_day_of_the_notice():
    with on(NOTICE):
        yield


@pytest.fixture
def partnership():
    partnership = PartnershipFactory(title="Good company")
    both_leads_as_partners(partnership)
    return partnership


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)


@pytest.fixture
def sponsor(partnership):
    return person_as(PartnershipRole.SPONSOR, partnership, organisation=partnership.public_lead)


def third_lead_gives_notice(partnership, by):
    partner = partnership.partners.get(part=PartnerPart.THIRD_SECTOR_LEAD)
    leave(partner=partner, left_on=LAST, reason="Funding ends", by=by)


def address(name, partnership):
    return reverse(f"partnerships:{name}", args=[partnership.public_id])


def test_thirty_days_counted_by_hand():
    assert last_day_without_a_lead(LAST) == IN_TIME
    assert [left_before(day) > LAST for day in (IN_TIME, TOO_LATE)] == [False, True]


def test_s21_without_a_successor_in_thirty_days_it_is_paused_the_sponsor_told_and_a_successor_lifts_it(
    client, partnership, lead, third, sponsor
):
    partner = PartnerFactory(partnership=partnership, organisation__name="Kingdom Wheels")
    manager = person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
    third_lead_gives_notice(partnership, third)
    for day in (NOTICE, LAST, IN_TIME):
        with on(day):
            assert pause_without_lead() == 0
    with on(TOO_LATE):
        assert [pause_without_lead(), pause_without_lead()] == [1, 0], "a second run finds nothing to do"
        partnership.refresh_from_db()
        assert (partnership.paused_on, partnership.stage) == (TOO_LATE, "design")
        mail = OutboxMail.objects.get(kind="notice")
        assert (mail.to, mail.subject) == (sponsor, "Paused: Good company")
        with pytest.raises(NotNow, match="is paused since 1 December 2026"):
            propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=lead)
        with pytest.raises(NotNow, match="Name a successor"):
            resume(partnership=partnership, reason="Go on", by=lead)
        client.force_login(lead)
        for name in ("partnership", "gate"):
            text = client.get(address(name, partnership)).content.decode()
            assert "Paused since 1 Dec 2026" in text
            assert "no successor was named within 30 days" in text
        assert "<strong>Paused</strong>" in client.get(reverse("partnerships:portfolio")).content.decode()
        name_successor(partnership=partnership, person=manager, reason="Agreed", by=lead)
        partnership.refresh_from_db()
        assert (partnership.paused_on, partnership.paused_because, partnership.paused_for_want_of_lead) == (
            None, "", False,
        )  # fmt: skip
        assert partnership.third_sector_lead == partner.organisation
        assert pause_without_lead() == 0
        assert "Paused" not in client.get(reverse("partnerships:portfolio")).content.decode()
        propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=lead)


def test_the_mail_about_a_pause_can_be_read(partnership, lead, sponsor):
    pause(partnership=partnership, reason="The council has no budget yet.", by=lead)
    drain()
    mail = OutboxMail.objects.get()
    assert mail.state == "sent"
    assert "“Good company” is paused since 3 August 2026." in mail.body
    assert "The council has no budget yet." in mail.body


def test_a_successor_in_time_means_no_pause_and_closed_ones_are_left_alone(partnership, lead, third):
    partner = PartnerFactory(partnership=partnership)
    manager = person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
    third_lead_gives_notice(partnership, lead)
    with on(IN_TIME):
        name_successor(partnership=partnership, person=manager, reason="Agreed", by=lead)
    closed = PartnershipFactory(closed=True)
    both_leads_as_partners(closed)
    closed.partners.update(left_on=LAST)
    PartnershipFactory()
    with on(date(2027, 6, 1)):
        assert pause_without_lead() == 0
    assert not Partnership.objects.exclude(paused_on=None).exists()


def test_a_pause_by_hand_outlasts_a_successor(partnership, lead, third):
    partner = PartnerFactory(partnership=partnership)
    manager = person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
    pause(partnership=partnership, reason="Review", by=third)
    third_lead_gives_notice(partnership, lead)
    name_successor(partnership=partnership, person=manager, reason="Agreed", by=lead)
    partnership.refresh_from_db()
    assert partnership.paused_because == "Review"


def test_while_paused_nothing_is_signed_but_a_proposal_can_be_withdrawn(client, partnership, lead, third):
    decision = propose_decision(partnership=partnership, outcome=GateOutcome.NOT_YET, reason="Wait", by=lead)
    pause(partnership=partnership, reason="Review", by=third)
    with pytest.raises(NotNow, match="Nothing is decided until it is resumed"):
        sign_decision(decision=decision, by=third)
    assert decision.signatures.count() == 1
    client.force_login(third)
    page = client.get(reverse("partnerships:gate_at", args=[partnership.public_id, "G1"])).content.decode()
    assert "Read and sign" not in page
    assert "Withdraw the proposal" in page
    withdraw_decision(decision=decision, reason="Later", by=third)
    page = client.get(reverse("partnerships:gate_at", args=[partnership.public_id, "G1"])).content.decode()
    assert "Propose a decision" not in page
    assert "can propose one once the partnership is resumed" in page


def test_both_leads_pause_and_resume_with_a_reason_and_the_history_keeps_both(client, partnership, lead, third):
    client.force_login(lead)
    sent = {"reason": "Review of the need", "version": 1}
    assert client.post(address("pause", partnership), sent).status_code == 302
    assert "is paused since" in client.post(address("pause", partnership), sent | {"version": 2}).content.decode()
    stale = client.post(address("resume", partnership), sent).content.decode()
    assert "changed this" in stale
    client.force_login(third)
    assert client.post(address("resume", partnership), {"reason": "Agreed", "version": 2}).status_code == 302
    history = client.get(address("history", partnership)).content.decode()
    assert history.index("The partnership was resumed") < history.index("The partnership was paused")
    assert "Review of the need" in history
    assert (
        "It is not paused"
        in client.post(address("resume", partnership), {"reason": "Again", "version": 3}).content.decode()
    )


@pytest.mark.parametrize("role", [r for r in PartnershipRole if not r.value.endswith(("public_lead", "sector_lead"))])
def test_pausing_and_resuming_is_for_the_two_leads(partnership, lead, role):
    by = person_as(role, partnership)
    with pytest.raises(NotPermitted, match="You may not pause"):
        pause(partnership=partnership, reason="Because", by=by)
    pause(partnership=partnership, reason="Because", by=lead)
    with pytest.raises(NotPermitted):
        resume(partnership=partnership, reason="Because", by=by)
    partnership.refresh_from_db()
    assert partnership.paused_because == "Because"
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == 2


def test_a_pause_needs_its_reason_and_an_open_partnership_and_leaves_nothing(partnership, lead, sponsor):
    with pytest.raises(ValidationError):
        pause(partnership=partnership, reason=" ", by=lead)
    Partnership.objects.update(stage="closed")
    with pytest.raises(NotNow, match="closed"):
        pause(partnership=partnership, reason="Because", by=lead)
    partnership.refresh_from_db()
    assert (partnership.paused_on, partnership.version, OutboxMail.objects.count()) == (None, 1, 0)


# What the partners are together

AGREED = {"vehicle": Vehicle.COMPANY, "vision": "Nobody eats alone.", "vision_agreed_on": date(2026, 5, 4)}


def test_the_vehicle_and_the_vision_are_shown_with_their_day_and_what_was_before_stays(client, partnership, lead):
    client.force_login(lead)
    assert "No shared statement yet" in client.get(address("partnership", partnership)).content.decode()
    sent = {"vehicle": "company", "vision": "Nobody eats alone.", "vision_agreed_on": "4/5/2026", "version": 1}
    assert client.post(address("agree", partnership), sent).status_code == 302
    page = client.get(address("partnership", partnership)).content.decode()
    assert "each member keeps its own board" in page
    assert "Agreed 4 May 2026" in page
    partnership.refresh_from_db()
    agree_together(partnership=partnership, **AGREED | {"vehicle": "loose", "vision": "Anew."}, by=lead)
    event = AuditEvent.objects.filter(action="partnership.agree").latest("seq")
    assert (event.before["vision"], event.before["vehicle"]) == ("Nobody eats alone.", "company")
    history = client.get(address("history", partnership)).content.decode()
    assert "The partners agreed how they deliver together and their shared vision and values" in history


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"vehicle": "guild"}, "vehicle"),
        ({"vision_agreed_on": None}, "vision_agreed_on"),
        ({"vision": " "}, "vision"),
        ({"vision_agreed_on": NOTICE + timedelta(days=1)}, "vision_agreed_on"),
    ],
)
def test_what_cannot_be_agreed_is_refused_beside_its_field_and_leaves_nothing(partnership, lead, changes, field):
    with pytest.raises(ValidationError) as refusal:
        agree_together(partnership=partnership, **AGREED | changes, by=lead)
    assert field in refusal.value.message_dict
    partnership.refresh_from_db()
    assert (partnership.vision, partnership.vehicle, AuditEvent.objects.count()) == ("", "", 0)


def test_who_may_not_edit_and_a_closed_partnership_agree_on_nothing(partnership, lead, sponsor):
    with pytest.raises(NotPermitted):
        agree_together(partnership=partnership, **AGREED, by=sponsor)
    with pytest.raises(NotNow, match="changed this"):
        agree_together(partnership=partnership, **AGREED, by=lead, version=9)
    Partnership.objects.update(stage="closed")
    with pytest.raises(NotNow, match="closed"):
        agree_together(partnership=partnership, **AGREED, by=lead)


@pytest.mark.parametrize("name", ["pause", "resume", "agree"])
@pytest.mark.parametrize("value", ["", "x" * 5001, "\x00", "0001-01-01", "<script>alert(1)</script>"])
def test_bad_input_never_breaks_these_pages(client, partnership, lead, name, value):
    client.force_login(lead)
    url = address(name, partnership)
    page = client.post(url, dict.fromkeys(client.get(url).context["form"].fields, value))
    assert page.status_code == 200
    assert "<script>alert(1)" not in page.content.decode()
    partnership.refresh_from_db()
    assert (partnership.paused_on, partnership.vision, partnership.vehicle) == (None, "", "")


def test_an_evaluator_can_be_a_partner(client, partnership, lead):
    partner = PartnerFactory(partnership=partnership, part=PartnerPart.EVALUATOR, organisation__business=True)
    client.force_login(lead)
    assert partner.get_part_display() == "Evaluator"
    assert ">Evaluator</td>" in client.get(address("partners", partnership)).content.decode()
    assert (
        '<option value="evaluator">Evaluator</option>'
        in client.get(address("partner_add", partnership)).content.decode()
    )


def test_a_page_that_would_only_refuse_says_why_and_offers_no_button(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead))
    page = client.get(reverse("partnerships:resume", args=[partnership.public_id])).content.decode()
    assert "It is not paused." in page
    assert ">Resume</button>" not in page
    assert 'class="psp_form"' not in page
    pause_page = client.get(reverse("partnerships:pause", args=[partnership.public_id])).content.decode()
    assert "psp_form" in pause_page, "the other page has its form, so this looks for the right thing"
