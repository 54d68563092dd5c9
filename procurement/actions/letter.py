"""The standstill letters: write what no score can say, check that nothing is missing, send."""

from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from foundation.rendering import jobs
from foundation.workdays.models import bank_holidays
from procurement import notifications
from procurement.documents import STANDSTILL_LETTER
from procurement.letters import compose, missing_parts
from procurement.lifecycle import Means, TenderState
from procurement.models import Award, StandstillLetter
from procurement.permissions import Ability, require
from procurement.results import results
from procurement.timetable import Notice, standstill

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_change(letter: StandstillLetter) -> list[str]:
    """Why the letter cannot be written or sent now."""
    if letter.sent_on:
        return [f"This letter went out on {letter.sent_on:%-d %B %Y}."]
    if letter.award.tender.state != TenderState.STANDSTILL:
        return [f"This tender is “{letter.award.tender.get_state_display()}”."]
    return []


@verb("letter.write", on="letter")
def write_letter(
    *, letter: StandstillLetter, advantages: str, means: str, by: "Person", version: int | None = None
) -> StandstillLetter:
    """Write the summary of reasons and the winner's relative advantages, and choose how the letter goes."""
    tender = locked(letter.award.tender)
    letter = locked(letter, version=version)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_change(letter))
    letter.advantages, letter.means, letter.version = advantages, means, letter.version + 1
    letter.save(update_fields=["advantages", "means", "version"])
    record("letter.write", on=letter, by=by, summary=f"wrote the letter to {letter.bid.organisation}",
           after={"means": means, "advantages": advantages})  # fmt: skip
    return letter


@verb("letter.send", on="letter")
def send_letter(*, letter: StandstillLetter, by: "Person", posted_on: date | None = None) -> StandstillLetter:
    """Send one letter now, or record the day it was posted. The last one sent starts standstill for everybody."""
    tender = locked(letter.award.tender)
    letter = locked(letter)
    require(by, Ability.AWARD, tender)
    stop_if(blockers_to_change(letter))
    sent_on = _day_sent(letter, posted_on)
    content = compose(letter, results(tender), sent_on)
    stop_if(missing_parts(content))
    letter.content = dict(content)
    letter.sent_on, letter.sent_at, letter.sent_by = sent_on, clock.now(), by
    letter.version += 1
    letter.render_job = jobs.request(
        kind=STANDSTILL_LETTER,
        inputs={"letter": letter.public_id},
        key=f"{STANDSTILL_LETTER}:{letter.public_id}",
        title=f"Letter to {content['recipient']}",
        by=by,
        scope=tender.audit_scope,
    )
    letter.save()
    notifications.letter_sent(letter)
    record(
        "letter.send",
        on=letter,
        by=by,
        summary=f"sent the letter to {content['recipient']} {letter.get_means_display().lower()}",
        after={"sent_on": sent_on.isoformat(), "means": letter.means, "content": letter.content},
    )
    _start_standstill(letter.award, by)
    return letter


def _day_sent(letter: StandstillLetter, posted_on: date | None) -> date:
    if letter.means == Means.ELECTRONIC:
        return clock.today()
    if posted_on is None:
        raise ValidationError({"posted_on": "Give the day the letter was posted."})
    if not timezone.localdate(letter.award.decided_at) <= posted_on <= clock.today():
        raise ValidationError({"posted_on": "Give a day from the award decision up to today."})
    return posted_on


def _start_standstill(award: Award, by: "Person") -> None:
    """Once the last letter has gone: the dates, told to everybody."""
    award = locked(award)
    letters = list(award.letters.all())
    if not award.has_standstill or any(letter.sent_on is None for letter in letters):
        return
    period = standstill(
        [Notice(letter.sent_on, Means(letter.means)) for letter in letters if letter.sent_on], bank_holidays()
    )
    award.standstill_starts_on, award.standstill_days = period.starts_on, period.days
    award.standstill_ends_on, award.signable_on = period.ends_on, period.signable_on
    award.save(update_fields=["standstill_starts_on", "standstill_days", "standstill_ends_on", "signable_on"])
    notifications.standstill_dates(award)
    record(
        "award.standstill",
        on=award,
        by=by,
        summary=f"started standstill of {period.days} days, to the end of {period.ends_on:%-d %B %Y}",
        after={"ends_on": period.ends_on.isoformat(), "signable_on": period.signable_on.isoformat()},
    )
