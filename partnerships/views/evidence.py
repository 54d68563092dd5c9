"""What people give to a gate by hand: a statement or a link, and that it still holds."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.evidence import (
    blockers_to_confirm,
    blockers_to_give,
    confirm_evidence,
    give_evidence,
    given_for,
    item_of,
)
from partnerships.checklist import Item, ItemKind
from partnerships.forms.gates import LinkForm, StatementForm
from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.gate import passage_of
from partnerships.views.shared import partnership_page, partnership_to


def give(request: HttpRequest, partnership_id: str, gate: str, key: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.GIVE_EVIDENCE)
    at, item = _asked(partnership, gate, key)
    row = given_for(partnership, at, key)
    back = reverse("partnerships:gate_at", args=[partnership.public_id, at])
    kind = StatementForm if item.kind == ItemKind.STATEMENT else LinkForm
    initial = {"text": row.text, "url": row.url} if row else {}
    form = kind(posted(request), initial=initial, version=row.version if row else 0, cancel_url=back)

    def action() -> None:
        give_evidence(
            partnership=partnership, gate=at, key=key, **form.values(), by=person_of(request), version=form.version
        )

    if request.method == "POST" and carry_out(request, form, action, done=f"“{item.name}” is saved."):
        return redirect(back)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/form.html",
        form=form,
        heading=item.name,
        lead=f"Gate {at.value} asks: {item.asks}",
        blockers=blockers_to_give(partnership, at),
    )


def confirm(request: HttpRequest, partnership_id: str, gate: str, key: str) -> HttpResponse:
    """What was given is read again, and then confirmed with one button."""
    partnership = partnership_to(request, partnership_id, Ability.GIVE_EVIDENCE)
    at, item = _asked(partnership, gate, key)
    row = given_for(partnership, at, key)
    back = reverse("partnerships:gate_at", args=[partnership.public_id, at])
    version = row.version if row else 0
    form = ConfirmForm(posted(request), button="Confirm that it still holds", version=version)
    form.cancel_url = back

    def action() -> None:
        confirm_evidence(partnership=partnership, gate=at, key=key, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done=f"“{item.name}” is confirmed."):
        return redirect(back)
    return partnership_page(
        request,
        partnership,
        "gate",
        "partnerships/gates/confirm.html",
        form=form,
        item=item,
        row=row,
        blockers=blockers_to_confirm(row, item, partnership),
        back=back,
    )


def _asked(partnership: Partnership, gate: str, key: str) -> tuple[Gate, Item]:
    at = passage_of(gate).gate
    item = item_of(partnership, at, key)
    if item is None:
        raise Http404
    return at, item
