"""What waits for a person in their partnerships: hand-overs, signatures, ideas to decide on. Some share queries."""

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, Exists, OuterRef, Q
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships.deadlines import Deadline
from partnerships.lifecycle import OVER, Stage, extension_signers, passage_through
from partnerships.models import (
    Allocation,
    GateDecision,
    Idea,
    Interest,
    Member,
    Milestone,
    Partner,
    PilotExtension,
    held_by,
)
from partnerships.own import newest_memoranda, present_partners
from partnerships.permissions import Ability, where_may
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1


def register() -> None:
    todo.add("partnerships.leavers", leavers, "Partners")
    todo.add("partnerships.decisions", decisions, "Signatures")
    todo.add("partnerships.extensions", extensions, "Signatures")
    todo.add("partnerships.memoranda", memoranda, "Signatures")
    todo.add("partnerships.ideas", ideas, "Ideas")


def leavers(person: "Person") -> list[Todo]:
    """Partners that leave while they hold allocations or their people open milestones, for those who hand over."""
    if not (mine := where_may(person, Ability.MANAGE_PARTNERS)):
        return []
    theirs = Milestone.objects.open().filter(
        partnership=OuterRef("partnership"), owner__organisation=OuterRef("organisation")
    )
    # What it still holds of the budget after its last day is what it has spent.
    spends = Q(Exists(Allocation.objects.filter(partner=OuterRef("pk"))), left_on__gte=clock.today())
    holds = Q(Exists(theirs)) | spends
    leaving = Partner.objects.filter(holds, partnership__in=mine, left_on__isnull=False)
    return [
        Todo(f"Find new owners for what {row} leaves behind",
             reverse("partnerships:partner_leaving", args=[row.partnership.public_id, row.public_id]), row.left_on,
             row.partnership.title)
        for row in leaving.exclude(partnership__stage=Stage.CLOSED).select_related("partnership", "organisation")
    ]  # fmt: skip


def leavers_due(last: date) -> Iterable[Deadline]:
    """The last day of a partner whose people still own open milestones, for the project lead. Two queries."""
    theirs = Milestone.objects.open().filter(
        partnership=OuterRef("partnership"), owner__organisation=OuterRef("organisation")
    )
    rows = Partner.objects.filter(Exists(theirs), left_on__lte=last).exclude(partnership__stage__in=OVER)
    found = list(rows.select_related("partnership", "organisation"))
    members = Member.objects.current().filter(
        partnership__in={row.partnership_id for row in found}, role=PartnershipRole.PROJECT_LEAD
    )
    owners = {member.partnership_id: member.person for member in members.select_related("person").order_by("-pk")}
    for row in found:
        if (owner := owners.get(row.partnership_id)) and row.left_on:
            path = reverse("partnerships:partner_leaving", args=[row.partnership.public_id, row.public_id])
            title = f"Find new owners for what {row} leaves behind"
            key = f"leaver:{row.public_id}"
            yield Deadline(key, title, row.left_on, owner, row.partnership, path, since=row.notice_on)


def decisions(person: "Person") -> list[Todo]:
    """Gate decisions that wait for this person's signature; none where a declared interest keeps them out."""
    if not where_may(person, Ability.DECIDE):
        return []
    held = held_by(person)
    waiting = (
        GateDecision.objects.filter(partnership__in=held, decided_at=None, withdrawn_at=None)
        .exclude(signatures__signed_by=person)
        .exclude(partnership__in=Interest.objects.current().filter(person=person).values("partnership"))
        .exclude(recusals__person=person)
        .select_related("partnership")
    )
    return [
        Todo(f"Sign or withdraw: {row}", reverse("partnerships:gate_at", args=[row.partnership.public_id, row.gate]),
             None, row.partnership.title)
        for row in waiting
        if held[row.partnership_id] & set(passage_through(row.gate).signers)
    ]  # fmt: skip


def extensions(person: "Person") -> list[Todo]:
    """Extensions of a pilot that wait for this person's signature."""
    if not where_may(person, Ability.DECIDE):
        return []
    held = held_by(person)
    rows = PilotExtension.objects.open().filter(partnership__in=held).exclude(signatures__signed_by=person)
    return [
        Todo(f"Sign or withdraw: {row}", reverse("partnerships:plan", args=[row.partnership.public_id]), None,
             row.partnership.title)
        for row in rows.select_related("partnership")
        if held[row.partnership_id] & set(extension_signers(row.partnership.extensions))
    ]  # fmt: skip


def memoranda(person: "Person") -> list[Todo]:
    """The newest memorandum where the person's organisation has not signed, for those who may sign."""
    if not (mine := where_may(person, Ability.SIGN_MEMORANDUM)):
        return []
    partners = {row.partnership_id for row in present_partners(person)}
    return [
        Todo(f"Read and sign the memorandum, version {row.number}",
             reverse("partnerships:memorandum", args=[row.partnership.public_id]), None, row.partnership.title)
        for row in newest_memoranda(person)
        if row.partnership_id in partners & set(mine) and not row.is_signed  # type: ignore[attr-defined]
    ]  # fmt: skip


def ideas(person: "Person") -> list[Todo]:
    """Ideas and comments from public pages that nobody has decided on, one line for each partnership."""
    if not (mine := where_may(person, Ability.KEEP_REGISTERS)):
        return []
    rows = Idea.objects.waiting().filter(partnership__in=mine).order_by("partnership__title")
    counted = rows.values_list("partnership__public_id", "partnership__title").annotate(waiting=Count("pk"))
    return [
        Todo(f"Decide on {waiting} idea{'' if waiting == 1 else 's'} from the public page",
             f"{reverse('partnerships:ideas', args=[key])}?state=waiting", None, title)
        for key, title, waiting in counted
    ]  # fmt: skip
