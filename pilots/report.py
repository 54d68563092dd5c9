"""What the report of a range of periods tells (`domain.md` 3.1): page and PDF are made of the same sections.

Accepted returns only, each as last corrected. Counts of who the people are never show a small number here, whoever
reads it, because paper travels. A story is told only while it is published, which takes all three consents.
"""

from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Count, Q

from foundation.database import clock
from foundation.drawing.chart import Series
from foundation.workdays.models import holidays
from partnerships.models import Involvement, Milestone, Partnership, Risk
from partnerships.plan import add_months, slip_in_words
from pilots import blocks, money, rag, rollup
from pilots.blocks import Block, Content, Section
from pilots.measures import Unit, shown
from pilots.models import MonthlyReturn, Receipt, Story
from pilots.money import Told
from pilots.money_rows import over_or_under, pounds, sum_rows
from pilots.periods import financial_year_of, in_words, lacking, month_of, months_from, name_of
from pilots.rollup import Figure
from pilots.spending import Rows, Spending, rows_of, spend_series, spending_of, unit_cost_series
from pilots.standing import Overall, Standing, overall_of, standing_of
from pilots.who import Started

QUARTER = 3


@dataclass(frozen=True)
class Range:
    """From the first day of `first` to the last day of `last`, both months."""

    first: date
    last: date

    @property
    def months(self) -> int:
        return (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1

    @property
    def name(self) -> str:
        return name_of(self.first, self.months)

    @property
    def days(self) -> tuple[date, date]:
        return self.first, add_months(self.last, 1) - timedelta(days=1)


def last_quarter(today: date) -> Range:
    """The quarter of the calendar that ended last: on 28 November 2026, July to September 2026."""
    this = month_of(today)
    begins = add_months(this, -((this.month - 1) % QUARTER))
    return Range(add_months(begins, -QUARTER), add_months(begins, -1))


def months_told(rows: Rows, today: date) -> list[date]:
    """Every month from the pilot's first return to the last period that has begun."""
    begun = [row for row in rows.returns if row.period <= today]
    if not begun:
        return []
    first, until = begun[0].period, begun[-1].over_on
    return months_from(first, (until.year - first.year) * 12 + until.month - first.month)


def usual_range(rows: Rows, today: date) -> Range:
    """The last quarter; of a pilot that is over, the last quarter in which a return was accepted."""
    quarter, accepted = last_quarter(today), rows.accepted
    if not accepted or accepted[-1].over_on > quarter.first:
        return quarter
    return last_quarter(add_months(accepted[-1].over_on, QUARTER - 1))


def content_of(partnership: Partnership, asked: Range, rows: Rows | None = None) -> Content:
    """Everything the report tells, as plain values in the reader's words."""
    source = _Source(partnership, asked, rows or rows_of(partnership))
    return {
        "title": f"Report of the pilot, {asked.name}",
        "partnership": partnership.title,
        "stories": source.story_keys,
        "sections": [
            source.standing(), source.reach(), source.outcomes(), source.money(), source.milestones(), source.risks(),
            source.voice(), source.stories(), source.lessons(), source.punctuality(), source.corrections(),
        ],
    }  # fmt: skip


def standing_section(overall: Overall, standing: Standing) -> Section:
    """How it stands today, over the whole pilot: the worst of five, and what a person made of it."""
    judged = overall.judged
    rows = [("Overall, calculated", overall.calculated), *overall.parts.items()]
    said = (
        f"{judged.set_by} set the overall state to “{judged.get_judged_display()}”: {judged.reason}" if judged else ""
    )
    return blocks.section(
        "standing",
        "How the pilot stands",
        blocks.words("Today, over the whole pilot. The overall state is the worst of the five below it."),
        blocks.facts("State of the pilot", rows),
        blocks.words(said),
        blocks.words(standing.because and f"{standing.because}."),
    )


def stories_section(stories: Sequence[Story]) -> Section:
    none = "No story has all three consents: to be used, anonymised, and to be published."
    told = [blocks.story(one.public_id, one.monthly_return.month, one.text) for one in stories]
    return blocks.section("stories", "Stories", *told, None if told else blocks.words(none))


def stories_of(partnership: Partnership, asked: Range | None = None) -> list[Story]:
    """Published stories of the range, or of the whole pilot. One query."""
    found = Story.objects.published().filter(monthly_return__partnership=partnership)
    if asked:
        found = found.filter(monthly_return__period__range=(asked.first, asked.last))
    return list(found.select_related("monthly_return").order_by("monthly_return__period"))


def voice_rows(rows: Sequence[MonthlyReturn]) -> Iterator[tuple[str, ...]]:
    for row in rows:
        if row.users_said or row.changed_because or row.what_changed:
            yield row.month, row.users_said, row.changed_because or row.what_changed


def involvement_table(partnership: Partnership, days: tuple[date, date] | None = None) -> Block | None:
    held = Involvement.objects.filter(partnership=partnership).order_by("held_on", "pk")
    rows = [
        (f"{one.held_on:%-d %B %Y}", f"{one} ({one.get_kind_display()}, {one.people} people)", one.heard, one.we_did)
        for one in (held.filter(held_on__range=days) if days else held)
    ]
    return blocks.table("From the involvement diary", ("Day", "What was done", "What people said", "What we did"), rows)


def lesson_rows(rows: Sequence[MonthlyReturn]) -> list[tuple[str, ...]]:
    return [(row.month, row.learned) for row in rows if row.learned]


class _Source:
    """The rows of the range, read once; each method makes one section of them."""

    def __init__(self, partnership: Partnership, asked: Range, rows: Rows) -> None:
        self.partnership, self.asked, self.figures = partnership, asked, rows.figures
        self.returns = rows.returns
        self.rows = [row for row in rows.returns if self._is_asked(row.period)]
        self.accepted = [row for row in rows.accepted if self._is_asked(row.period)]
        self.spending = spending_of(partnership, rows)
        self.lacks = in_words(lacking(((r.period, r.months) for r in self.accepted), asked.first, asked.last))
        self.told = [row for row in self.spending.told if self._is_asked(row.period)]
        self.published = stories_of(partnership, asked)
        self.story_keys = [story.public_id for story in self.published]

    def _sum_of(self, words: str) -> str:
        """The name of a sum, with the months that have no accepted return and so are not in it."""
        return f"{words}, without {self.lacks}" if self.lacks else words

    def _is_asked(self, period: date) -> bool:
        return self.asked.first <= period <= self.asked.last

    def standing(self) -> Section:
        standing = standing_of(self.partnership)
        return standing_section(overall_of(self.partnership, standing), standing)

    def reach(self) -> Section:
        names = ("referrals", "new_starts", "planned_exits", "unplanned_exits", "active_at_end", "waiting")
        rows = [(row.month, *(_told(getattr(row, name)) for name in names)) for row in self.accepted]
        sums = [_told(_sum(getattr(row, name) for row in self.accepted)) for name in names[:4]]
        if len(rows) > 1:
            rows.append((self._sum_of("All together"), *sums, rows[-1][5], rows[-1][6]))
        headers = (
            "Period", "Referrals", "Started", "Planned exits", "Unplanned exits", "Active at the end", "Waiting",
        )  # fmt: skip
        planned = len({row.period for row in self.rows})
        lines = [
            Series("Started", [(row.period, _number(row.new_starts)) for row in self.accepted]),
            Series("Active", [(row.period, _number(row.active_at_end)) for row in self.accepted]),
        ]
        return blocks.section(
            "reach", "Reach",
            blocks.words(
                f"{len(self.accepted)} of {planned} returns of these months are accepted."
                + (f" {self.lacks} {_is_or_are(self.lacks)} in no sum of this report." if self.lacks else "")
            ),
            blocks.table("People, by period", headers, rows),
            blocks.chart("reach-chart", "People started and active", Unit.COUNT.label, lines),
            *self._who(),
        )  # fmt: skip

    def _who(self) -> Iterator[Block | None]:
        """Who started in each whole year, or else whole quarter, inside the range.

        Never over the range itself: of two ranges that differ by one month, what that month hides could be worked out
        (`disclosure`).
        """
        started, shown_until = Started(self.partnership, self.returns), None
        for part in sorted(started.ranges(), key=lambda part: (part.blocks[0][0], -sum(m for _, m in part.blocks))):
            [(since, months), *more] = part.blocks
            last = add_months(since, months - 1)
            if more or since < self.asked.first or last > self.asked.last or (shown_until and since <= shown_until):
                continue
            shown_until = last
            for dimension, cells in started.told(part, openly=False):
                yield blocks.table(f"Who started, {part.label}: {dimension}", (dimension, "People"), cells)
        if not shown_until:
            yield blocks.words("Who started is told of whole quarters and whole financial years only.")

    def outcomes(self) -> Section:
        names = ("reviewed", "improved", "same", "worse")
        sums = {name: _sum(getattr(row, name) for row in self.accepted) for name in names}
        share = rollup.ratio_of_sums(Figure(_number(r.improved), _number(r.reviewed)) for r in self.accepted)
        told = [(name.capitalize(), _told(value)) for name, value in sums.items()]
        told.append(("Improved, of all reviewed", shown(share and share * 100, Unit.PERCENT)))
        return blocks.section(
            "outcomes", "Outcomes", blocks.facts(self._sum_of("People reviewed"), told if self.accepted else []),
            blocks.table(
                self._sum_of("Indicators in these months, against their targets"),
                ("Indicator", "Result", "Target", "State in these months"), self._indicators(),
                "No indicator has a figure yet.",
            ),
        )  # fmt: skip

    def _indicators(self) -> Iterator[tuple[object, ...]]:
        for one, figures in self.figures.items():
            dated = {period: figure for period, figure in figures.items() if self._is_asked(period)}
            told = list(dated.values())
            result = rollup.result(one.rollup, one.unit, told)
            profile = rollup.profile(one.rollup, one.target, told, one.targets_of(dated))
            health = rag.of_indicator(result, profile, higher_is_better=one.higher_is_better, by=self.spending.by)
            yield str(one), shown(result, one.unit), shown(profile, one.unit), health

    def money(self) -> Section:
        in_range = money.added(self.told)
        costs = [
            ("Cost for each person started", pounds(in_range.per_start)),
            ("Cost for each person improved", pounds(in_range.per_improved)),
        ]
        rows = [
            (name_of(t.period, t.months), pounds(t.budget), pounds(t.actual), over_or_under(t.variance, t.budget),
             pounds(t.in_kind), pounds(t.forecast), t.reason)
            for t in self.told
        ]  # fmt: skip
        headers = ("Period", "Budget", "Spent", "Difference", "In kind", "Forecast for the year", "Reason")
        return blocks.section(
            "money", "Money",
            blocks.facts(self._sum_of("Money in these months"), [*sum_rows(in_range), *costs] if self.told else []),
            *year_to_date(self.spending, self.told),
            blocks.table("Money, by period", headers, rows, "No return of these months is accepted yet."),
            *money_charts(self.told),
        )  # fmt: skip

    def milestones(self) -> Section:
        first, until = self.asked.days
        found = Milestone.objects.filter(partnership=self.partnership).annotate(times=Count("moves"))
        touched = found.filter(Q(due_on__range=(first, until)) | Q(done_on__range=(first, until)))
        rows = [
            (
                title,
                _day(due),
                _done(due, done, clock.today()),
                slip_in_words(times, planned, due) or "as first planned",
            )
            for title, due, done, planned, times in touched.values_list(
                "title", "due_on", "done_on", "baseline_on", "times"
            )
        ]
        none = "No milestone was due or done in these months."
        return blocks.section(
            "milestones", "Milestones",
            blocks.table("Milestones due or done", ("Milestone", "Due", "Done", "Against the plan"), rows, none),
        )  # fmt: skip

    def risks(self) -> Section:
        found = Risk.objects.open().filter(partnership=self.partnership).worst_first().select_related("owner")
        rows = [(one.title, f"{one.score} ({one.colour.label})", one.mitigation, str(one.owner)) for one in found]
        headers = ("Risk", "Score", "What is done", "Who watches it")
        return blocks.section(
            "risks", "Risks", blocks.table("Open risks today", headers, rows, "No risk is open."),
        )  # fmt: skip

    def voice(self) -> Section:
        return blocks.section(
            "voice", "What people say",
            blocks.table(
                "From the returns", ("Period", "What people said", "What changed because of it"),
                voice_rows(self.accepted), "The returns tell nothing of what people said.",
            ),
            involvement_table(self.partnership, self.asked.days),
        )  # fmt: skip

    def stories(self) -> Section:
        return stories_section(self.published)

    def lessons(self) -> Section:
        none = "No lesson was told in these months."
        return blocks.section(
            "lessons", "Lessons",
            blocks.table("What was learned", ("Period", "Lesson"), lesson_rows(self.accepted), none),
        )  # fmt: skip

    def punctuality(self) -> Section:
        """Who reported late: each return by its first revision, and the partners whose data had not arrived."""
        firsts = {row.period: row for row in reversed(self.rows)}
        missing: dict[int, list[str]] = {}
        rows = Receipt.objects.filter(monthly_return__in=self.accepted, received=False)
        for receipt in rows.select_related("partner__organisation").order_by("pk"):
            missing.setdefault(receipt.monthly_return_id, []).append(str(receipt.partner))
        today, off = clock.today(), holidays()
        late = [
            (row.month, _day(row.due_on), *_arrival(row, today, off, self.spending), ", ".join(missing.get(row.pk, [])))
            for _, row in sorted(firsts.items())
        ]
        return blocks.section(
            "late", "Who reported late",
            blocks.table("When the returns came", ("Period", "Due", "Came", "State", "Partners without data"), late),
        )  # fmt: skip

    def corrections(self) -> Section:
        rows = [(row.month, row.correction_reason) for row in self.accepted if row.corrects_id]
        none = "No figure of these months was corrected."
        return blocks.section(
            "corrected", "Corrected figures",
            blocks.table("Periods whose figures are corrected ones", ("Period", "Why"), rows, none),
        )  # fmt: skip


def year_to_date(spending: Spending, told: Sequence[Told]) -> Iterator[Block | None]:
    """The financial year up to the last of these periods, and how its spend stands."""
    if not told:
        return
    since = financial_year_of(told[-1].period)
    year = money.added(row for row in spending.told if since <= row.period <= told[-1].period)
    last = name_of(told[-1].period, told[-1].months)
    rows = [
        ("Budget", pounds(year.budget)), ("Spent", pounds(year.actual)),
        ("Difference", over_or_under(year.variance, year.budget)), ("State", spending.health(year)),
    ]  # fmt: skip
    first = max(since, spending.told[0].period)
    lacks = in_words(lacking(((row.period, row.months) for row in spending.told), first, told[-1].period))
    caption = f"Year to date: April {since.year} to the end of {last}"
    yield blocks.facts(f"{caption}, without {lacks}" if lacks else caption, rows)


def money_charts(told: Sequence[Told]) -> Iterator[Block | None]:
    unit = Unit.POUNDS.label
    yield blocks.chart("spend-chart", "Budget and spend, period by period", unit, spend_series(told))
    yield blocks.chart("cost-chart", "Cost for each person, up to each period", unit, unit_cost_series(told))


def _arrival(row: MonthlyReturn, today: date, off: AbstractSet[date], spending: Spending) -> tuple[str, object]:
    came = row.first_submitted_on
    if came is None and today <= row.due_on:
        return "Not due yet", ""
    health = rag.of_log(row.due_on, came, today=today, holidays=off, by=spending.by)
    return (_day(came) if came else "Not yet"), health


def _done(due: date, done: date | None, today: date) -> str:
    if done:
        return _day(done)
    return "Late" if due < today else "Not yet"


def _day(day: date) -> str:
    return f"{day:%-d %B %Y}"


def _sum(values: Iterator[int | None]) -> int | None:
    found = [value for value in values if value is not None]
    return sum(found) if found else None


def _is_or_are(months: str) -> str:
    return "are" if " and " in months else "is"


def _told(value: int | None) -> str:
    return "" if value is None else f"{value:,}"


def _number(value: int | None) -> Decimal | None:
    return None if value is None else Decimal(value)
