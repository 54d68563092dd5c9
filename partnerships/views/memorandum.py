"""The memorandum of understanding: read, write the next version, sign."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from partnerships.actions.memorandum import blockers_to_sign, current_memorandum, sign_memorandum, write_memorandum
from partnerships.forms.papers import MemorandumForm
from partnerships.models import Memorandum, Partner, Partnership, Signature
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def memorandum(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return _page(request, partnership, current_memorandum(partnership))


def version(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    return _page(request, partnership, _version(partnership, number))


def _page(request: HttpRequest, partnership: Partnership, shown: Memorandum | None) -> HttpResponse:
    partners = list(partnership.partners.current().select_related("organisation"))
    signatures = _signatures(shown) if shown else {}
    mine = next((p for p in partners if p.organisation_id == person_of(request).organisation_id), None)
    numbers = list(Memorandum.objects.filter(partnership=partnership).values_list("number", flat=True))
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/memorandum.html",
        memorandum=shown,
        is_newest=bool(shown and shown.number == max(numbers)),
        numbers=numbers,
        rows=[(_name(partner, signatures.get(partner.pk)), signatures.get(partner.pk)) for partner in partners],
        left=[(_name(s.partner, s), s) for key, s in signatures.items() if key not in {p.pk for p in partners}],
        signed=sum(1 for p in partners if p.pk in signatures),
        mine=mine,
        may_sign_now=bool(shown and mine and not blockers_to_sign(shown, mine)),
    )


def _signatures(shown: Memorandum) -> dict[int, Signature]:
    """By partner, those of partners that have left since too: what they signed stays signed."""
    found = shown.signatures.select_related("signed_by", "partner__organisation")
    return {s.partner_id: s for s in found.prefetch_related("partner__organisation__former_names").order_by("pk")}


def _name(partner: Partner, signature: Signature | None) -> str:
    """As the partner was called when it signed; before that, as it is called now."""
    organisation = signature.partner.organisation if signature else partner.organisation
    return organisation.name_on(timezone.localdate(signature.signed_at)) if signature else organisation.name


def write(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    latest = current_memorandum(partnership)
    names = ("purpose", "how_we_work", "review_on")
    initial = {name: getattr(latest, name) for name in names} if latest else {}
    form = MemorandumForm(posted(request), initial=initial, version=latest.number if latest else 0)

    def action() -> None:
        write_memorandum(partnership=partnership, **form.values(), by=person_of(request), version=form.version or 0)

    done = "The new version is saved. Every partner is asked to sign it."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("partnerships:memorandum", partnership.public_id)
    heading = "Write the memorandum of understanding"
    lead = "Saving makes a new version: signatures under the version before stay with that version." if latest else ""
    return partnership_page(
        request, partnership, "memorandum", "partnerships/form.html", form=form, heading=heading, lead=lead
    )


def sign(request: HttpRequest, partnership_id: str, number: int) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.SIGN_MEMORANDUM)
    person = person_of(request)
    mine = Partner.objects.current().filter(partnership=partnership, organisation=person.organisation_id).first()
    if mine is None:
        raise Http404
    sign_memorandum(memorandum=_version(partnership, number), partner=mine, by=person)
    messages.success(request, f"You have signed version {number} for {mine}.")
    return redirect("partnerships:memorandum", partnership.public_id)


def _version(partnership: Partnership, number: int) -> Memorandum:
    found = Memorandum.objects.filter(partnership=partnership, number=number).first()
    if found is None:
        raise Http404
    return found
