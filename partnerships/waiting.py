"""What waits for a person in their partnerships: milestones, signatures, contingency plans. Seven queries at most."""

from typing import TYPE_CHECKING

from django.db.models import Exists, Max, OuterRef, Subquery
from django.urls import reverse

from accounts import todo
from accounts.todo import Todo
from foundation.database import clock
from partnerships.lifecycle import OVER, Stage, extension_signers, passage_from
from partnerships.models import (
    GateDecision,
    Interest,
    Memorandum,
    Milestone,
    Partner,
    PilotExtension,
    Signature,
    held_by,
)
from partnerships.permissions import Ability, where_may
from partnerships.plan import add_months

if TYPE_CHECKING:
    from accounts.models import Person

SOON_MONTHS = 1


def register() -> None:
    todo.add("partnerships.milestones", milestones)
    todo.add("partnerships.leavers", leavers)
    todo.add("partnerships.decisions", decisions)
    todo.add("partnerships.extensions", extensions)
    todo.add("partnerships.memoranda", memoranda)


def milestones(person: "Person") -> list[Todo]:
    """Own open milestones that are late or due within a month."""
    until = add_months(clock.today(), SOON_MONTHS)
    rows = Milestone.objects.asked_for().filter(owner=person, due_on__lte=until).select_related("partnership")
    return [
        Todo(
            f"Complete “{row.title}”",
            reverse("partnerships:milestone", args=[row.partnership.public_id, row.public_id]),
            row.due_on,
            row.partnership.title,
        )
        for row in rows
    ]


def leavers(person: "Person") -> list[Todo]:
    """Partners that leave while their people still own open milestones, for those who may hand these over."""
    if not (mine := where_may(person, Ability.MANAGE_PARTNERS)):
        return []
    theirs = Milestone.objects.open().filter(
        partnership=OuterRef("partnership"), owner__organisation=OuterRef("organisation")
    )
    leaving = Partner.objects.filter(Exists(theirs), partnership__in=mine, left_on__isnull=False)
    return [
        Todo(f"Find new owners for what {row} leaves behind",
             reverse("partnerships:partner_leaving", args=[row.partnership.public_id, row.public_id]), row.left_on,
             row.partnership.title)
        for row in leaving.exclude(partnership__stage=Stage.CLOSED).select_related("partnership", "organisation")
    ]  # fmt: skip


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
        Todo(f"Sign or withdraw: {row}", reverse("partnerships:gate", args=[row.partnership.public_id]), None,
             row.partnership.title)
        for row in waiting
        if (passage := passage_from(row.leaves)) and held[row.partnership_id] & set(passage.signers)
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
    partners = Partner.objects.current().filter(organisation=person.organisation_id, partnership__in=mine)
    newest = (
        Memorandum.objects.filter(partnership=OuterRef("partnership"))
        .values("partnership")
        .annotate(newest=Max("number"))
        .values("newest")
    )
    signed = Signature.objects.filter(partner__in=partners).values("memorandum")
    rows = (
        Memorandum.objects.filter(partnership__in=partners.values("partnership"), number=Subquery(newest))
        .exclude(pk__in=signed)
        .exclude(partnership__stage__in=OVER)
        .select_related("partnership")
    )
    return [
        Todo(f"Read and sign the memorandum, version {row.number}",
             reverse("partnerships:memorandum", args=[row.partnership.public_id]), None, row.partnership.title)
        for row in rows
    ]  # fmt: skip
