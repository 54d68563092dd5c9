"""The papers the partnership shared, and the decision on each."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.files import store
from foundation.forms.submit import carry_out, posted
from procurement.actions.preparation import add_paper, blockers_to_edit, decide_paper
from procurement.forms.preparation import DecidePaperForm, PaperForm
from procurement.involved import involved
from procurement.lifecycle import Disclosure
from procurement.permissions import Ability
from procurement.readiness import disclosure_missing
from procurement.views.shared import file_for, file_form, file_page


def papers(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.READ_FILE)
    return file_page(
        request,
        tender,
        "papers",
        "procurement/papers.html",
        papers=tender.papers.select_related("file", "decided_by"),
        missing=disclosure_missing(tender),
        involved=involved(tender),
    )


def add(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.PREPARE)
    back = reverse("procurement:papers", args=[tender.public_id])
    form = PaperForm(posted(request), cancel_url=back)

    def action() -> None:
        add_paper(tender=tender, **form.values(), by=person_of(request))

    if request.method == "POST" and carry_out(request, form, action, done="The paper is listed. Decide on it next."):
        return redirect(back)
    return file_form(request, tender, "papers", form, "List a paper", blockers=blockers_to_edit(tender))


def decide(request: HttpRequest, tender_id: str, paper_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.PREPARE)
    paper = tender.papers.filter(public_id=paper_id).select_related("file").first()
    if paper is None:
        raise Http404
    back = reverse("procurement:papers", args=[tender.public_id])
    known = {} if paper.decision == Disclosure.UNDECIDED else {"decision": paper.decision, "reason": paper.reason}
    form = DecidePaperForm(
        posted(request), request.FILES or None, initial=known, version=paper.version, cancel_url=back
    )

    def action() -> None:
        person, upload = person_of(request), form.cleaned_data["file"]
        file = store.keep_upload(upload, scope=tender.audit_scope, by=person) if upload else None
        decide_paper(
            paper=paper, decision=form.cleaned_data["decision"], reason=form.cleaned_data["reason"], file=file,
            by=person, version=form.version,
        )  # fmt: skip

    if request.method == "POST" and carry_out(request, form, action, done="The decision is saved."):
        return redirect(back)
    blockers = blockers_to_edit(tender)
    return file_form(request, tender, "papers", form, f"Decide on “{paper}”", blockers=blockers, lead=paper.source)
