"""A partner gives notice, what it owns goes to others, a successor leads (`domain.md` 8, scenarios 20, 21)."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.urls import reverse

from accounts.models.organisation import Sector
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotNow, stop_if
from partnerships import handover
from partnerships.actions.milestone import edit_milestone
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.summary import refresh
from partnerships.handover import Belonging, Source
from partnerships.models import Member, Milestone, Partner, Partnership
from partnerships.permissions import Ability, require
from partnerships.roles import PartnerPart, PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Organisation, Person


NOT_ITS_OWN = "This does not belong to the partner’s people any more: somebody has handed it over."


def blockers_to_leave(partner: Partner) -> list[str]:
    """Why this partner cannot give notice now."""
    if partner.part == PartnerPart.PUBLIC_LEAD:
        return ["The public sector lead cannot simply leave: it answers for the partnership to the end."]
    if partner.left_on:
        left = "left" if partner.left_on < clock.today() else "has given notice and leaves"
        return [f"{partner} {left} on {partner.left_on:%-d %B %Y}."]
    return blockers_to_edit(partner.partnership)


@verb("partner.leave", on="partner")
def leave(*, partner: Partner, left_on: date, reason: str, by: "Person", version: int | None = None) -> None:
    """Give notice: the last day of a partner, whose people lose their roles at its end. What it did stays.

    The third sector lead may give notice too; `name_successor` says who leads after it.
    """
    partnership = locked(partner.partnership)
    partner = locked(partner, version=version)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    stop_if(blockers_to_leave(partner))
    if left_on < max(clock.today(), partner.joined_on):
        raise ValidationError({"left_on": "Notice is given beforehand: choose today or a later date."})
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Everyone in the partnership can read it."})
    partner.left_on, partner.notice_on, partner.leaves_because = left_on, clock.today(), reason
    partner.version += 1
    partner.save(update_fields=["left_on", "notice_on", "leaves_because", "version"])
    people = Member.objects.filter(partnership=partnership, person__organisation=partner.organisation)
    people.exclude(left_on__lte=left_on).update(left_on=left_on)
    refresh(partnership)
    record(
        "partner.leave",
        on=partner,
        by=by,
        summary=f"gave notice for {partner}, which leaves on {left_on:%-d %B %Y}",
        reason=reason,
        after={"left_on": left_on.isoformat()},
    )


def blockers_to_stay(partner: Partner) -> list[str]:
    """Why a notice cannot be taken back now."""
    if partner.left_on is None:
        return [f"{partner} has not given notice."]
    if partner.left_on < clock.today():
        return [f"{partner} left on {partner.left_on:%-d %B %Y}. It can be added again as a partner."]
    return blockers_to_edit(partner.partnership)


@verb("partner.stay", on="partner")
def take_back_notice(*, partner: Partner, reason: str, by: "Person", version: int | None = None) -> None:
    """The partner stays after all, and so do those of its people whose roles would have ended with it."""
    partnership = locked(partner.partnership)
    partner = locked(partner, version=version)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    stop_if(blockers_to_stay(partner))
    if not reason.strip():
        raise ValidationError({"reason": "Say what has changed. Everyone in the partnership can read it."})
    people = Member.objects.filter(partnership=partnership, person__organisation=partner.organisation)
    people.filter(left_on=partner.left_on).update(left_on=None)
    partner.left_on, partner.notice_on, partner.leaves_because = None, None, ""
    partner.version += 1
    partner.save(update_fields=["left_on", "notice_on", "leaves_because", "version"])
    refresh(partnership)
    record("partner.stay", on=partner, by=by, summary=f"took back the notice of {partner}, which stays", reason=reason)


def left_behind(partner: Partner) -> list[tuple[str, Source, list[Belonging]]]:
    """What needs a new owner, by kind: everything of the partner's people that is still open."""
    return [
        (kind, source, source.of(partner.partnership, partner.organisation))
        for kind, source in handover.sources().items()
    ]


def belonging(partner: Partner, kind: str, key: str) -> Belonging | None:
    """The one thing of that kind; None when it is not, or no longer, the partner's."""
    source = handover.sources().get(kind)
    found = source.of(partner.partnership, partner.organisation) if source else []
    return next((one for one in found if one.key == key), None)


def takers(partner: Partner, kind: str) -> "Mapping[str, Person | Partner]":
    """Who may take over what the partner leaves behind of a kind: members, or partners, who stay longer."""
    source = handover.sources().get(kind)
    return _partners_staying(partner) if source and source.to_partners else _people_staying(partner)


def _partners_staying(partner: Partner) -> dict[str, Partner]:
    others = Partner.objects.current().filter(partnership=partner.partnership).select_related("organisation")
    last_day = partner.left_on or clock.today()
    staying = [other for other in others if other.left_on is None or other.left_on > last_day]
    return {other.public_id: other for other in staying if other.pk != partner.pk}


def _people_staying(partner: Partner) -> dict[str, "Person"]:
    members = Member.objects.current().filter(partnership=partner.partnership).select_related("person__organisation")
    staying = members.exclude(person__organisation=partner.organisation).order_by("person__name", "person")
    last_day = partner.left_on or clock.today()
    return {m.person.public_id: m.person for m in staying if m.left_on is None or m.left_on > last_day}


@verb("partner.hand_over", on="partner")
def hand_over(*, partner: Partner, kind: str, key: str, to: "Person | Partner", by: "Person") -> None:
    """Give one thing of a partner that leaves to somebody who stays, a person or a partner as its kind demands.

    Refused once it is not the partner's any more.
    """
    partnership = locked(partner.partnership)
    partner = locked(partner)
    require(by, Ability.MANAGE_PARTNERS, partnership)
    if partner.left_on is None:
        stop_if([f"{partner} has not given notice."])
    stop_if(blockers_to_edit(partnership))
    if to.public_id not in takers(partner, kind):
        raise ValidationError({"to": f"{to} does not stay in the partnership: choose somebody who does."})
    thing = belonging(partner, kind, key)
    if thing is None:
        raise NotNow(NOT_ITS_OWN)
    handover.sources()[kind].give(partnership=partnership, key=key, to=to, by=by)
    whose = f"{thing.owner}’s" if thing.owner == partner else f"{thing.owner}’s of {partner}"
    record(
        "partner.hand_over",
        on=partner,
        by=by,
        summary=f"gave “{thing.title}”, which was {whose}, to {to}",
        before={"owner": str(thing.owner)},
        after={"owner": str(to)},
    )


def milestones_of(partnership: Partnership, organisation: "Organisation") -> list[Belonging]:
    """Open milestones whose owner works for the organisation. One query."""
    rows = Milestone.objects.open().filter(partnership=partnership, owner__organisation=organisation)
    found = []
    for row in rows.select_related("owner"):
        assert row.owner
        path = reverse("partnerships:milestone", args=[partnership.public_id, row.public_id])
        found.append(Belonging(row.public_id, row.title, row.owner, row.due_on, path))
    return found


def give_milestone(*, partnership: Partnership, key: str, to: "Person", by: "Person") -> None:
    milestone = Milestone.objects.get(partnership=partnership, public_id=key)
    edit_milestone(milestone=milestone, title=milestone.title, owner=to, by=by)


def blockers_to_name_successor(partnership: Partnership) -> list[str]:
    """Why nobody can be named to lead the third sector after the present lead."""
    lead = third_sector_lead(partnership)
    if lead and not lead.left_on:
        return [f"{lead} leads the third sector and has not given notice."]
    return blockers_to_edit(partnership)


def third_sector_lead(partnership: Partnership) -> Partner | None:
    """The partner that leads the third sector, or was the last to lead it."""
    leads = Partner.objects.filter(partnership=partnership, organisation=partnership.third_sector_lead_id)
    return leads.filter(part=PartnerPart.THIRD_SECTOR_LEAD).select_related("organisation").order_by("-pk").first()


def successors(partnership: Partnership) -> dict[str, tuple["Person", Partner]]:
    """Who may lead next: members of third sector partners that stay, by public id, with their partner."""
    partners = Partner.objects.current().filter(partnership=partnership, left_on=None).select_related("organisation")
    able = {
        p.organisation_id: p
        for p in partners
        if p.organisation.sector == Sector.THIRD and p.part != PartnerPart.THIRD_SECTOR_LEAD
    }
    members = Member.objects.current().filter(partnership=partnership, person__organisation__in=able)
    people = {m.person for m in members.select_related("person__organisation")}
    return {
        who.public_id: (who, able[who.organisation_id])
        for who in sorted(people, key=lambda who: (who.name, who.pk))
        if who.organisation_id
    }


@verb("partner.succeed", on="partnership")
def name_successor(
    *, partnership: Partnership, person: "Person", reason: str, by: "Person", version: int | None = None
) -> None:
    """Another third sector partner leads from today: `person` gets the role. A pause for want of a lead is lifted."""
    partnership = locked(partnership, version=version)
    require(by, Ability.STEER, partnership)
    stop_if(blockers_to_name_successor(partnership))
    if person.public_id not in successors(partnership):
        raise ValidationError({"person": f"{person} is not a member from another third sector partner that stays."})
    if not reason.strip():
        raise ValidationError({"reason": "Say how this was agreed. Everyone in the partnership can read it."})
    before, partner = third_sector_lead(partnership), successors(partnership)[person.public_id][1]
    if before:
        _step_back(before)
    partner.part, partner.version = PartnerPart.THIRD_SECTOR_LEAD, partner.version + 1
    partner.save(update_fields=["part", "version"])
    Member.objects.create(
        partnership=partnership, person=person, role=PartnershipRole.THIRD_SECTOR_LEAD, joined_on=clock.today()
    )
    partnership.third_sector_lead, partnership.version = partner.organisation, partnership.version + 1
    if partnership.paused_for_want_of_lead:
        partnership.paused_on, partnership.paused_because, partnership.paused_for_want_of_lead = None, "", False
    partnership.save()
    refresh(partnership)
    record(
        "partner.succeed",
        on=partnership,
        by=by,
        summary=f"made {partner} lead of the third sector{f' after {before}' if before else ''}, with {person}",
        reason=reason,
        before={"third_sector_lead": str(before or "")},
        after={"third_sector_lead": str(partner), "person": person.email},
    )


def _step_back(lead: Partner) -> None:
    """A lead that is still there until its last day goes on as a provider, and its people as its managers."""
    today = clock.today()
    if lead.left_on is None or lead.left_on < today:
        return
    lead.part, lead.version = PartnerPart.PROVIDER, lead.version + 1
    lead.save(update_fields=["part", "version"])
    held = Member.objects.current().filter(partnership=lead.partnership_id, role=PartnershipRole.THIRD_SECTOR_LEAD)
    for member in held.filter(person__organisation=lead.organisation_id):
        Member.objects.create(
            partnership=lead.partnership,
            person=member.person,
            role=PartnershipRole.PARTNER_MANAGER,
            joined_on=today,
            left_on=member.left_on,
        )
        member.left_on = max(member.joined_on, date.fromordinal(today.toordinal() - 1))
        member.save(update_fields=["left_on"])
