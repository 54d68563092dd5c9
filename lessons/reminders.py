"""What was published yesterday, told to those who follow its theme: one mail a day for each person at most."""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from accounts.models import Person
from foundation.delivery.outbox import known_keys
from lessons.models import Lesson, ThemeSubscription
from lessons.notifications import new_lessons, new_lessons_key

DAYS_BACK = 7
"""After a stand-still of the worker, the days that were missed are told too; older ones are history."""
MORNING = time(7)


def plan_new_lessons(now: datetime) -> int:
    """Write a mail for each person and day that has something new and no mail yet; how many. Repeating it is harmless.

    Today is told tomorrow: so one mail holds all that was published in a day.
    """
    today = timezone.localdate(now)
    morning = datetime.combine(today, MORNING, tzinfo=timezone.get_current_timezone())
    new = _new_by_person_and_day(today)
    known = known_keys(new_lessons_key(person.pk, day) for person, day in new)
    waiting = [(key, lessons) for key, lessons in new.items() if new_lessons_key(key[0].pk, key[1]) not in known]
    for (person, day), lessons in waiting:
        with transaction.atomic():
            new_lessons(person, lessons, day=day, not_before=morning)
    return len(waiting)


def _new_by_person_and_day(today: date) -> dict[tuple[Person, date], list[Lesson]]:
    """Two queries, whatever there is to tell."""
    start = timezone.make_aware(datetime.combine(today - timedelta(days=DAYS_BACK), time()))
    end = timezone.make_aware(datetime.combine(today, time()))
    by_theme: dict[str, list[Lesson]] = defaultdict(list)
    for lesson in Lesson.objects.published().filter(published_at__gte=start, published_at__lt=end).order_by("number"):
        by_theme[lesson.theme].append(lesson)
    told: dict[tuple[Person, date], list[Lesson]] = defaultdict(list)
    followers = ThemeSubscription.objects.filter(theme__in=list(by_theme), person__is_active=True)
    for row in followers.select_related("person").order_by("person", "theme"):
        for lesson in by_theme[row.theme]:
            # Whoever began to follow after it was published has seen it in the library.
            if lesson.published_at and lesson.published_at >= row.created_at:
                told[row.person, timezone.localdate(lesson.published_at)].append(lesson)
    return told
