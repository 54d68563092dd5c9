"""The panel: the officer's list of it, a member's declaration, and the scoring pages."""

from collections import Counter

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from procurement import envelopes
from procurement.actions.evaluation import blockers_to_score, score_criterion
from procurement.actions.panel import (
    add_panel_member,
    blockers_to_change,
    blockers_to_declare,
    declare_interest,
    remove_panel_member,
)
from procurement.actions.reading import read_as_member
from procurement.forms.evaluation import DeclareForm, MarksForm, PanelMemberForm, RemoveMemberForm
from procurement.models import Bid, Criterion, PanelMember, Score, Tender
from procurement.permissions import Ability
from procurement.views.shared import file_for, file_form, file_page, seat_of


def panel(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.READ_FILE)
    members = tender.panel.select_related("person__organisation")
    return file_page(
        request, tender, "panel", "procurement/panel.html", members=members, blockers=blockers_to_change(tender)
    )


def add(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.KEEP_PANEL)
    back = reverse("procurement:panel", args=[tender.public_id])
    form = PanelMemberForm(posted(request), cancel_url=back)

    def action() -> None:
        add_panel_member(tender=tender, person=form.cleaned_data["email"], by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="Named to the panel, and told by e-mail."):
        return redirect(back)
    return file_form(request, tender, "panel", form, "Name somebody to the panel")


def remove(request: HttpRequest, tender_id: str, member_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.KEEP_PANEL)
    member = tender.panel.serving().filter(public_id=member_id).select_related("person").first()
    if member is None:
        raise Http404
    back = reverse("procurement:panel", args=[tender.public_id])
    form = RemoveMemberForm(posted(request), cancel_url=back)

    def action() -> None:
        remove_panel_member(member=member, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done=f"{member.person} is off the panel."):
        return redirect(back)
    return file_form(request, tender, "panel", form, f"Take {member.person} off the panel")


def counting_bids(tender: Tender) -> list[Bid]:
    """The competition's bids, ready to be read without another query each."""
    bids = tender.bids.counting().select_related("bidder__organisation", "bidder__tender__key", "tender__key")
    return list(bids.prefetch_related("documents"))


def declare(request: HttpRequest, tender_id: str) -> HttpResponse:
    """The bidders' names, and nothing else of theirs, so that an interest can be declared."""
    member = seat_of(request, tender_id)
    tender = member.tender
    form = DeclareForm(posted(request))

    def action() -> None:
        declare_interest(member=member, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="Your declaration is kept."):
        return redirect("procurement:scoring", tender.public_id)
    blockers = blockers_to_declare(member)
    names = [bid.organisation.name for bid in counting_bids(tender)] if tender.opened_at else []
    context = {"tender": tender, "member": member, "form": form, "blockers": blockers, "bidders": names}
    return render(request, "procurement/declare.html", context)


def scoring(request: HttpRequest, tender_id: str) -> HttpResponse:
    """The member's own work: each criterion, and how many answers are scored."""
    member = seat_of(request, tender_id)
    tender = member.tender
    blockers = blockers_to_score(member)
    bids = tender.bids.counting().count() if tender.opened_at and not blockers else 0
    done = Counter(Score.objects.current().filter(member=member).values_list("criterion", flat=True))
    rows = [{"criterion": criterion, "scored": done[criterion.pk], "of": bids} for criterion in tender.criteria.all()]
    context = {"tender": tender, "member": member, "blockers": blockers, "rows": rows}
    return render(request, "procurement/scoring.html", context)


def score(request: HttpRequest, tender_id: str, criterion_id: str) -> HttpResponse:
    """One criterion: every bid's answer beside its own score and comment."""
    member = seat_of(request, tender_id)
    read_as_member(member=member, by=person_of(request))
    tender = member.tender
    criterion = criterion_of(tender, criterion_id)
    bids = counting_bids(tender)
    current = {s.bid_id: s for s in Score.objects.current().filter(member=member, criterion=criterion)}
    form = MarksForm(posted(request), bids=bids, current=current, beside=lambda bid: answer_beside(bid, criterion))

    def action() -> None:
        score_criterion(member=member, criterion=criterion, marks=form.marks(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done=f"Your scores for “{criterion}” are saved."):
        return redirect("procurement:scoring", tender.public_id)
    context = {"tender": tender, "criterion": criterion, "form": form, "bids": bids, "member": member}
    return render(request, "procurement/score.html", context)


def criterion_of(tender: Tender, criterion_id: str) -> Criterion:
    found = tender.criteria.filter(public_id=criterion_id).first()
    if found is None:
        raise Http404
    return found


def answer_beside(bid: Bid, criterion: Criterion, marks: list[tuple[PanelMember, Score]] | None = None) -> SafeString:
    """A bid's answer to one criterion with its documents, and, for the agreement, what each member gave."""
    context = {
        "answer": envelopes.answers_of(bid).get(criterion.public_id, ""),
        "documents": [
            (name, reverse("procurement:bid_document", args=[bid.tender.public_id, bid.public_id, document.public_id]))
            for document, name in envelopes.documents_of(bid)
        ],
        "marks": marks or [],
    }
    return SafeString(render_to_string("procurement/answer.html", context))
