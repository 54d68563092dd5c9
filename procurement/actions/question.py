"""Questions: a bidder asks under an alias; the buyer answers to all at once."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.clock import local
from foundation.database.locks import locked, shared
from foundation.policy.refusals import stop_if
from procurement import notifications
from procurement.anonymity import masked, named_in
from procurement.lifecycle import TenderState
from procurement.models import Bidder, Question, Tender
from procurement.permissions import Ability, require, require_own

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_ask(tender: Tender) -> list[str]:
    """Why no question can be asked now."""
    if tender.state != TenderState.OPEN or tender.question_deadline_at is None:
        return ["Questions can be asked only while the tender is open."]
    if clock.database_now() > tender.question_deadline_at:
        return [f"The deadline for questions was {local(tender.question_deadline_at)}."]
    return []


def blockers_to_answer(question: Question) -> list[str]:
    """Why the question cannot be answered now."""
    if question.published_at:
        return [f"This question was answered on {timezone.localtime(question.published_at):%-d %B %Y}."]
    if question.tender.state != TenderState.OPEN:
        return ["The tender is no longer open, so an answer would reach nobody in time."]
    return []


@verb("question.ask", on="bidder")
def ask_question(*, bidder: Bidder, text: str, by: "Person") -> Question:
    """Ask the buyer. Who asked stays in the sealed history; the buyer sees the text with the asker's names masked."""
    tender = shared(bidder.tender)
    require_own(by, bidder)
    stop_if(blockers_to_ask(tender))
    if not text.strip():
        raise ValidationError({"text": "Write your question."})
    question = Question.objects.create(tender=tender, bidder=bidder, asked_by=by, text=text)
    notifications.question_waits(question)
    record("question.ask", on=bidder, by=by, summary="asked a question", after={"question": question.public_id})
    return question


def names_of_asker(question: Question) -> list[str]:
    """What would give the asker away: organisation, person, address and numbers."""
    person, organisation = question.asked_by, question.bidder.organisation
    return [
        organisation.name, organisation.charity_number, organisation.company_number,
        person.name, person.email, person.email.partition("@")[2],
    ]  # fmt: skip


def for_buyer(question: Question) -> str:
    """The text as the buyer reads it: names of the asker masked."""
    return masked(question.text, names_of_asker(question))


def is_late(tender: Tender) -> bool:
    """Whether an answer now comes after the last day for answers."""
    assert tender.last_answer_on is not None
    return clock.today() > tender.last_answer_on


def why_late(tender: Tender) -> str:
    """What an answer that comes too late needs."""
    return (
        f"The last day for answers was {tender.last_answer_on:%-d %B %Y}, as every bidder was told. "
        "Extend the deadline for all first, or say why it can stay."
    )


@verb("question.answer", on="question")
def answer_question(
    *,
    question: Question,
    published_text: str,
    answer: str,
    by: "Person",
    late_reason: str = "",
    version: int | None = None,
) -> Question:
    """Publish question and answer to everybody in one moment. A late one needs more time for all, or a reason."""
    tender = locked(question.tender)
    question = locked(question, version=version)
    require(by, Ability.ANSWER, tender)
    stop_if(blockers_to_answer(question))
    _check_texts(question, published_text, answer)
    if is_late(tender) and not late_reason.strip():
        raise ValidationError({"late_reason": why_late(tender)})
    question.published_text, question.answer, question.late_reason = published_text, answer, late_reason
    question.answered_by, question.published_at = by, clock.now()
    question.version += 1
    question.save()
    notifications.answer_published(question)
    record(
        "question.answer",
        on=question,
        by=by,
        summary="answered a question to all bidders",
        reason=late_reason,
        after={"question": published_text, "answer": answer},
    )
    return question


def _check_texts(question: Question, published_text: str, answer: str) -> None:
    names = names_of_asker(question)
    for name, text in (("published_text", published_text), ("answer", answer)):
        if not text.strip():
            raise ValidationError({name: "This cannot be empty."})
        if named_in(text, names):
            raise ValidationError({name: "This names the bidder who asked. Take the name out: everybody reads it."})
