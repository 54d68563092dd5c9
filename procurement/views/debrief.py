"""Debriefing a bidder: the request and its answer, from the page of the award."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from procurement.actions.debrief import answer_debrief, blockers_to_ask, record_debrief
from procurement.forms.debrief import AnswerForm, AskedForm
from procurement.models import Debrief, StandstillLetter
from procurement.permissions import Ability
from procurement.views.shared import file_for, file_form


def asked(request: HttpRequest, tender_id: str, letter_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    letter = (
        StandstillLetter.objects.filter(award__tender=tender, public_id=letter_id)
        .select_related("award__tender", "bid__bidder__organisation")
        .first()
    )
    if letter is None:
        raise Http404
    back = reverse("procurement:award", args=[tender.public_id])
    form = AskedForm(posted(request), cancel_url=back)

    def action() -> None:
        record_debrief(letter=letter, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="Recorded. You will be reminded."):
        return redirect(back)
    heading = f"{letter.bid.organisation} asked for a debrief"
    return file_form(request, tender, "award", form, heading, blockers=blockers_to_ask(letter))


def answered(request: HttpRequest, tender_id: str, debrief_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    debrief = (
        Debrief.objects.filter(letter__award__tender=tender, public_id=debrief_id)
        .select_related("letter__award__tender", "letter__bid__bidder__organisation")
        .first()
    )
    if debrief is None:
        raise Http404
    back = reverse("procurement:award", args=[tender.public_id])
    form = AnswerForm(posted(request), cancel_url=back)

    def action() -> None:
        answer_debrief(debrief=debrief, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The debrief is recorded."):
        return redirect(back)
    return file_form(request, tender, "award", form, f"Debrief {debrief.letter.bid.organisation}")
