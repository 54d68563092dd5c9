"""Extending the pilot: propose, read and sign, withdraw. The extensions themselves stand on the plan's page."""

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.models import Person
from accounts.views.shared import person_of
from foundation.database import clock
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.extension import (
    blockers_to_extend,
    drift_of,
    propose_extension,
    sign_extension,
    signers_of,
    withdraw_extension,
)
from partnerships.forms.papers import ReasonForm
from partnerships.forms.plan import ExtendForm
from partnerships.models import Milestone, Partnership, Parts, PilotExtension
from partnerships.permissions import Ability
from partnerships.plan import Block, add_months, extended_in_words
from partnerships.views.shared import partnership_page, partnership_to


def extensions_for(person: Person, partnership: Partnership, parts: Parts) -> dict[str, Any]:
    """What the plan's page tells about extensions: those so far, the open one, and what this person may do with it."""
    rows = list(
        PilotExtension.objects.filter(partnership=partnership)
        .select_related("proposed_by")
        .prefetch_related("signatures__signed_by")
    )
    pending = next((row for row in rows if not row.effective_at and not row.withdrawn_at), None)
    signed = {s.role: s.signed_by_id for s in pending.signatures.all()} if pending else {}
    signers = signers_of(partnership)
    mine = parts.acting & set(signers)
    return {
        "extensions": [row for row in rows if row is not pending],
        "pending": pending,
        "extension_missing": [role.label for role in signers if role not in signed],
        "signs_extensions": bool(mine),
        "may_sign_extension": bool(mine - set(signed)) and person.pk not in signed.values(),
        "may_extend": bool(mine) and not blockers_to_extend(partnership),
        "drift": drift_of(partnership, clock.today()),
    }


def propose(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    form = ExtendForm(posted(request), version=partnership.version)

    def action() -> None:
        propose_extension(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    done = "Your proposal is signed by you. It takes effect when the other signers sign it too."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("partnerships:plan", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/extend.html",
        form=form,
        blockers=blockers_to_extend(partnership),
        signers=[role.label for role in signers_of(partnership)],
        drift=drift_of(partnership, clock.today()),
    )


def _end_of_the_pilot(partnership: Partnership) -> date | None:
    """When the pilot is due to end, while its last milestone is open."""
    ends = Milestone.objects.open().filter(partnership=partnership, block=Block.PARTNERSHIP, ends_block=True)
    return ends.values_list("due_on", flat=True).first()


def sign(request: HttpRequest, partnership_id: str, extension_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    extension = _extension(partnership, extension_id)
    form = ConfirmForm(posted(request), button="Sign the extension")

    def action() -> None:
        if sign_extension(extension=extension, by=person_of(request)):
            messages.info(
                request, "With your signature the pilot is extended: its end and every later date have moved."
            )

    if request.method == "POST" and carry_out(request, form, action, done="You have signed the extension."):
        return redirect("partnerships:plan", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "plan",
        "partnerships/extension_sign.html",
        form=form,
        extension=extension,
        ends_on=(end := _end_of_the_pilot(partnership)),
        until=add_months(end, extension.months) if end else None,
        extended=extended_in_words(partnership.extensions, partnership.extended_months),
        drift=drift_of(partnership, clock.today()),
    )


def withdraw(request: HttpRequest, partnership_id: str, extension_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.DECIDE)
    extension = _extension(partnership, extension_id)
    form = ReasonForm(posted(request), button="Withdraw the proposal")

    def action() -> None:
        withdraw_extension(extension=extension, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The proposal is withdrawn."):
        return redirect("partnerships:plan", partnership.public_id)
    return partnership_page(
        request, partnership, "plan", "partnerships/form.html", form=form, heading="Withdraw the proposal",
        lead=str(extension),
    )  # fmt: skip


def _extension(partnership: Partnership, extension_id: str) -> PilotExtension:
    found = (
        PilotExtension.objects.filter(partnership=partnership, public_id=extension_id)
        .select_related("proposed_by")
        .first()
    )
    if found is None:
        raise Http404
    return found
