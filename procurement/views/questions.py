"""The question desk: who asked is hidden from the buyer, and the answer goes to all."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from procurement.actions.question import answer_question, blockers_to_answer, for_buyer, is_late, why_late
from procurement.forms.preparation import AnswerForm
from procurement.permissions import Ability
from procurement.views.shared import file_for, file_form, file_page


def questions(request: HttpRequest, tender_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.ANSWER)
    waiting = tender.questions.waiting().select_related("bidder__organisation", "asked_by")
    return file_page(
        request,
        tender,
        "questions",
        "procurement/questions.html",
        waiting=[(question, for_buyer(question)) for question in waiting],
        last_on=tender.last_answer_on,
        answered=tender.questions.published(),
    )


def answer(request: HttpRequest, tender_id: str, question_id: str) -> HttpResponse:
    tender = file_for(request, tender_id, Ability.ANSWER)
    question = (
        tender.questions.filter(public_id=question_id)
        .select_related("bidder__organisation", "asked_by", "tender")
        .first()
    )
    if question is None:
        raise Http404
    text = for_buyer(question)
    back = reverse("procurement:questions", args=[tender.public_id])
    form = AnswerForm(posted(request), initial={"published_text": text}, version=question.version, cancel_url=back)

    def action() -> None:
        answer_question(question=question, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="Published. Every bidder is told."):
        return redirect(back)
    lead = why_late(tender) if is_late(tender) else ""
    blockers = blockers_to_answer(question)
    return file_form(request, tender, "questions", form, "Answer a question", blockers=blockers, lead=lead, quote=text)
