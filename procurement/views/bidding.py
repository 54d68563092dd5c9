"""The bidder's pages: ask, draft, add documents, check, send, keep the receipt, read the letter."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.database.clock import local
from foundation.files import store
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from procurement import envelopes
from procurement.actions import bid as actions
from procurement.actions.question import ask_question, blockers_to_ask
from procurement.forms.bidding import AskForm, DocumentForm, DraftForm, SendForm
from procurement.models import Bid, Bidder, BidDocument, StandstillLetter, Tender
from procurement.permissions import Ability, require
from procurement.views.shared import bidder_of, notice_for, own_bidder


@contextmanager
def _taking_part(request: HttpRequest, tender: Tender) -> Iterator[Bidder]:
    """The organisation's part in the tender: made when it is first needed, unmade when that act is refused."""
    person = person_of(request)
    if found := bidder_of(person, tender):
        yield found
        return
    with transaction.atomic():
        yield actions.take_part(box=tender.box, by=person)


def _page(request: HttpRequest, tender: Tender, template: str, **context: object) -> HttpResponse:
    assert tender.deadline_at is not None
    now = clock.database_now()
    frame = {
        "tender": tender,
        "clock": local(now),
        "deadline": local(tender.deadline_at),
        "blockers": actions.blockers_to_bid(tender, now),
    }
    return render(request, template, frame | context)


def follow(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    actions.take_part(box=tender.box, by=person_of(request))
    return redirect("procurement:my_bid", tender.public_id)


def ask(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    require(person_of(request), Ability.BID, tender)
    form = AskForm(posted(request), cancel_url=tender.get_absolute_url())

    def action() -> None:
        with _taking_part(request, tender) as bidder:
            ask_question(bidder=bidder, **form.values(), by=person_of(request))

    done = "Your question is with the buyer. You and every other bidder will be told when it is answered."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(tender)
    closes = local(tender.question_deadline_at) if tender.question_deadline_at else ""
    refusals = blockers_to_ask(tender)
    return _page(request, tender, "procurement/ask.html", form=form, refusals=refusals, questions_close=closes)


def my_bid(request: HttpRequest, tender_id: str) -> HttpResponse:
    """The draft. Reading it makes nothing; the first saving makes the organisation's part in the tender."""
    tender = notice_for(tender_id)
    person = person_of(request)
    bidder = bidder_of(person, tender)
    criteria = list(tender.criteria.all())
    content = envelopes.draft_of(bidder) if bidder else envelopes.Content()
    version = bidder.version if bidder else 0
    form = DraftForm(posted(request), criteria=criteria, content=content, version=version)

    def action() -> None:
        price = form.cleaned_data["price"]
        with _taking_part(request, tender) as part:
            actions.save_draft(bidder=part, answers=form.answers(), price=price, by=person, version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The draft is saved, sealed."):
        return redirect("procurement:check_bid" if "check" in request.POST else "procurement:my_bid", tender.public_id)
    return _page(
        request,
        tender,
        "procurement/my_bid.html",
        form=form,
        bidder=bidder,
        documents=_documents(bidder) if bidder else [],
        bids=_trail(bidder) if bidder else [],
    )


def _documents(bidder: Bidder) -> list[dict[str, object]]:
    """The draft's documents, for their owner."""
    documents = bidder.documents.filter(removed_at=None)
    return [
        {
            "name": name,
            "size": document.size,
            "url": reverse("procurement:my_document", args=[bidder.tender.public_id, document.public_id]),
            "remove_url": reverse("procurement:my_document_remove", args=[bidder.tender.public_id, document.public_id]),
        }
        for document, name in envelopes.named(documents, bidder)
    ]


def _trail(bidder: Bidder) -> list[dict[str, object]]:
    """Every sending of the bidder, newest first."""
    return [
        {
            "number": bid.number,
            "received": local(bid.received_at),
            "state": "Counts" if bid.counts else "Withdrawn" if bid.withdrawn_at else "Replaced by a later one",
            "counts": bid.counts,
            "url": reverse("procurement:receipt", args=[bidder.tender.public_id, bid.public_id]),
        }
        for bid in bidder.bids.order_by("-number")
    ]


def documents(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    require(person_of(request), Ability.BID, tender)
    back = reverse("procurement:my_bid", args=[tender.public_id])
    form = DocumentForm(posted(request), request.FILES or None, cancel_url=back)

    def action() -> None:
        with _taking_part(request, tender) as bidder:
            actions.add_document(bidder=bidder, upload=form.cleaned_data["file"], by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The document is added, sealed."):
        return redirect(back)
    return _page(request, tender, "procurement/bid_form.html", form=form, heading="Add a document to your bid")


def _own_document(request: HttpRequest, tender_id: str, document_id: str) -> BidDocument:
    bidder = own_bidder(request, notice_for(tender_id))
    found = bidder.documents.filter(public_id=document_id).select_related("stored").first()
    if found is None:
        raise Http404
    found.bidder = bidder
    return found


def document(request: HttpRequest, tender_id: str, document_id: str) -> HttpResponse:
    return download(_own_document(request, tender_id, document_id))


def download(document: BidDocument) -> HttpResponse:
    """The unsealed document, with the same armour as any other file."""
    [(_, name)] = envelopes.named([document], document.bidder)
    return HttpResponse(
        envelopes.document_bytes(document),
        content_type=document.content_type,
        headers=store.ARMOUR | {"Content-Disposition": store.disposition(name)},
    )


def remove(request: HttpRequest, tender_id: str, document_id: str) -> HttpResponse:
    found = _own_document(request, tender_id, document_id)
    actions.remove_document(document=found, by=person_of(request))
    return redirect("procurement:my_bid", tender_id)


def check(request: HttpRequest, tender_id: str) -> HttpResponse:
    """Everything that will be sent, to be checked; then one button."""
    tender = notice_for(tender_id)
    bidder = own_bidder(request, tender)
    back = reverse("procurement:my_bid", args=[tender.public_id])
    form = SendForm(posted(request), version=bidder.version, cancel_url=back)
    sent: list[Bid] = []

    def action() -> None:
        sent.append(actions.submit_bid(bidder=bidder, by=person_of(request), version=form.version))

    if request.method == "POST" and carry_out(request, form, action, done="Your bid is in. Keep the receipt."):
        latest = sent[0] if sent else bidder.bids.order_by("-number").first()
        assert latest is not None
        return redirect("procurement:receipt", tender.public_id, latest.public_id)
    content = envelopes.draft_of(bidder)
    return _page(
        request,
        tender,
        "procurement/check_bid.html",
        form=form,
        missing=content.missing(tender),
        answers=[(c, content.answers.get(c.public_id, "")) for c in tender.criteria.all()],
        price=content.price,
        documents=_documents(bidder),
    )


def receipt(request: HttpRequest, tender_id: str, bid_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    bidder = own_bidder(request, tender)
    bid = bidder.bids.filter(public_id=bid_id).select_related("submitted_by").first()
    if bid is None:
        raise Http404
    content = envelopes.own_content(bid)
    return _page(
        request,
        tender,
        "procurement/receipt.html",
        bid=bid,
        received=local(bid.received_at),
        documents=envelopes.named(bid.documents.all(), bidder),
        answers=[(criterion, content.answers.get(criterion.public_id, "")) for criterion in tender.criteria.all()],
        price=content.price,
    )


def withdraw(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = notice_for(tender_id)
    bidder = own_bidder(request, tender)
    back = reverse("procurement:my_bid", args=[tender.public_id])
    form = ConfirmForm(posted(request), button="Withdraw the bid", version=bidder.version, cancel_url=back)

    def action() -> None:
        actions.withdraw_bid(bidder=bidder, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The bid is withdrawn. It stays sealed."):
        return redirect(back)
    return _page(request, tender, "procurement/withdraw_bid.html", form=form)


def _own_letter(request: HttpRequest, tender_id: str) -> StandstillLetter:
    bidder = own_bidder(request, notice_for(tender_id))
    found = (
        StandstillLetter.objects.filter(bid__bidder=bidder)
        .exclude(sent_at=None)
        .select_related("award__tender", "render_job__file")
        .first()
    )
    if found is None:
        raise Http404
    return found


def my_letter(request: HttpRequest, tender_id: str) -> HttpResponse:
    letter = _own_letter(request, tender_id)
    pdf = reverse("procurement:my_letter_pdf", args=[tender_id])
    return _page(
        request,
        letter.award.tender,
        "procurement/my_letter.html",
        letter=letter.content,
        award=letter.award,
        job=letter.render_job,
        download_url=pdf,
    )


def my_letter_pdf(request: HttpRequest, tender_id: str) -> HttpResponseBase:
    job = _own_letter(request, tender_id).render_job
    if job is None or job.file is None:
        raise Http404
    return store.respond(job.file)
