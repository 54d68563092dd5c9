"""The weekly mail: to each person on the weekday they chose, when something waits for them or was kept for it.

Nothing is remembered between two runs: the key of a week's mail says whether it was written. The person is locked while
it is, so two processes write one mail, and what was kept for the week is in that mail or still waiting.
"""

from collections.abc import Iterator
from datetime import datetime, time

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db import transaction
from django.utils import timezone

from accounts import todo
from accounts.models import Person
from accounts.notifications import mail_week, week_key
from accounts.week import week_of
from foundation.database import clock
from foundation.delivery import kinds
from foundation.delivery.folding import WEEK_GIVEN_UP_AT
from foundation.delivery.kinds import WEEKDAYS, How
from foundation.delivery.models import MailState, OutboxMail
from foundation.delivery.outbox import known_keys
from foundation.delivery.sorting import choices_of, fold, how_of

FROM = time(7)
"""Scottish time; from noon on it is too late for this week."""
PEOPLE_AT_ONCE = 200


def write_weeks(now: datetime) -> int:
    """Write the weekly mail of everybody whose day it is and who has none yet; how many were written."""
    here = timezone.localtime(now)
    if here.weekday() >= len(WEEKDAYS) or not FROM <= here.time() < WEEK_GIVEN_UP_AT:
        return 0
    return sum(_write(person, now) for person in _whose_day_it_is(WEEKDAYS[here.weekday()], now))


def _whose_day_it_is(day: How, now: datetime) -> Iterator[Person]:
    """People who can sign in and chose this weekday, without those who have the mail of this week. In short queries."""
    week = timezone.localdate(now)
    can_sign_in = (
        Person.objects.filter(is_active=True).exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX).order_by("pk")
    )
    last = 0
    while some := list(can_sign_in.filter(pk__gt=last)[:PEOPLE_AT_ONCE]):
        last = some[-1].pk
        chosen = choices_of(person.pk for person in some)
        theirs = [person for person in some if how_of(chosen, person.pk, kinds.WEEK) == day]
        known = known_keys(week_key(person, week) for person in theirs)
        yield from (person for person in theirs if week_key(person, week) not in known)


@transaction.atomic
def _write(person: Person, now: datetime) -> bool:
    today = timezone.localdate(now)
    found = Person.objects.select_for_update(skip_locked=True, no_key=True).filter(pk=person.pk).first()
    if found is None or known_keys([week_key(person, today)]):
        return False
    with clock.at(now):
        week = week_of((one for one in todo.of(found) if not one.sealed), today)
    kept = _kept_for_the_week(found)
    if week.is_empty and not kept:
        return False
    fold(kept, mail_week(found, week, kept, today))
    return True


def _kept_for_the_week(person: Person) -> list[OutboxMail]:
    chosen = choices_of([person.pk])
    weekly = [kind.name for kind in kinds.changeable() if how_of(chosen, person.pk, kind.name) == How.WEEKLY]
    return list(OutboxMail.objects.filter(to=person, state=MailState.GATHERED, kind__in=weekly).order_by("pk"))
