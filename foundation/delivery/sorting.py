"""Sorting: before a mail that may be folded is sent, it is decided whether it goes by itself (`folding` has the rule).

    unsorted ──► pending            by itself
        │  └───► gathered ──► folded   into one mail of its own, which is pending
        └──────► portal             no mail: it is read in the portal

Sorting one person's mails locks that person: two processes never count the same day at once, and whoever comes second
passes on. Each step is one transaction, so a mail is in the one it was folded into, or still waiting, and never both.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, transaction
from django.db.models import Count, Q

from foundation.database import clock
from foundation.delivery import folding, kinds
from foundation.delivery.folding import Fate, Waiting
from foundation.delivery.kinds import How
from foundation.delivery.models import IN_HAND, TO_SORT, MailChoice, MailState, OutboxMail
from foundation.delivery.outbox import message_id

logger = logging.getLogger(__name__)

PEOPLE_AT_ONCE = 50
Choices = dict[int, dict[str, How]]


def sort(most_people: int = 1000) -> int:
    """Sort what is due of at most so many people; how many mails there were. One short query when nothing is."""
    people = list(_due(clock.database_now()).order_by().values_list("to", flat=True).distinct()[:most_people])
    groups = [people[start : start + PEOPLE_AT_ONCE] for start in range(0, len(people), PEOPLE_AT_ONCE)]
    return sum(map(_sort_or_say_why, groups))


def choices_of(people: Iterable[int]) -> Choices:
    """What each of these people chose, by kind. One query."""
    chosen: Choices = defaultdict(dict)
    for person, kind, how in MailChoice.objects.filter(person__in=people).values_list("person", "kind", "how"):
        chosen[person][kind] = How(how)
    return chosen


def how_of(chosen: Choices, person: int, kind: str) -> How:
    """How a person gets a kind: as chosen, while the kind still offers it."""
    found = kinds.of(kind)
    how = chosen.get(person, {}).get(kind, found.default)
    return how if how in found.choices else found.default


def fold(parts: list[OutboxMail], one: OutboxMail) -> None:
    """Note that `one`, a mail that is in the outbox already, tells what `parts` would have. Inside a transaction."""
    waiting = OutboxMail.objects.filter(pk__in=[part.pk for part in parts], state__in=TO_SORT)
    folded = waiting.update(state=MailState.FOLDED, folded_into=one, next_try_at=None)
    if folded != len(parts):
        raise RuntimeError(f"{len(parts) - folded} of the mails folded into {one.pk} were not waiting any more")


def items_of(parts: Iterable[OutboxMail]) -> list[dict[str, str]]:
    """One line for each mail, for the mail that tells them: what is late comes first."""
    return [
        {"subject": part.subject, "about": _about(part), "path": str(part.context.get("path") or "")}
        for part in sorted(parts, key=lambda part: not part.context.get("late"))
    ]


def _about(part: OutboxMail) -> str:
    """The partnership a mail is about, unless its subject names it: many have a return for October."""
    about = str(part.context.get("partnership") or "")
    return "" if about in part.subject else about


def _due(now: datetime) -> Any:
    return OutboxMail.objects.filter(Q(next_try_at=None) | Q(next_try_at__lte=now), state__in=TO_SORT)


def _sort_or_say_why(people: list[int]) -> int:
    """A group that cannot be sorted waits, and holds up nobody else's mail."""
    try:
        return _sort_some(people)
    except DatabaseError:
        raise
    except Exception:
        logger.exception("The mails of %s people could not be sorted; trying again.", len(people))
        return 0


@transaction.atomic
def _sort_some(people: list[int]) -> int:
    now = clock.database_now()
    rows = get_user_model().objects.select_for_update(skip_locked=True, no_key=True).filter(pk__in=people)
    locked = {person.pk: person for person in rows.order_by("pk")}
    mails: dict[int, list[OutboxMail]] = defaultdict(list)
    for mail in _due(now).filter(to__in=locked).order_by("pk"):
        mails[mail.to_id].append(mail)
    chosen, had = choices_of(locked), _had_today(locked, now)
    fates: dict[Fate, list[OutboxMail]] = defaultdict(list)
    for person, theirs in mails.items():
        waiting = [
            Waiting(mail.pk, how_of(chosen, person, mail.kind), mail.state == MailState.GATHERED) for mail in theirs
        ]
        decided = folding.decide(waiting, had_today=had.get(person, 0), most=settings.MAILS_A_DAY)
        for mail in theirs:
            fates[decided[mail.pk]].append(mail)
        if folded := [mail for mail in theirs if decided[mail.pk] is Fate.FOLD]:
            fold(folded, _digest(folded, locked[person]))
    for fate, some in fates.items():
        _move(fate, some, chosen, now)
    return sum(map(len, mails.values()))


def _had_today(people: Iterable[int], now: datetime) -> dict[int, int]:
    """How many mails that may be folded went to each person since midnight, or are on their way. One query."""
    on_the_way = Q(state__in=(MailState.PENDING, *IN_HAND))
    since = folding.start_of_day(now)
    today = on_the_way | Q(state=MailState.SENT, sent_at__gte=since) | Q(state=MailState.HELD, created_at__gte=since)
    mails = OutboxMail.objects.filter(today, to__in=people, kind__in=kinds.foldable()).order_by()
    return dict(mails.values_list("to").annotate(Count("pk")))


def _digest(parts: list[OutboxMail], to: Any) -> OutboxMail:
    """The one mail that tells all of `parts`. Its key is that of the first: a mail is folded once."""
    count, key, items = len(parts), f"digest:{parts[0].public_id}", items_of(parts)
    return OutboxMail.objects.create(
        kind=kinds.DIGEST,
        key=key,
        to=to,
        to_address=parts[-1].to_address,
        subject=f"{count} messages in one: {items[0]['subject']}"[:300],
        template="emails/delivery/digest",
        context={"name": str(to), "count": count, "items": items},
        why="You get these messages in one mail because there were many of them, or because you chose it so.",
        message_id=message_id(key),
    )


def _move(fate: Fate, mails: list[OutboxMail], chosen: Choices, now: datetime) -> None:
    waiting = OutboxMail.objects.filter(pk__in=[mail.pk for mail in mails], state__in=TO_SORT)
    match fate:
        case Fate.AT_ONCE:
            waiting.update(state=MailState.PENDING)
        case Fate.PORTAL:
            waiting.update(state=MailState.PORTAL, next_try_at=None)
        case Fate.DAILY | Fate.OVERFLOW:
            times = (folding.DAILY_AT,) if fate is Fate.DAILY else folding.OVERFLOW_AT
            waiting.update(state=MailState.GATHERED, next_try_at=folding.next_at(now, *times))
        case Fate.WEEKLY:
            for mail in mails:
                day = how_of(chosen, mail.to_id or 0, kinds.WEEK)
                until = folding.next_weekly(now, day if day != How.PORTAL else How.MONDAY)
                waiting.filter(pk=mail.pk).update(state=MailState.GATHERED, next_try_at=until)
