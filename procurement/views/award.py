"""The award: decide, write and send the letters, wait out standstill, sign, give notice."""

from collections.abc import Callable
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.files import store
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from procurement.actions import award as actions
from procurement.actions import letter as letters
from procurement.actions.reading import read_prices
from procurement.forms.award import (
    AwardForm,
    ChallengeForm,
    EndChallengeForm,
    LetterForm,
    NoticeForm,
    PostLetterForm,
    SendLetterForm,
)
from procurement.letters import compose, missing_parts
from procurement.lifecycle import Means
from procurement.models import Award, Debrief, StandstillLetter, Tender
from procurement.permissions import Ability
from procurement.results import results
from procurement.views.shared import file_for, file_form, file_page, or_not_yet


def award(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.SEE_RESULTS)
    found = Award.objects.filter(tender=tender).select_related("bid__bidder__organisation", "decided_by").first()
    return file_page(
        request,
        tender,
        "award",
        "procurement/award.html",
        award=found,
        letters=found.letters.select_related("bid__bidder__organisation") if found else [],
        challenges=found.challenges.all() if found else [],
        debriefs=_debriefs(found) if found else [],
        blockers=_blockers(tender, found),
        today=clock.today(),
    )


def _debriefs(award: Award) -> QuerySet[Debrief]:
    return Debrief.objects.filter(letter__award=award).select_related("letter__bid__bidder__organisation")


def _blockers(tender: Tender, award: Award | None) -> list[str]:
    return actions.blockers_to_sign(_with(tender, award)) if award else actions.blockers_to_award(tender)


def _with(tender: Tender, award: Award) -> Award:
    award.tender = tender
    return award


def _award_of(tender: Tender) -> Award:
    found = Award.objects.filter(tender=tender).select_related("bid__bidder__organisation").first()
    if found is None:
        raise Http404
    return _with(tender, found)


@or_not_yet("award", "Decide the award")
def decide(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD, through=read_prices)
    back = reverse("procurement:award", args=[tender.public_id])
    form = AwardForm(posted(request), rows=results(tender), version=tender.version, cancel_url=back)

    def action() -> None:
        actions.award_contract(tender=tender, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="Decided. Write the letters next."):
        return redirect(back)
    blockers = actions.blockers_to_award(tender)
    return file_form(request, tender, "award", form, "Decide the award", blockers=blockers)


def _step(
    request: HttpRequest,
    tender: Tender,
    form: PortalForm,
    action: Callable[[], Any],
    *,
    heading: str,
    done: str,
    **more: Any,
) -> HttpResponse:
    """One small form on the way from the award to the notice."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("procurement:award", tender.public_id)
    return file_form(request, tender, "award", form, heading, **more)


def sign(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _award_of(tender)
    back = reverse("procurement:award", args=[tender.public_id])
    form = ConfirmForm(posted(request), button="Record today's signature", version=tender.version, cancel_url=back)
    return _step(
        request, tender, form,
        lambda: actions.sign_contract(award=found, by=person_of(request), version=form.version),
        heading="Sign the contract", done="Signed. The award notice is on your list.",
        blockers=actions.blockers_to_sign(found),
    )  # fmt: skip


def notice(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _award_of(tender)
    form = NoticeForm(posted(request), cancel_url=reverse("procurement:award", args=[tender.public_id]))
    return _step(
        request, tender, form,
        lambda: actions.record_award_notice(award=found, **form.values(), by=person_of(request)),
        heading="Record the award notice", done="Recorded.",
    )  # fmt: skip


def challenge(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _award_of(tender)
    form = ChallengeForm(posted(request), cancel_url=reverse("procurement:award", args=[tender.public_id]))
    return _step(
        request, tender, form, lambda: actions.record_challenge(award=found, **form.values(), by=person_of(request)),
        heading="Record a legal challenge", done="Recorded. Signing is locked.",
    )  # fmt: skip


def end(request: HttpRequest, tender_id: str, challenge_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _award_of(tender).challenges.filter(public_id=challenge_id).first()
    if found is None:
        raise Http404
    form = EndChallengeForm(posted(request), cancel_url=reverse("procurement:award", args=[tender.public_id]))
    return _step(
        request, tender, form, lambda: actions.end_challenge(challenge=found, **form.values(), by=person_of(request)),
        heading="Record the end of the challenge", done="Recorded.",
    )  # fmt: skip


def _letter(tender: Tender, letter_id: str) -> StandstillLetter:
    found = (
        StandstillLetter.objects.filter(award__tender=tender, public_id=letter_id)
        .select_related("award__tender__partnership__public_lead", "bid__bidder__organisation", "render_job__file")
        .first()
    )
    if found is None:
        raise Http404
    return found


def letter(request: HttpRequest, tender_id: str, letter_id: str) -> HttpResponse:
    """Write one letter, and read it as it would go today."""
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _letter(tender, letter_id)
    here = reverse("procurement:letter", args=[tender.public_id, found.public_id])
    initial = {"advantages": found.advantages, "means": found.means}
    form = LetterForm(posted(request), initial=initial, version=found.version)

    def action() -> None:
        letters.write_letter(letter=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The letter is saved."):
        return redirect(here)
    content = found.content or dict(compose(found, results(tender), clock.today()))
    return file_page(
        request,
        tender,
        "award",
        "procurement/letter.html",
        letter=found,
        content=content,
        form=form,
        blockers=letters.blockers_to_change(found),
        missing=[] if found.sent_on else missing_parts(content),  # type: ignore[arg-type]
        job=found.render_job,
        download_url=reverse("procurement:letter_pdf", args=[tender.public_id, found.public_id]),
    )


def send(request: HttpRequest, tender_id: str, letter_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.AWARD)
    found = _letter(tender, letter_id)
    back = reverse("procurement:letter", args=[tender.public_id, found.public_id])
    kind = PostLetterForm if found.means == Means.POST else SendLetterForm
    form = kind(posted(request), cancel_url=back)
    return _step(
        request, tender, form,
        lambda: letters.send_letter(letter=found, by=person_of(request), posted_on=form.cleaned_data.get("posted_on")),
        heading=f"Send the letter to {found.bid.organisation}", done="The letter has gone.",
        blockers=letters.blockers_to_change(found),
    )  # fmt: skip


def letter_pdf(request: HttpRequest, tender_id: str, letter_id: str) -> HttpResponseBase:
    job = _letter(file_for(request, tender_id, Ability.AWARD), letter_id).render_job
    if job is None or job.file is None:
        raise Http404
    return store.respond(job.file)
