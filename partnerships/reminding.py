"""When a reminder is due and to whom it goes: a rule is plain values, and what it asks for on a day is arithmetic.

A rule counts in working days of the person who is reminded. Steps have names that never change, because a mail's key
holds them: "28", "14", "7" and "1" are working days before, "0" is the day itself, "late-1", "late-2" … the weeks after
it, "late-0" the day after one that is firm, "again-…" the end of being put off; "lead" and "leads" go to others.
"""

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import NamedTuple

from foundation.workdays.arithmetic import add_working_days

ON_THE_DAY, PASSED, ONE_LEAD, BOTH_LEADS = "0", "late-0", "lead", "leads"
WEEK = timedelta(weeks=1)
A_DAY = timedelta(days=1)
MOST_DAYS, MOST_STEPS = 120, 8


@dataclass(frozen=True)
class Rule:
    """Working days before the day; then the day itself, every week after it, and when others are told that it is late.

    `one_lead_after` and `both_leads_after`: working days late; None tells nobody else.
    """

    before: tuple[int, ...] = (28, 14, 7, 1)
    on_the_day: bool = True
    weekly: bool = True
    one_lead_after: int | None = 5
    both_leads_after: int | None = 10

    def at_least(self, other: "Rule") -> "Rule":
        """This rule and everything that `other` asks for as well: for what the law asks."""
        return Rule(
            tuple(sorted({*self.before, *other.before}, reverse=True)),
            self.on_the_day or other.on_the_day,
            self.weekly or other.weekly,
            _sooner(self.one_lead_after, other.one_lead_after),
            _sooner(self.both_leads_after, other.both_leads_after),
        )


def _sooner(one: int | None, other: int | None) -> int | None:
    return min((days for days in (one, other) if days is not None), default=None)


USUAL = Rule()


class Step(NamedTuple):
    """The step that has come due last, and the day it did."""

    name: str
    since: date


def own_step(today: date, due_on: date, rule: Rule, holidays: Set[date], *, firm: bool = False) -> Step | None:
    """The last step that has come due for whoever owns the deadline; None while the first one lies ahead."""
    if rule.weekly and today >= due_on + WEEK:
        weeks = (today - due_on) // WEEK
        return Step(f"late-{weeks}", due_on + weeks * WEEK)
    if firm and today > due_on and rule.on_the_day:
        return Step(PASSED, due_on + A_DAY)
    if rule.on_the_day and today >= due_on:
        return Step(ON_THE_DAY, due_on)
    starts = ((days, add_working_days(due_on, -days, holidays)) for days in sorted(rule.before, reverse=True))
    past = [Step(str(days), start) for days, start in starts if today >= start]
    return past[-1] if past else None


def own_steps(today: date, due_on: date, rule: Rule, holidays: Set[date], *, firm: bool = False) -> list[Step]:
    """Every step that has come due by `today`, the earliest first: `own_step` is the last of them."""
    steps = {Step(str(n), add_working_days(due_on, -n, holidays)) for n in rule.before}
    if rule.on_the_day:
        steps |= {Step(ON_THE_DAY, due_on)} | ({Step(PASSED, due_on + A_DAY)} if firm else set())
    if rule.weekly:
        steps |= {Step(f"late-{week}", due_on + week * WEEK) for week in range(1, (today - due_on) // WEEK + 1)}
    return sorted((step for step in steps if step.since <= today), key=lambda step: step.since)


def skipped(steps: Iterable[Step], last: Step, after: date) -> list[Step]:
    """Of a person's steps those that nobody planned: they came due after the day `after`, and `last` follows them.

    `after` is the day of the last run, or the later one on which the deadline got its date.
    """
    return [step for step in steps if after < step.since < last.since]


def step_for_others(today: date, due_on: date, rule: Rule, holidays: Set[date]) -> Step | None:
    """Who else is to be told by today: one lead, or both; None while it is not that late."""
    steps = steps_for_others(today, due_on, rule, holidays)
    return steps[-1] if steps else None


def steps_for_others(today: date, due_on: date, rule: Rule, holidays: Set[date]) -> list[Step]:
    """One lead, then both: each of the two that has come due."""
    steps = [(ONE_LEAD, rule.one_lead_after), (BOTH_LEADS, rule.both_leads_after)]
    found = [Step(name, add_working_days(due_on, days, holidays)) for name, days in steps if days is not None]
    return [step for step in found if due_on < today >= step.since]


def after_a_break(step: Step | None, until_on: date) -> Step | None:
    """What follows being put off until a day that has come: a reminder of that day, unless a step came due after it."""
    return step if step is None or step.since >= until_on else Step(f"again-{until_on:%Y%m%d}", until_on)


@dataclass(frozen=True)
class Choice:
    """A rule that somebody set: for everything or one kind; everywhere, in one partnership or for one person.

    `rule` None goes back to what would hold without it. `words` says whose rule it is.
    """

    from_on: date
    order: int
    kind: str
    partnership: int | None
    person: int | None
    rule: Rule | None
    words: str = ""


class Rules:
    """Which rule holds today for a kind of deadline, in a partnership, for a person: the most special one set."""

    def __init__(self, choices: Iterable[Choice], today: date) -> None:
        self._held: dict[tuple[int | None, int | None, str], Choice] = {}
        for choice in sorted(choices, key=lambda c: (c.from_on, c.order)):
            if choice.from_on <= today:
                self._held[(choice.partnership, choice.person, choice.kind)] = choice
        self._known: dict[tuple[str, int | None, int | None, bool], tuple[Rule, str]] = {}

    @property
    def earliest(self) -> int:
        """The most working days before a deadline that any rule asks for."""
        rules = [USUAL, *(held.rule for held in self._held.values() if held.rule)]
        return max(max(rule.before, default=0) for rule in rules)

    def of(self, kind: str, partnership: int | None, person: int | None, *, legal: bool = False) -> tuple[Rule, str]:
        """The rule and whose it is. What the law asks for is reminded of at least as usual, whatever was chosen.

        A person's own rule is about their own reminders; when others are told stays the partnership's.
        """
        mine = person if any(self._slot(None, person, k) for k in (kind, "")) else None
        here = partnership if any(self._slot(partnership, None, k) for k in (kind, "")) else None
        key = (kind, here, mine, legal)
        if key not in self._known:
            self._known[key] = self._of(kind, here, mine, legal=legal)
        return self._known[key]

    def _of(self, kind: str, partnership: int | None, person: int | None, *, legal: bool) -> tuple[Rule, str]:
        slots = [(partnership, None, kind), (partnership, None, ""), (None, None, kind), (None, None, "")]
        shared = next((held for slot in slots if (held := self._slot(*slot))), None)
        rule, words = (shared.rule or USUAL, shared.words) if shared else (USUAL, USUAL_WORDS)
        own = person is not None and (self._slot(None, person, kind) or self._slot(None, person, ""))
        if own and own.rule:
            one, both = rule.one_lead_after, rule.both_leads_after
            rule, words = replace(own.rule, one_lead_after=one, both_leads_after=both), own.words
        return (rule.at_least(USUAL), words) if legal else (rule, words)

    def _slot(self, partnership: int | None, person: int | None, kind: str) -> Choice | None:
        held = self._held.get((partnership, person, kind))
        return held if held and held.rule else None


USUAL_WORDS = "the portal’s usual rule"


def rule_in_words(rule: Rule) -> str:
    """“28, 14, 7 and 1 working days before; on the day; every week while it is late”."""
    parts = []
    if rule.before:
        parts.append(f"{_listed(sorted(rule.before, reverse=True))} before")
    if rule.on_the_day:
        parts.append("on the day")
    if rule.weekly:
        parts.append("every week while it is late")
    return "; ".join(parts) or "never"


def others_in_words(rule: Rule) -> str:
    """“one lead after 5 working days late, both leads after 10”."""
    told = []
    if rule.one_lead_after is not None:
        told.append(f"the lead of the owner’s side after {_days(rule.one_lead_after)}")
    if rule.both_leads_after is not None:
        told.append(f"both leads after {_days(rule.both_leads_after)}")
    return ", ".join(told) or "nobody else"


def step_in_words(step: str, rule: Rule) -> str:
    """The step that a mail is for, to finish “It is sent …”."""
    if step.isdigit():
        return f"{_days(int(step))} before the day" if step != ON_THE_DAY else "on the day"
    if step == PASSED:
        return "because the day has passed"
    if step.startswith("late-"):
        weeks = int(step.removeprefix("late-"))
        return f"{weeks} week{'' if weeks == 1 else 's'} after the day"
    if step.startswith("again-"):
        return "because it was put off until now"
    late = rule.one_lead_after if step == ONE_LEAD else rule.both_leads_after
    return f"because it is {_days(late or 0)} late or more"


def why_skipped(step: Step, last: Step) -> str:
    """Why a step is skipped: nothing was planned on its day, and when somebody planned again a later one was due."""
    days = (last.since - step.since).days
    later = f"{days} day{'' if days == 1 else 's'} later"
    return f"No reminders were planned on {step.since:%-d %B %Y}. The reminder {later} took its place."


def _days(count: int) -> str:
    return f"{count} working day{'' if count == 1 else 's'}"


def _listed(days: list[int]) -> str:
    """“28, 14, 7 and 1 working days”."""
    if len(days) == 1:
        return _days(days[0])
    return f"{', '.join(map(str, days[:-1]))} and {days[-1]} working days"
