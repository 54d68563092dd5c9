"""What was taught, beside what the partners say they can do: worked out from the training log, changing nothing.

Procurement training is wanted for sellers and buyers alike (`domain.md` 1.10), so the public lead counts like any
partner.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from partnerships.models import Partner, Partnership, SkillScore, TrainingAttendance
from partnerships.skills import Topic


@dataclass(frozen=True)
class Taught:
    """The trainings of one topic that people of a partner went to."""

    times: int = 0
    hours: Decimal = Decimal(0)

    def __str__(self) -> str:
        if not self.times:
            return "none"
        hours = f"{self.hours.normalize():f}"
        return f"{self.times} time{'' if self.times == 1 else 's'}, {hours} hour{'' if self.hours == 1 else 's'}"


def taught_since(partner: Partner, day: date | None) -> dict[str, Taught]:
    """By topic, from `day` on (from the beginning without one). One query."""
    rows = TrainingAttendance.objects.filter(partner=partner)
    if day:
        rows = rows.filter(training__held_on__gte=day)
    found: dict[str, Taught] = {}
    for topic, hours in rows.values_list("training__topic", "training__hours"):
        before = found.get(topic, Taught())
        found[topic] = Taught(before.times + 1, before.hours + hours)
    return found


def by_topic(partnership: Partnership) -> list[tuple[str, str, int]]:
    """For each topic: the lowest score any present partner gave itself last, and how many people were trained in it.

    Three queries.
    """
    newest: dict[tuple[int, str], int] = {}
    scores = SkillScore.objects.filter(assessment__partner__in=partnership.partners.current())
    for partner, topic, points in scores.order_by("assessment__assessed_on", "assessment").values_list(
        "assessment__partner", "topic", "points"
    ):
        newest[partner, topic] = points
    people = dict(
        TrainingAttendance.objects.filter(training__partnership=partnership)
        .values_list("training__topic")
        .annotate(sum=Sum("people"))
        .order_by()
    )
    return [(topic.label, _span(newest, topic), people.get(topic.value, 0)) for topic in Topic]


def _span(newest: dict[tuple[int, str], int], topic: Topic) -> str:
    points = [score for (_, of_topic), score in newest.items() if of_topic == topic]
    if not points:
        return "not assessed"
    return f"{min(points)} to {max(points)}" if min(points) < max(points) else f"{points[0]}"


def procurement_told(partnership: Partnership) -> str:
    """Whether buyers and sellers alike have had procurement training, as a sentence. Two queries."""
    partners = list(partnership.partners.current().select_related("organisation"))
    had = set(
        TrainingAttendance.objects.filter(
            training__partnership=partnership, training__topic=Topic.PROCUREMENT
        ).values_list("partner__organisation", flat=True)
    )
    without = sorted(str(partner) for partner in partners if partner.organisation_id not in had)
    if not without:
        return "Every partner, buyers and sellers alike, has had training in procurement." if partners else ""
    return f"Procurement training is for buyers and sellers alike. Still without any: {', '.join(without)}."
