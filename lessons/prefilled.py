"""What a new profile begins with: what the portal knows of the partnership, in words that its writer then makes right.

Only accepted returns count, and a count of one to four people is not told (`domain.md`, section 9, rule 31).
"""

from collections.abc import Iterable, Iterator, Sequence

from foundation.database import clock
from lessons.models import Lesson
from partnerships.in_public import dates_of, steps_of
from partnerships.models import Partnership, books_of
from partnerships.roles import PartnerPart
from pilots.breakdown import FEWER, HIDDEN, LARGEST_SMALL, suppressed
from pilots.models import MonthlyReturn, Story
from pilots.money_rows import pounds
from pilots.spending import rows_of, spending_of


def first_words(partnership: Partnership) -> dict[str, str]:
    """A text for each part of the profile; empty where nothing is known yet. A constant number of queries."""
    rows = rows_of(partnership)
    partners = partnership.partners.current().select_related("organisation").order_by("joined_on", "pk")
    named = [(one.organisation.name, one.get_part_display(), one.part) for one in partners]
    return {
        "title": partnership.title,
        "what": partnership.service or partnership.need,
        "who": partnership.client_group,
        "where": partnership.get_area_display(),
        "partners": "\n".join(f"{name}: {part.lower()}" for name, part, _ in named),
        "dates": "\n".join(_dates(partnership)),
        "money": "\n".join(_money(partnership, pounds(spending_of(partnership, rows).sum.actual))),
        "reached": "\n".join(reached(rows.accepted)),
        "learned": "\n".join(_learned(partnership)),
        "contact": _contact(partnership, named),
    }


def story_to_tell(partnership: Partnership) -> Story | None:
    """The newest story of which the person agreed that it is published. One query."""
    found = Story.objects.publishable().filter(monthly_return__partnership=partnership)
    return found.order_by("-monthly_return__period").first()


def reached(accepted: Sequence[MonthlyReturn]) -> list[str]:
    """How many people started, and how often a review found things better, over all accepted returns.

    Where few did not find things better, those who did are not told either: the sum is known, so each gives away the
    other.
    """
    if not accepted:
        return []
    started, reviewed, improved = (
        _sum(getattr(row, name) for row in accepted) for name in ("new_starts", "reviewed", "improved")
    )
    found = [f"{_people(started)} started, from {accepted[0].month} to {accepted[-1].month}."]
    better, _ = suppressed([improved, max(0, reviewed - improved)])
    if not reviewed or better == HIDDEN:
        return found
    told = f"fewer than {LARGEST_SMALL + 1}" if better == FEWER else f"{improved:,}"
    return [*found, f"Of {reviewed:,} reviews of how somebody is doing, {told} found that things had got better."]


def _people(count: int) -> str:
    return f"Fewer than {LARGEST_SMALL + 1} people" if 1 <= count <= LARGEST_SMALL else f"{count:,} people"


def _sum(values: Iterable[int | None]) -> int:
    return sum(value or 0 for value in values)


def _dates(partnership: Partnership) -> Iterator[str]:
    started, *ends = dates_of(partnership)
    yield f"{started.what}: {started.on}"
    yield from (f"{step.label}: {step.told}" for step in steps_of(partnership) if step.told)
    for end in ends:
        yield f"{end.what}: {end.on}" + (f" ({end.told[0].lower()}{end.told[1:]})" if end.told else "")


def _money(partnership: Partnership, spent: str) -> Iterator[str]:
    books = books_of(partnership)
    if books.cash:
        yield f"{pounds(books.cash)} in money is promised for it."
    if books.in_kind:
        yield f"Help worth {pounds(books.in_kind)} is given without money."
    if spent.strip("–"):
        yield f"{spent} was spent in the returns accepted by {clock.today():%B %Y}."


def _learned(partnership: Partnership) -> Iterator[str]:
    lessons = Lesson.objects.published().filter(partnership=partnership).order_by("number")
    for title, advice in lessons.values_list("title", "advice"):
        yield f"{title.rstrip('.')}. {' '.join(advice.split())}"


def _contact(partnership: Partnership, named: Sequence[tuple[str, str, str]]) -> str:
    lead = next((row for row in named if row[2] == PartnerPart.THIRD_SECTOR_LEAD), None)
    return f"The {lead[1].lower()} of the partnership, at {lead[0]}." if lead else ""
