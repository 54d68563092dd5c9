"""What becomes of the mails that wait to be sorted: plain values in, plain values out.

The rule, for one person and one day: up to `most` mails that may be folded go out each by itself. When more come at
once than the day has room for, they all become one mail, now. When the day is full already, what comes later is
gathered and becomes one mail at the next of the two moments below. What a person chose to have daily, weekly or in the
portal only goes that way, whatever the number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

from foundation.delivery.kinds import WEEKDAYS, How

SCOTLAND = ZoneInfo("Europe/London")
DAILY_AT = time(8)
"""An hour after the reminders of the day (7:00), so that they are in it."""
OVERFLOW_AT = (DAILY_AT, time(16))
WEEK_GIVEN_UP_AT = time(12)
"""What waits for the weekly mail goes by itself from then on, should there be none."""


class Fate(Enum):
    AT_ONCE = "at once"
    FOLD = "folded now"
    DAILY = "kept for the mail of the day"
    OVERFLOW = "kept for the next moment"
    WEEKLY = "kept for the mail of the week"
    PORTAL = "in the portal only"


@dataclass(frozen=True)
class Waiting:
    """A mail that is due. `gathered`: it was kept for this moment before."""

    pk: int
    how: How
    gathered: bool = False


def decide(mails: Sequence[Waiting], *, had_today: int, most: int) -> dict[int, Fate]:
    """The fate of each of one person's due mails. `most` 0: no number is too many."""
    gathered = [mail for mail in mails if mail.gathered and mail.how != How.PORTAL]
    fates = {mail.pk: Fate.FOLD if len(gathered) > 1 else Fate.AT_ONCE for mail in gathered}
    kept = {How.DAILY: Fate.DAILY, How.WEEKLY: Fate.WEEKLY, How.PORTAL: Fate.PORTAL}
    fresh = [mail for mail in mails if mail.pk not in fates]
    fates |= {mail.pk: kept[mail.how] for mail in fresh if mail.how in kept}
    by_itself = [mail.pk for mail in fresh if mail.how not in kept]
    return fates | dict.fromkeys(by_itself, _fate_of(len(by_itself), had_today, most))


def _fate_of(count: int, had_today: int, most: int) -> Fate:
    if not most or had_today + count <= most:
        return Fate.AT_ONCE
    return Fate.FOLD if had_today < most else Fate.OVERFLOW


def next_at(now: datetime, *times: time) -> datetime:
    """The next moment after `now` at which it is one of `times` in Scotland."""
    here = now.astimezone(SCOTLAND)
    days = (here.date(), here.date() + timedelta(days=1))
    moments = [datetime.combine(day, moment, tzinfo=SCOTLAND) for day in days for moment in times]
    return min(moment for moment in moments if moment > now)


def next_weekly(now: datetime, weekday: How) -> datetime:
    """When what waits for the weekly mail of `weekday` is given up waiting: at noon of that day."""
    here = now.astimezone(SCOTLAND)
    ahead = (WEEKDAYS.index(weekday) - here.weekday()) % 7
    noon = datetime.combine(here.date() + timedelta(days=ahead), WEEK_GIVEN_UP_AT, tzinfo=SCOTLAND)
    return noon if noon > now else datetime.combine(noon.date() + timedelta(days=7), noon.time(), tzinfo=SCOTLAND)


def start_of_day(now: datetime) -> datetime:
    """Midnight in Scotland."""
    return datetime.combine(now.astimezone(SCOTLAND).date(), time(), tzinfo=SCOTLAND)
