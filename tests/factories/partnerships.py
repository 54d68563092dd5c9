"""Partnerships for tests: both leads, a person in every role, no more unless a trait says so."""

from datetime import UTC, date, datetime
from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from foundation.database.ids import new_public_id
from partnerships.areas import Area
from partnerships.information import InformationClass
from partnerships.involvement import ActivityKind, Standard
from partnerships.lifecycle import Stage
from partnerships.models import (
    ActionPoint,
    Allocation,
    BudgetLine,
    Fund,
    Idea,
    Instalment,
    Interest,
    Involvement,
    Meeting,
    MeetingDecision,
    Member,
    Milestone,
    Partner,
    Partnership,
    PublicPage,
    Risk,
    SharingEntry,
)
from partnerships.moderation import IdeaKind, IdeaState
from partnerships.money import Certainty, FundKind
from partnerships.plan import Block
from partnerships.roles import PartnerPart, PartnershipRole
from tests.factories.accounts import OrganisationFactory, PersonFactory


class PartnershipFactory(DjangoModelFactory):
    class Meta:
        model = Partnership

    title = factory.Sequence(lambda n: f"Example partnership {n}")
    need = "Older people who live alone see too few other people."
    client_group = "People over 65 who live alone"
    area = Area.FIFE
    sponsor = "Morag Sinclair, Head of Commissioning"
    public_lead = factory.SubFactory(OrganisationFactory, public=True)
    third_sector_lead = factory.SubFactory(OrganisationFactory)
    starts_on = date(2026, 4, 1)
    stage = Stage.DESIGN
    stage_since = factory.SelfAttribute("starts_on")

    class Params:
        proposed = factory.Trait(stage=Stage.PROPOSED)
        in_pilot = factory.Trait(stage=Stage.PILOT)
        in_redesign = factory.Trait(stage=Stage.REDESIGN)
        in_tender = factory.Trait(stage=Stage.TENDER)
        live = factory.Trait(stage=Stage.LIVE)
        closed = factory.Trait(stage=Stage.CLOSED)
        stopped = factory.Trait(stage=Stage.STOPPED)


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    partnership = factory.SubFactory(PartnershipFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    part = PartnerPart.PROVIDER
    joined_on = factory.SelfAttribute("partnership.starts_on")


class MemberFactory(DjangoModelFactory):
    class Meta:
        model = Member

    partnership = factory.SubFactory(PartnershipFactory)
    person = factory.SubFactory(PersonFactory)
    role = PartnershipRole.OBSERVER
    joined_on = date(2020, 1, 1)


class MilestoneFactory(DjangoModelFactory):
    class Meta:
        model = Milestone

    partnership = factory.SubFactory(PartnershipFactory)
    block = Block.DESIGN
    title = factory.Sequence(lambda n: f"Milestone {n}")
    due_on = date(2026, 10, 1)
    baseline_on = factory.SelfAttribute("due_on")


class InterestFactory(DjangoModelFactory):
    """A current interest of somebody who may or may not be a member."""

    class Meta:
        model = Interest

    partnership = factory.SubFactory(PartnershipFactory)
    person = factory.SubFactory(PersonFactory)
    nature = "My wife is a trustee"
    organisation = "Kingdom Wheels"
    since = date(2020, 1, 1)


def person_as(role: PartnershipRole, partnership: Partnership, **fields):
    """A person who holds `role` in `partnership`."""
    return MemberFactory(partnership=partnership, role=role, person=PersonFactory(**fields)).person


def both_leads_as_partners(partnership: Partnership) -> tuple[Partner, Partner]:
    return (
        PartnerFactory(partnership=partnership, organisation=partnership.public_lead, part=PartnerPart.PUBLIC_LEAD),
        PartnerFactory(
            partnership=partnership, organisation=partnership.third_sector_lead, part=PartnerPart.THIRD_SECTOR_LEAD
        ),
    )


class RiskFactory(DjangoModelFactory):
    class Meta:
        model = Risk

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Risk {n}")
    likelihood = 3
    impact = 3
    mitigation = "Two drivers are trained for every route."
    owner = factory.LazyAttribute(lambda risk: person_as(PartnershipRole.EVALUATOR, risk.partnership))
    review_on = date(2026, 12, 1)


class SharingEntryFactory(DjangoModelFactory):
    class Meta:
        model = SharingEntry
        skip_postgeneration_save = True

    partnership = factory.SubFactory(PartnershipFactory)
    what = factory.Sequence(lambda n: f"Figures {n}")
    shared_on = date(2026, 5, 4)
    how = "By e-mail"
    shared_by = factory.LazyAttribute(
        lambda entry: person_as(
            PartnershipRole.PUBLIC_LEAD, entry.partnership, organisation=entry.partnership.public_lead
        )
    )
    given_by = factory.SelfAttribute("shared_by.organisation")
    logged_by = factory.SelfAttribute("shared_by")
    information_class = InformationClass.PARTNERSHIP
    thread = factory.SelfAttribute("public_id")
    public_id = factory.LazyFunction(new_public_id)

    @factory.post_generation
    def given_to(entry, create, organisations, **kwargs):
        entry.given_to.set(organisations or [entry.partnership.third_sector_lead])


class MeetingFactory(DjangoModelFactory):
    class Meta:
        model = Meeting

    partnership = factory.SubFactory(PartnershipFactory)
    title = factory.Sequence(lambda n: f"Meeting {n}")
    held_on = date(2026, 5, 4)


class ActionPointFactory(DjangoModelFactory):
    class Meta:
        model = ActionPoint

    class Params:
        partnership = factory.SubFactory(PartnershipFactory)

    meeting = factory.SubFactory(MeetingFactory, partnership=factory.SelfAttribute("..partnership"))
    what = factory.Sequence(lambda n: f"Action {n}")
    owner = factory.LazyAttribute(lambda point: person_as(PartnershipRole.EVALUATOR, point.meeting.partnership))
    due_on = date(2026, 12, 1)


class MeetingDecisionFactory(DjangoModelFactory):
    class Meta:
        model = MeetingDecision

    class Params:
        partnership = factory.SubFactory(PartnershipFactory)

    meeting = factory.SubFactory(MeetingFactory, partnership=factory.SelfAttribute("..partnership"))
    what = factory.Sequence(lambda n: f"Decision {n}")
    reasons = "It costs less."
    recorded_by = factory.SubFactory(PersonFactory)


class InvolvementFactory(DjangoModelFactory):
    class Meta:
        model = Involvement

    partnership = factory.SubFactory(PartnershipFactory)
    held_on = date(2026, 5, 4)
    kind = ActivityKind.WORKSHOP
    about = factory.Sequence(lambda n: f"Workshop {n}")
    people = 12
    standard = Standard.WORKING_TOGETHER
    expenses_paid = True
    heard = "Evenings suit us better."


class FundFactory(DjangoModelFactory):
    class Meta:
        model = Fund

    partnership = factory.SubFactory(PartnershipFactory)
    source = factory.Sequence(lambda n: f"Example Trust {n}")
    kind = FundKind.TRUST
    amount = Decimal("60000.00")
    from_on = date(2026, 4, 1)
    until_on = date(2028, 3, 31)
    certainty = Certainty.CONFIRMED

    class Params:
        help_in_kind = factory.Trait(in_kind=True, what="Two rooms on Tuesdays", valued_how="104 days at £50")


class InstalmentFactory(DjangoModelFactory):
    class Meta:
        model = Instalment

    fund = factory.SubFactory(FundFactory)
    due_on = date(2026, 10, 1)
    amount = Decimal("15000.00")


class BudgetLineFactory(DjangoModelFactory):
    class Meta:
        model = BudgetLine

    partnership = factory.SubFactory(PartnershipFactory)
    heading = "delivery_staff"
    amount = Decimal("40000.00")


class AllocationFactory(DjangoModelFactory):
    class Meta:
        model = Allocation

    line = factory.SubFactory(BudgetLineFactory)
    partner = factory.SubFactory(PartnerFactory, partnership=factory.SelfAttribute("..line.partnership"))
    amount = Decimal("10000.00")


class PublicPageFactory(DjangoModelFactory):
    """Written, not yet published."""

    class Meta:
        model = PublicPage

    partnership = factory.SubFactory(PartnershipFactory)
    summary = "Volunteers visit people who live alone."
    who_for = "People over 65 who live alone"

    class Params:
        published = factory.Trait(
            published_at=datetime(2026, 6, 1, 12, tzinfo=UTC), published_by=factory.SubFactory(PersonFactory)
        )


class IdeaFactory(DjangoModelFactory):
    """Waiting, from somebody who gave nothing but the idea."""

    class Meta:
        model = Idea

    partnership = factory.SubFactory(PartnershipFactory)
    kind = IdeaKind.IDEA
    text = factory.Sequence(lambda n: f"Visit in the evening, please, {n}")

    class Params:
        decided = factory.Trait(
            state=IdeaState.PRIVATE,
            moderated_at=datetime(2026, 6, 2, 12, tzinfo=UTC),
            moderated_by=factory.SubFactory(PersonFactory),
        )
        published = factory.Trait(
            decided=True, state=IdeaState.PUBLISHED, shown=factory.SelfAttribute("text"), we_did="We visit until eight."
        )
