"""A partner gives notice, what its people own goes to others, and a successor takes over from the lead."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import handover
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.actions.notice import hand_over, leave, name_successor, take_back_notice
from partnerships.actions.partner import add_member, add_partner
from partnerships.evidence import memorandum_is_signed
from partnerships.models import Member, Milestone, Partner, Partnership
from partnerships.roles import PartnerPart, PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import (
    MemberFactory,
    MilestoneFactory,
    PartnerFactory,
    person_as,
)

pytestmark = pytest.mark.django_db

NOTICE = date(2026, 8, 3)
LAST = date(2026, 10, 31)


def noon(day):
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _the_day_of_the_notice():
    with clock.at(noon(NOTICE)):
        yield


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)


@pytest.fixture
def partner(partnership):
    return PartnerFactory(partnership=partnership, organisation__name="Kingdom Wheels")


def manager_of(partner):
    return person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)


def gives_notice(partner, by, **changes):
    leave(**{"partner": partner, "left_on": LAST, "reason": "Funding ends", "by": by} | changes)


def address(name, *args):
    return reverse(f"partnerships:{name}", args=[getattr(a, "public_id", a) for a in args])


def test_s20_notice_lists_what_needs_a_new_owner_keeps_the_past_and_ends_the_access_that_day(
    client, partnership, partner, lead
):
    manager, stays = manager_of(partner), person_as(PartnershipRole.OBSERVER, partnership)
    done = MilestoneFactory(partnership=partnership, owner=manager, title="Done before", done_on=NOTICE)
    open_one = MilestoneFactory(partnership=partnership, owner=manager, title="Drivers trained")
    memorandum = write_memorandum(
        partnership=partnership, purpose="p", how_we_work="h", review_on=date(2090, 1, 1), by=lead
    )
    sign_memorandum(memorandum=memorandum, partner=partner, by=manager)
    client.force_login(lead)
    sent = {"left_on": "31/10/2026", "reason": "Funding ends", "version": 1}
    page = client.post(address("partner_leave", partnership, partner), sent, follow=True).content.decode()
    assert "Its last day is 31 Oct 2026" in page
    assert "Drivers trained" in page
    assert "Done before" not in page
    todo = "Find new owners for what Kingdom Wheels leaves behind"
    assert todo in client.get("/").content.decode()
    to = {"to": stays.public_id}
    here = address("partner_hand_over", partnership, partner, "milestone", open_one)
    assert client.get(here).status_code == 200
    assert client.post(here, to).status_code == 302
    assert todo not in client.get("/").content.decode()
    open_one.refresh_from_db()
    done.refresh_from_db()
    assert (open_one.owner, done.owner) == (stays, manager), "what was done stays its own"
    assert (
        "Nothing is left to hand over" in client.get(address("partner_leaving", partnership, partner)).content.decode()
    )
    for day, status in ((LAST, 200), (LAST + timedelta(days=1), 404)):
        with clock.at(noon(day)):
            client.force_login(manager)
            assert client.get(address("partners", partnership)).status_code == status
    with clock.at(noon(LAST + timedelta(days=1))):
        client.force_login(lead)
        assert "Kingdom Wheels" in client.get(address("memorandum", partnership)).content.decode()
        former = client.get(address("partners", partnership)).content.decode()
        assert "provider, 1 Apr 2026 to 31 Oct 2026" in former


def test_notice_ends_the_roles_of_its_people_only_and_of_those_who_come_later(partnership, partner, lead):
    manager, other = manager_of(partner), person_as(PartnershipRole.OBSERVER, partnership)
    gone = MemberFactory(partnership=partnership, person__organisation=partner.organisation, left_on=date(2026, 5, 1))
    gives_notice(partner, lead)
    later = add_member(
        partnership=partnership, email="new@example.org", name="New", organisation=partner.organisation,
        role="observer", by=lead,
    )  # fmt: skip
    ends = {m.person: m.left_on for m in Member.objects.all()}
    assert (ends[manager], ends[gone.person], ends[later.person]) == (LAST, date(2026, 5, 1), LAST)
    assert (ends[other], ends[lead]) == (None, None)
    event = AuditEvent.objects.get(action="partner.leave")
    assert (event.reason, event.after) == ("Funding ends", {"left_on": "2026-10-31"})


@pytest.mark.parametrize("role", [PartnershipRole.OBSERVER, PartnershipRole.PARTNER_MANAGER, PartnershipRole.SPONSOR])
def test_only_who_manages_partners_records_a_notice_or_hands_over(partnership, partner, lead, role):
    mine = MilestoneFactory(partnership=partnership, owner=manager_of(partner))
    by = person_as(role, partnership)
    with pytest.raises(NotPermitted):
        gives_notice(partner, by)
    gives_notice(partner, lead)
    with pytest.raises(NotPermitted):
        hand_over(partner=partner, kind="milestone", key=mine.public_id, to=lead, by=by)
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == 2
    mine.refresh_from_db()
    assert mine.owner != lead


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"left_on": NOTICE - timedelta(days=1)}, "left_on"), ({"reason": " "}, "reason")],
)
def test_a_notice_that_cannot_be_is_refused_beside_the_field_and_leaves_nothing(partner, lead, changes, field):
    manager_of(partner)
    with pytest.raises(ValidationError) as refusal:
        gives_notice(partner, lead, **changes)
    assert field in refusal.value.message_dict
    partner.refresh_from_db()
    assert (partner.left_on, partner.version, Member.objects.exclude(left_on=None).count()) == (None, 1, 0)
    assert not AuditEvent.objects.exists()


def test_notice_is_given_once_never_by_the_public_lead_and_not_when_closed(partnership, partner, lead):
    gives_notice(partner, lead)
    with pytest.raises(NotNow, match="has given notice and leaves on 31 October 2026"):
        gives_notice(partner, lead)
    with pytest.raises(NotNow, match="cannot simply leave"):
        gives_notice(partnership.partners.get(part=PartnerPart.PUBLIC_LEAD), lead)
    Partnership.objects.update(stage="closed")
    with pytest.raises(NotNow, match="closed"):
        gives_notice(partnership.partners.get(part=PartnerPart.THIRD_SECTOR_LEAD), lead)
    assert Partner.objects.exclude(left_on=None).get() == partner


def test_a_stale_notice_is_told(partner, lead):
    Partner.objects.update(version=2)
    with pytest.raises(NotNow, match="changed this"):
        gives_notice(partner, lead, version=1)


def test_things_go_to_people_who_stay_and_once(client, partnership, partner, lead):
    manager, colleague = manager_of(partner), manager_of(partner)
    mine = MilestoneFactory(partnership=partnership, owner=manager)
    thing = {"partner": partner, "kind": "milestone", "key": mine.public_id, "by": lead}
    with pytest.raises(NotNow, match="has not given notice"):
        hand_over(**thing, to=lead)
    gives_notice(partner, lead)
    for wrong in (colleague, PersonFactory()):
        with pytest.raises(ValidationError, match="does not stay"):
            hand_over(**thing, to=wrong)
    hand_over(**thing, to=lead)
    with pytest.raises(NotNow, match="any more"):
        hand_over(**thing, to=lead)
    assert Milestone.objects.get().owner == lead
    client.force_login(lead)
    here = address("partner_hand_over", partnership, partner, "milestone", mine)
    assert client.get(here).status_code == 404
    assert client.post(here, {"to": lead.public_id}).status_code == 302, "a second click is told, not shown an error"
    strange = MilestoneFactory(owner=manager)
    for kind, key in (("milestone", strange), ("budget", mine), ("milestone", "x" * 22)):
        assert client.get(address("partner_hand_over", partnership, partner, kind, key)).status_code == 404


def test_upper_floors_add_what_can_be_left_behind(client, monkeypatch, partnership, partner, lead):
    monkeypatch.setattr(handover, "_sources", handover.sources())
    mine = handover.Belonging("k" * 22, "Waiting times", lead, None, "/there/")
    handover.add("indicator", handover.Source("Indicators", lambda p, o: [mine], lambda **given: None))
    gives_notice(partner, lead)
    client.force_login(lead)
    page = client.get(address("partner_leaving", partnership, partner)).content.decode()
    assert "Indicators that need a new owner" in page
    assert "Waiting times" in page


@pytest.mark.parametrize("value", ["", "x" * 5001, "\x00", "31/2/2027", "0001-01-01", "<script>alert(1)</script>"])
@pytest.mark.parametrize("name", ["partner_leave", "partner_hand_over", "partner_stay", "successor"])
def test_bad_input_is_answered_and_nothing_is_saved(client, partnership, partner, lead, name, value):
    mine = MilestoneFactory(partnership=partnership, owner=manager_of(partner))
    where = {
        "partner_leave": (partnership, partner),
        "partner_stay": (partnership, partner),
        "successor": (partnership,),
    }
    if name != "partner_leave":
        gives_notice(partner, lead)
    client.force_login(lead)
    url = address(name, *where.get(name, (partnership, partner, "milestone", mine)))
    before = AuditEvent.objects.count()
    page = client.post(url, dict.fromkeys(client.get(url).context["form"].fields, value))
    assert page.status_code == 200
    assert "There is a problem" in page.content.decode()
    assert "<script>alert(1)" not in page.content.decode()
    assert AuditEvent.objects.count() == before


def test_the_page_of_a_leaving_costs_the_same_with_1_3_and_300_things(
    client, partnership, partner, lead, django_assert_max_num_queries
):
    manager = manager_of(partner)
    gives_notice(partner, lead)
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for more in (1, 2, 297):
        MilestoneFactory.create_batch(more, partnership=partnership, owner=manager)
        with django_assert_max_num_queries(20) as captured:
            page = client.get(address("partner_leaving", partnership, partner))
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
    assert "Hand over" not in page.content.decode(), "an observer gets no button"


# Taking a notice back


def test_a_notice_taken_back_keeps_the_partner_and_its_people_with_the_history_of_both(
    client, partnership, partner, lead
):
    manager = manager_of(partner)
    gone = MemberFactory(partnership=partnership, person__organisation=partner.organisation, left_on=date(2026, 5, 1))
    gives_notice(partner, lead)
    client.force_login(lead)
    assert "Take the notice back" in client.get(address("partner_leaving", partnership, partner)).content.decode()
    sent = {"reason": "New funding", "version": 2}
    assert client.post(address("partner_stay", partnership, partner), sent).status_code == 302
    partner.refresh_from_db()
    assert (partner.left_on, partner.notice_on, partner.leaves_because) == (None, None, "")
    ends = {m.person: m.left_on for m in partnership.members.all()}
    assert (ends[manager], ends[gone.person]) == (None, date(2026, 5, 1))
    verbs = AuditEvent.objects.filter(action__in=["partner.leave", "partner.stay"]).values_list("action", "reason")
    assert set(verbs) == {("partner.leave", "Funding ends"), ("partner.stay", "New funding")}
    again = client.post(address("partner_stay", partnership, partner), {"reason": "x", "version": 3})
    assert "has not given notice" in again.content.decode()


def test_a_notice_is_not_taken_back_by_others_without_a_reason_or_after_the_last_day(partnership, partner, lead):
    gives_notice(partner, lead)
    with pytest.raises(NotPermitted):
        take_back_notice(partner=partner, reason="x", by=manager_of(partner))
    with pytest.raises(ValidationError, match="what has changed"):
        take_back_notice(partner=partner, reason=" ", by=lead)
    with pytest.raises(NotNow, match="changed this"):
        take_back_notice(partner=partner, reason="x", by=lead, version=1)
    with clock.at(noon(LAST + timedelta(days=1))), pytest.raises(NotNow, match="left on 31 October 2026"):
        take_back_notice(partner=partner, reason="x", by=lead)
    partner.refresh_from_db()
    assert (partner.left_on, partner.version) == (LAST, 2)


# Joining late


def test_s22_a_partner_that_joins_later_is_asked_to_sign_the_current_memorandum(client, partnership, lead):
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
    for _ in range(2):
        memorandum = write_memorandum(
            partnership=partnership, purpose="p", how_we_work="h", review_on=date(2090, 1, 1), by=lead
        )
    for one, who in zip(partnership.partners.order_by("pk"), (lead, third), strict=True):
        sign_memorandum(memorandum=memorandum, partner=one, by=who)
    assert memorandum_is_signed(partnership)[0].met
    with clock.at(noon(date(2027, 1, 4))):
        late = add_partner(
            partnership=partnership, organisation=OrganisationFactory(name="Late Charity"), part="provider",
            joined_on=date(2027, 1, 4), by=lead,
        )  # fmt: skip
        item = memorandum_is_signed(partnership)[0]
        assert (item.met, item.sentence) == (False, "MoU version 2: 2 of 3 signed. Still to sign: Late Charity.")
        manager = manager_of(late)
        client.force_login(manager)
        assert "Read and sign the memorandum, version 2" in client.get("/").content.decode()
        client.post(reverse("partnerships:memorandum_sign", args=[partnership.public_id, 2]))
        assert memorandum_is_signed(partnership)[0].met
        with pytest.raises(NotNow, match="Version 2 has replaced this one"):
            sign_memorandum(memorandum=partnership.memoranda.get(number=1), partner=late, by=manager)


# A successor


def lead_gives_notice(partnership, by):
    gives_notice(partnership.partners.get(part=PartnerPart.THIRD_SECTOR_LEAD), by)


def test_a_successor_leads_from_the_day_it_is_named_and_the_former_lead_stays_to_its_last_day(
    client, partnership, partner, lead
):
    third = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)
    manager = manager_of(partner)
    lead_gives_notice(partnership, lead)
    client.force_login(lead)
    Member.objects.filter(person=manager).update(left_on=NOTICE - timedelta(days=1))
    assert (
        "No other third sector partner has a person here yet"
        in client.get(address("successor", partnership)).content.decode()
    )
    Member.objects.filter(person=manager).update(left_on=None)
    sent = {"person": manager.public_id, "reason": "Agreed by both", "version": 1}
    assert "Name a successor lead" in client.get(address("partners", partnership)).content.decode()
    assert client.post(address("successor", partnership), sent).status_code == 302
    assert "Name a successor lead" not in client.get(address("partners", partnership)).content.decode()
    partnership.refresh_from_db()
    partner.refresh_from_db()
    assert (partnership.third_sector_lead, partner.part) == (partner.organisation, PartnerPart.THIRD_SECTOR_LEAD)
    former = partnership.partners.get(organisation=third.organisation)
    assert (former.part, former.left_on) == (PartnerPart.PROVIDER, LAST)
    roles = {(m.person, m.role, m.left_on) for m in partnership.members.current()}
    assert (manager, PartnershipRole.THIRD_SECTOR_LEAD, None) in roles
    assert (third, PartnershipRole.PARTNER_MANAGER, LAST) in roles
    assert (third, PartnershipRole.THIRD_SECTOR_LEAD, LAST) not in roles
    event = AuditEvent.objects.get(action="partner.succeed")
    assert (event.after["third_sector_lead"], event.reason) == ("Kingdom Wheels", "Agreed by both")


def test_no_successor_while_the_lead_stays_nor_from_elsewhere_nor_without_a_reason(partnership, partner, lead):
    manager = manager_of(partner)
    business = PartnerFactory(partnership=partnership, organisation__business=True)
    named = {"partnership": partnership, "person": manager, "reason": "Agreed", "by": lead}
    with pytest.raises(NotNow, match="has not given notice"):
        name_successor(**named)
    lead_gives_notice(partnership, lead)
    for changes in ({"person": manager_of(business)}, {"person": lead}, {"person": PersonFactory()}, {"reason": " "}):
        with pytest.raises(ValidationError):
            name_successor(**named | changes)
    for role in (PartnershipRole.PROJECT_LEAD, PartnershipRole.SPONSOR, PartnershipRole.PARTNER_MANAGER):
        with pytest.raises(NotPermitted, match="name a successor lead"):
            name_successor(**named | {"by": person_as(role, partnership)})
    Partnership.objects.update(version=5)
    with pytest.raises(NotNow, match="changed this"):
        name_successor(**named, version=1)
    partner.refresh_from_db()
    assert (partner.part, AuditEvent.objects.filter(action="partner.succeed", outcome="allowed").count()) == (
        PartnerPart.PROVIDER, 0,
    )  # fmt: skip
