"""Starting, planning, partners, people, budget: the verbs and the scenarios of the reference they answer."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from accounts.models import Organisation, Person
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships import gates
from partnerships.actions.budget import add_budget_line, change_budget_line, remove_budget_line
from partnerships.actions.memorandum import sign_memorandum
from partnerships.actions.milestone import move_milestone
from partnerships.actions.partner import add_member, add_partner, remove_member, write_contingency_plan
from partnerships.actions.partnership import edit_partnership, start_partnership
from partnerships.actions.plan import change_plan, months_of
from partnerships.lifecycle import Gate, Stage
from partnerships.models import BudgetHeading, Memorandum, Milestone, Partnership, books_of
from partnerships.plan import Block
from partnerships.roles import PartnerPart, PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.partnerships import MemberFactory, PartnerFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db


def start(by: Person, **changes):
    facts = {
        "title": "Befriending in Fife",
        "need": "Older people see too few others.",
        "client_group": "People over 65",
        "area": "fife",
        "sponsor": "Morag Sinclair",
        "public_lead": by.organisation,
        "third_sector_lead": OrganisationFactory(),
        "starts_on": date(2026, 4, 1),
    }
    return start_partnership(**facts | changes, by=by)


def test_s01_starting_draws_the_four_blocks_and_makes_both_leads_partners():
    commissioner = PersonFactory(commissioner=True)
    partnership = start(commissioner)
    milestones = Milestone.objects.filter(partnership=partnership)
    assert [m.due_on for m in milestones] == [date(2026, 10, 1), date(2028, 10, 1), date(2029, 4, 1), date(2029, 10, 1)]
    assert {p.part for p in partnership.partners.all()} == {PartnerPart.PUBLIC_LEAD, PartnerPart.THIRD_SECTOR_LEAD}
    assert partnership.members.get().person == commissioner
    partnership.refresh_from_db()
    assert (partnership.stage, partnership.next_due_on, partnership.open_milestones) == (
        Stage.PROPOSED, date(2026, 10, 1), 4,
    )  # fmt: skip
    assert AuditEvent.objects.get(scope=partnership.audit_scope).action == "partnership.start"


def test_a_start_in_the_future_can_be_prepared_today():
    """Both leads are partners from today: people are named and papers signed before the first day."""
    commissioner = PersonFactory(commissioner=True)
    partnership = start(commissioner, starts_on=clock.today() + timedelta(days=20))
    assert partnership.partners.current().count() == 2
    unmet = " ".join(gates.blockers(Gate.G1, partnership)).lower()
    assert "contingency plan" in unmet
    assert not any("0 of 0" in item.sentence for item in gates.evidence(Gate.G1, partnership))


def test_a_date_moved_by_hand_keeps_its_distance_when_another_block_changes():
    commissioner = PersonFactory(commissioner=True)
    partnership = start(commissioner)
    design, pilot, *_ = partnership.milestones.order_by("due_on")
    move_milestone(milestone=design, due_on=date(2026, 12, 1), reason="More workshops", by=commissioner)
    change_plan(partnership=partnership, months=months_of(partnership) | {Block.PARTNERSHIP: 12}, reason="Short",
                by=commissioner)  # fmt: skip
    design.refresh_from_db()
    pilot.refresh_from_db()
    assert (design.due_on, design.moves.count()) == (date(2026, 12, 1), 1)
    assert pilot.due_on == date(2027, 10, 1)


def test_starting_is_refused_without_the_role_and_leaves_nothing():
    with pytest.raises(NotPermitted, match="start a partnership"):
        start(PersonFactory(organisation=OrganisationFactory(public=True)))
    assert not Partnership.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_starting_for_another_public_body_is_refused():
    with pytest.raises(NotPermitted, match="the public body you work for"):
        start(PersonFactory(commissioner=True), public_lead=OrganisationFactory(public=True))


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("third_sector_lead", lambda: {"third_sector_lead": OrganisationFactory(business=True)}),
        ("starts_on", lambda: {"starts_on": date(1999, 12, 31)}),
        ("starts_on", lambda: {"starts_on": date(2100, 1, 1)}),
    ],
)
def test_starting_with_something_impossible_says_so_beside_the_field(field, changes):
    with pytest.raises(ValidationError) as refusal:
        start(PersonFactory(commissioner=True), **changes())
    assert field in refusal.value.message_dict
    assert not Partnership.objects.exists()


def test_editing_changes_the_description_and_keeps_what_it_was():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership)
    facts = {"title": "New title", "need": "N", "service": "S", "client_group": "C", "area": "fife", "sponsor": "X"}
    edit_partnership(partnership=partnership, **facts, by=lead, version=1)
    event = AuditEvent.objects.get()
    assert event.before["title"] == partnership.title
    assert event.after["title"] == "New title"
    with pytest.raises(NotNow, match="changed this"):
        edit_partnership(partnership=partnership, **facts, by=lead, version=1)


def test_s02_a_twelve_month_pilot_block_is_accepted_with_a_warning():
    commissioner = PersonFactory(commissioner=True)
    partnership = start(commissioner)
    months = months_of(partnership) | {Block.PARTNERSHIP: 12}
    [warning] = change_plan(partnership=partnership, months=months, reason="Short pilot", by=commissioner)
    assert "recommended minimum is 24 months" in warning
    assert Milestone.objects.get(block=Block.PARTNERSHIP).due_on == date(2027, 10, 1)
    assert Milestone.objects.get(block=Block.CONTRACT).baseline_on == date(2029, 10, 1)
    assert Milestone.objects.get(block=Block.CONTRACT).due_on == date(2028, 10, 1)


@pytest.mark.parametrize("length", [0, 121, -1])
def test_an_impossible_block_length_is_refused_and_nothing_moves(length):
    commissioner = PersonFactory(commissioner=True)
    partnership = start(commissioner)
    with pytest.raises(ValidationError):
        change_plan(
            partnership=partnership, months=months_of(partnership) | {Block.DESIGN: length}, reason="x", by=commissioner
        )
    assert months_of(partnership)[Block.DESIGN] == 6


def test_s06_a_budget_without_the_needed_lines_names_them():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    add_budget_line(
        partnership=partnership, heading=BudgetHeading.ADMINISTRATION, amount=Decimal("9000"), note="", by=lead
    )
    sentences = " ".join(gates.blockers(Gate.G1, partnership))
    assert "Development officer and support for members" in sentences
    assert "Shared vision and values" in sentences
    assert "Administrative support" not in sentences


def test_s07_a_partner_without_a_contingency_plan_is_named_at_g1_and_g4():
    partnership = PartnershipFactory()
    partner = PartnerFactory(partnership=partnership, organisation__name="Silver Thread")
    PartnerFactory(partnership=partnership, organisation=OrganisationFactory(public=True, name="Example Council"))
    for gate in (Gate.G1, Gate.G4):
        sentence = next(s for s in gates.blockers(gate, partnership) if "contingency" in s)
        assert "Silver Thread" in sentence
        assert "Example Council" not in sentence
    manager = person_as(PartnershipRole.PARTNER_MANAGER, partnership, organisation=partner.organisation)
    write_contingency_plan(partner=partner, plan="Two months of reserves.", by=manager)
    assert not [s for s in gates.blockers(Gate.G4, partnership) if "contingency" in s]


def test_a_contingency_plan_is_written_only_by_the_partners_own_people():
    partner = PartnerFactory()
    stranger = person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership)
    with pytest.raises(NotPermitted, match="Only people of"):
        write_contingency_plan(partner=partner, plan="x", by=stranger)


def test_papers_of_a_closed_partnership_are_neither_written_nor_signed():
    partner = PartnerFactory(partnership__closed=True)
    manager = person_as(PartnershipRole.PARTNER_MANAGER, partner.partnership, organisation=partner.organisation)
    memorandum = Memorandum.objects.create(
        partnership=partner.partnership, number=1, review_on=date(2027, 4, 1), written_by=manager
    )  # fmt: skip
    with pytest.raises(NotNow, match="closed"):
        write_contingency_plan(partner=partner, plan="Staff move to other projects.", by=manager)
    with pytest.raises(NotNow, match="closed"):
        sign_memorandum(memorandum=memorandum, partner=partner, by=manager)
    partner.refresh_from_db()
    assert (partner.contingency_plan, memorandum.signatures.count()) == ("", 0)


def test_budget_lines_add_up_change_and_go():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    assert books_of(partnership).budgeted == Decimal("0.00")
    first = add_budget_line(partnership=partnership, heading="other", amount=Decimal("0.10"), note="", by=lead)
    add_budget_line(partnership=partnership, heading="other", amount=Decimal("0.20"), note="", by=lead)
    assert books_of(partnership).budgeted == Decimal("0.30")
    change_budget_line(line=first, heading="training", amount=Decimal("5.05"), note="n", by=lead, version=1)
    assert books_of(partnership).budgeted == Decimal("5.25")
    remove_budget_line(line=first, by=lead)
    assert books_of(partnership).budgeted == Decimal("0.20")
    assert AuditEvent.objects.filter(action="budget.remove_line").get().before["amount"] == "5.05"


@pytest.mark.parametrize("amount", ["0", "-1"])
def test_a_budget_line_of_nothing_or_less_is_refused(amount):
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    with pytest.raises(ValidationError):
        add_budget_line(partnership=partnership, heading="other", amount=Decimal(amount), note="", by=lead)


def test_a_partner_joins_once():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    organisation = OrganisationFactory()
    add_partner(
        partnership=partnership, organisation=organisation, part="provider", joined_on=date(2026, 5, 1), by=lead
    )
    with pytest.raises(ValidationError, match="already"):
        add_partner(
            partnership=partnership, organisation=organisation, part="support", joined_on=date(2026, 5, 1), by=lead
        )


def test_giving_a_role_invites_somebody_new_and_checks_who_may_hold_it():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    charity = PartnerFactory(partnership=partnership).organisation
    give = {"partnership": partnership, "email": "new@example.org", "name": "New Person", "organisation": charity}
    with pytest.raises(ValidationError, match="people of"):
        add_member(**give, role=PartnershipRole.PROCUREMENT_OFFICER, by=lead)
    assert not Person.objects.filter(email="new@example.org").exists()
    member = add_member(**give, role=PartnershipRole.PARTNER_MANAGER, by=lead)
    assert not member.person.has_usable_password()
    assert Partnership.objects.visible_to(member.person).get() == partnership
    outsider = OrganisationFactory()
    with pytest.raises(ValidationError, match="not a partner yet"):
        add_member(**give | {"organisation": outsider, "email": "x@example.org"}, role="observer", by=lead)


def test_the_last_lead_stays_and_an_ended_role_ends_at_once():
    partnership = PartnershipFactory()
    lead = MemberFactory(partnership=partnership, role=PartnershipRole.PUBLIC_LEAD)
    with pytest.raises(NotNow, match="the only public sector lead"):
        remove_member(member=lead, by=lead.person)
    observer = MemberFactory(partnership=partnership)
    remove_member(member=observer, by=lead.person)
    assert not Partnership.objects.visible_to(observer.person).exists()


def test_nobody_without_a_part_sees_a_partnership_in_any_role_of_the_portal():
    PartnershipFactory()
    for trait in ("commissioner", "administrator", "publisher"):
        assert not Partnership.objects.visible_to(PersonFactory(**{trait: True})).exists()
    assert Organisation.objects.exists()
