"""Debriefing: record that a bidder asked, and what it was told. The law gives 15 days (r85(6), r2(4))."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from foundation.workdays.models import bank_holidays
from procurement.models import Debrief, StandstillLetter
from procurement.permissions import Ability, require
from procurement.timetable import debrief_due

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_ask(letter: StandstillLetter) -> list[str]:
    """Why no request can be recorded for this bidder now."""
    if letter.sent_on is None:
        return ["A bidder asks about the letter it got, and this one has not gone yet."]
    if waiting := letter.debriefs.filter(answered_on=None).first():
        return [f"A request of {waiting.asked_on:%-d %B %Y} waits for its answer until {waiting.due_on:%-d %B %Y}."]
    return []


@verb("debrief.record", on="letter")
def record_debrief(*, letter: StandstillLetter, asked_on: date, by: "Person") -> Debrief:
    """A bidder asked in writing: from the day it arrived there are 15 days, and officers are reminded."""
    tender = locked(letter.award.tender)
    letter = locked(letter)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_ask(letter))
    assert letter.sent_on is not None
    if not letter.sent_on <= asked_on <= clock.today():
        raise ValidationError(
            {"asked_on": f"Give a day from {letter.sent_on:%-d %B %Y}, when the letter went, up to today."}
        )
    due_on = debrief_due(asked_on, bank_holidays())
    debrief = Debrief.objects.create(letter=letter, asked_on=asked_on, due_on=due_on, recorded_by=by)
    told = f"recorded that {letter.bid.organisation} asked for a debrief on {asked_on:%-d %B %Y}"
    record(
        "debrief.record", on=debrief, by=by, summary=f"{told}; the answer is due by {due_on:%-d %B %Y}",
        after={"asked_on": asked_on.isoformat(), "due_on": due_on.isoformat()},
    )  # fmt: skip
    return debrief


@verb("debrief.answer", on="debrief")
def answer_debrief(*, debrief: Debrief, answered_on: date, answer: str, by: "Person") -> Debrief:
    """Note what the bidder was told and when: positive points as well as what could have been better."""
    tender = locked(debrief.letter.award.tender)
    debrief = locked(debrief)
    require(by, Ability.AWARD, tender)
    if debrief.answered_on:
        stop_if([f"This request was answered on {debrief.answered_on:%-d %B %Y}."])
    if not debrief.asked_on <= answered_on <= clock.today():
        raise ValidationError({"answered_on": "Give a day from the request up to today."})
    if not answer.strip():
        raise ValidationError({"answer": "Say what the bidder was told."})
    debrief.answered_on, debrief.answer, debrief.answered_by = answered_on, answer, by
    debrief.save(update_fields=["answered_on", "answer", "answered_by"])
    told = f"recorded the debrief of {debrief.letter.bid.organisation}, given on {answered_on:%-d %B %Y}"
    record("debrief.answer", on=debrief, by=by, summary=told, after={"answer": answer})
    return debrief
