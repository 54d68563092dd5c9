"""Partnerships for tests: both leads, a person in every role, no more unless a trait says so."""

from datetime import date

import factory
from factory.django import DjangoModelFactory

from partnerships.areas import Area
from partnerships.lifecycle import Stage
from partnerships.models import Interest, Member, Milestone, Partner, Partnership
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
    stage_since = factory.SelfAttribute("starts_on")

    class Params:
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
