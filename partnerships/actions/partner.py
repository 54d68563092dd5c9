"""Organisations and people join, leave, and say what they would do if they did not win."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from accounts.actions.invitation import invite
from accounts.models import Organisation
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.summary import refresh
from partnerships.models import Member, Partner, Partnership
from partnerships.permissions import Ability, require
from partnerships.roles import LEADING_PARTS, PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person


@verb("partner.add", on="partnership")
def add_partner(
    *, partnership: Partnership, organisation: Organisation, part: str, joined_on: date, by: "Person"
) -> Partner:
    """An organisation joins in a part other than the two leads', which are set when the partnership starts."""
    partnership = locked(partnership)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    stop_if(blockers_to_edit(partnership))
    if organisation.survivor:
        raise ValidationError({"organisation": f"{organisation} was merged into {organisation.survivor}: add that."})
    if part in LEADING_PARTS:
        raise ValidationError({"part": "A partnership has one lead from each sector, and both are in place."})
    if Partner.objects.current().filter(partnership=partnership, organisation=organisation).exists():
        raise ValidationError({"organisation": f"{organisation} is a partner already."})
    # A start in the future is prepared today, by whoever joins as by the leads.
    if joined_on < min(partnership.starts_on, clock.today()):
        raise ValidationError({"joined_on": f"The partnership starts on {partnership.starts_on:%-d %B %Y}."})
    partner = Partner.objects.create(partnership=partnership, organisation=organisation, part=part, joined_on=joined_on)
    refresh(partnership)
    record(
        "partner.add",
        on=partner,
        by=by,
        summary=f"added {organisation} as {partner.get_part_display().lower()}",
        after={"organisation": organisation.name, "part": part, "joined_on": joined_on.isoformat()},
    )
    return partner


@verb("partner.plan_for_losing", on="partner")
def write_contingency_plan(*, partner: Partner, plan: str, by: "Person", version: int | None = None) -> None:
    """What the organisation will do if it does not win the contract (`domain.md` 1.11). Its own people write it."""
    partnership = locked(partner.partnership)
    partner = locked(partner, version=version)
    require(by, Ability.WRITE_CONTINGENCY_PLAN, partnership)
    if by.organisation_id != partner.organisation_id:
        raise NotPermitted(f"Only people of {partner} write its contingency plan.")
    stop_if(blockers_to_edit(partnership))
    if not plan.strip():
        raise ValidationError({"plan": "Say what happens to staff, money, users and equipment."})
    partner.contingency_plan, partner.contingency_plan_on = plan, clock.today()
    partner.version += 1
    partner.save(update_fields=["contingency_plan", "contingency_plan_on", "version"])
    record("partner.plan_for_losing", on=partner, by=by, summary=f"wrote the contingency plan of {partner}")


@verb("member.add", on="partnership")
def add_member(
    *, partnership: Partnership, email: str, name: str, organisation: Organisation, role: str, by: "Person"
) -> Member:
    """Give a person a role; someone new to the portal gets an invitation that opens on this partnership."""
    partnership = locked(partnership)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    stop_if(blockers_to_edit(partnership))
    partner = Partner.objects.current().filter(partnership=partnership, organisation=organisation).first()
    if partner is None:
        raise ValidationError({"organisation": f"{organisation} is not a partner yet: add the organisation first."})
    person = invite(email=email, name=name, organisation=organisation, opens=partnership.get_absolute_url(), by=by)
    _check_role(partnership, person, organisation, role)
    member = Member.objects.create(
        partnership=partnership, person=person, role=role, joined_on=clock.today(), left_on=partner.left_on
    )
    record(
        "member.add",
        on=member,
        by=by,
        summary=f"made {person} {member.get_role_display().lower()}",
        after={"person": person.email, "role": role},
    )
    return member


@verb("member.leave", on="member")
def remove_member(*, member: Member, by: "Person") -> None:
    """A person's role ends today. The last public and third sector lead cannot be taken away."""
    partnership = locked(member.partnership)
    member = locked(member)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    if member.left_on and member.left_on < clock.today():
        stop_if([f"{member.person} left this role on {member.left_on:%-d %B %Y}."])
    if member.role in (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD) and _is_the_last(member):
        stop_if([f"{member.person} is the only {member.get_role_display().lower()}: name a successor first."])
    member.left_on = clock.today() if member.joined_on >= clock.today() else _yesterday()
    member.save(update_fields=["left_on"])
    role = member.get_role_display().lower()
    record("member.leave", on=member, by=by, summary=f"ended the role of {member.person} as {role}")


def _yesterday() -> date:
    return date.fromordinal(clock.today().toordinal() - 1)


def _is_the_last(member: Member) -> bool:
    others = Member.objects.current().filter(partnership=member.partnership, role=member.role).exclude(pk=member.pk)
    return not others.exists()


def _check_role(partnership: Partnership, person: "Person", organisation: Organisation, role: str) -> None:
    if person.organisation_id != organisation.pk:
        raise ValidationError({"organisation": f"{person} works for {person.organisation}."})
    if Member.objects.current().filter(partnership=partnership, person=person, role=role).exists():
        raise ValidationError({"role": f"{person} has this role already."})
    public_only = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.SPONSOR, PartnershipRole.PROCUREMENT_OFFICER)
    if role in public_only and organisation.pk != partnership.public_lead_id:
        raise ValidationError({"role": f"This role is for people of {partnership.public_lead}."})
    if role == PartnershipRole.THIRD_SECTOR_LEAD and organisation.pk != partnership.third_sector_lead_id:
        raise ValidationError({"role": f"This role is for people of {partnership.third_sector_lead}."})
