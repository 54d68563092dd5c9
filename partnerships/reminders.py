"""Reminders of deadlines: planning is a function of the database and the clock, and nothing else.

What goes out does not hang on what ran before. What was planned before is known by its key, so a run that is repeated,
late by days, or made by four processes at once writes each mail once. When several steps have come due since the last
run only the latest is sent: after three days without a timetable nobody gets three mails about one deadline. The ones
before it are written down as skipped, so that the ledger says why nobody got them; for that, and for nothing else, the
run is told the day of the last one. Deadlines are read in one pass, a page at a time, so that memory stays flat however
many there are.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.models import SECTOR_OF, Organisation, OrganisationKind, Sector
from foundation.delivery import bell
from foundation.delivery.outbox import known_keys
from foundation.workdays.arithmetic import DAY, add_working_days
from foundation.workdays.models import holidays_by_scope
from foundation.workdays.wall_clock import instant
from partnerships import deadlines
from partnerships.deadlines import Deadline, latest_day
from partnerships.lifecycle import Stage
from partnerships.models import Member, Milestone, MilestoneMove, ReminderPause, choices_of
from partnerships.notifications import Reminder, mail_reminder
from partnerships.plan import MADE_BY_DECISIONS
from partnerships.reminding import (
    ONE_LEAD,
    Rule,
    Rules,
    Step,
    after_a_break,
    own_step,
    own_steps,
    skipped,
    step_for_others,
    steps_for_others,
    why_skipped,
)
from partnerships.roles import PartnershipRole

if TYPE_CHECKING:
    from accounts.models import Person

MORNING = time(7)
"""Nobody is mailed in the middle of the night; Scottish time."""
TOGETHER = 200
"""Deadlines looked at, and mails written, at a time."""
LOOKS_BACK = timedelta(days=90)
"""Steps of a silence longer than that are not written down one by one: who was silent so long knows it."""
CONDITIONS = "partnerships.conditions"
LEAD_OF = {Sector.PUBLIC: PartnershipRole.PUBLIC_LEAD, Sector.THIRD: PartnershipRole.THIRD_SECTOR_LEAD}


def plan(now: datetime, *, last_run: datetime | None = None) -> int:
    """Put every reminder that is due at `now` into the outbox; how many to be sent were not there yet.

    With the moment of the last run that came to its end, the steps of the days since then that no run sends any more
    are written down as skipped.
    """
    today = timezone.localdate(now)
    after = timezone.localdate(last_run) if last_run else None
    with bell.one_ring():
        return sum(_write(some, today) for some in due_reminders(today, after))


def _write(some: Sequence[Reminder], today: date) -> int:
    known = known_keys(reminder.key for reminder in some)
    # Every planner writes in the same order, so that two of them wait for each other and never in a circle.
    new = sorted((r for r in some if r.key not in known), key=lambda r: r.key)
    with transaction.atomic():
        for reminder in new:
            mail_reminder(reminder, not_before=instant(reminder.skipped_on or today, MORNING))
    return sum(not reminder.skipped_because for reminder in new)


def due_reminders(today: date, after: date | None = None) -> Iterator[list[Reminder]]:
    """The latest reminder of every open deadline, for its owner and for whoever else is told; a page at a time.

    With the ones before it that came due after the day `after`: those are skipped, and say why.
    """
    day = _Day(today, after)
    found = (d for d in deadlines.due_by(day.horizon) if d.owner.is_active and not _is_over(d))
    while some := list(islice(found, TOGETHER)):
        yield day.reminders(some)


def _is_over(deadline: Deadline) -> bool:
    """Nobody is reminded once the work is over, except of what is firm: the exit tasks of a stopped partnership."""
    stage = deadline.partnership.stage
    return stage == Stage.CLOSED or (stage == Stage.STOPPED and not deadline.firm)


class _Day:
    """What one run knows before it looks at the deadlines: the rules, the holidays, and the steps worked out so far."""

    def __init__(self, today: date, after: date | None = None) -> None:
        self.today = today
        self.after = max(after or today, today - LOOKS_BACK)
        self.rules = Rules(choices_of(), today)
        scopes = holidays_by_scope()
        self.holidays = scopes.pop("")
        own = Organisation.objects.filter(public_id__in=[scope.partition(":")[2] for scope in scopes]) if scopes else ()
        self.own_holidays = {row.pk: scopes[row.audit_scope] for row in own}
        every = self.holidays.union(*self.own_holidays.values())
        self.horizon = add_working_days(today, self.rules.earliest, every) + DAY
        self._own: dict[tuple[date, Rule, int | None, bool], Step | None] = {}
        self._steps: dict[tuple[date, Rule, int | None, bool], list[Step]] = {}
        self._others: dict[tuple[date, Rule, int | None], Step | None] = {}

    def reminders(self, some: Sequence[Deadline]) -> list[Reminder]:
        """At most one to send for each deadline and person. Three queries, whatever the number of deadlines."""
        pauses = _pauses(some)
        found = [reminder for deadline in some for reminder in self._of_owner(deadline, pauses)]
        owners = {(_about(deadline), deadline.owner.pk) for deadline in some}
        told = {}
        for reminder in self._of_others(some, pauses):
            if (_about(reminder.deadline), reminder.to.pk) not in owners:
                told[reminder.key] = reminder
        return found + list(told.values())

    def _rule(self, deadline: Deadline, person: "Person | None") -> tuple[Rule, str]:
        pk = person.pk if person else None
        return self.rules.of(deadline.kind, deadline.partnership.pk, pk, legal=deadline.legal)

    def _of_owner(self, deadline: Deadline, pauses: "_Pauses") -> Iterator[Reminder]:
        rule, whose = self._rule(deadline, deadline.owner)
        own = deadline.owner.organisation_id if deadline.owner.organisation_id in self.own_holidays else None
        days = self.own_holidays.get(own, self.holidays) if own else self.holidays
        key = (deadline.due_on, rule, own, deadline.firm)
        if key not in self._own:
            self._own[key] = own_step(self.today, deadline.due_on, rule, days, firm=deadline.firm)
        pause = pauses.get((deadline.key, deadline.owner.pk))
        step = self._with_pause(self._own[key], deadline, pause)
        if step is None:
            return
        yield Reminder(deadline, step.name, deadline.owner, self.today > deadline.due_on, rule, whose)
        after = self._silent_after(deadline)
        if after < self.today:
            if key not in self._steps:
                self._steps[key] = own_steps(self.today, deadline.due_on, rule, days, firm=deadline.firm)
            for each in skipped(self._unless_put_off(self._steps[key], deadline, pause), step, after):
                late = each.since > deadline.due_on
                why = why_skipped(each, step)
                yield Reminder(deadline, each.name, deadline.owner, late, rule, whose, "", why, each.since)

    def _silent_after(self, deadline: Deadline) -> date:
        """The day after which nobody planned its reminders though it had its date; today: there is no such silence."""
        return max(self.after, deadline.since or self.after)

    def _unless_put_off(self, steps: list[Step], deadline: Deadline, pause: ReminderPause | None) -> list[Step]:
        """What came due while it was put off was not to be sent at all; the day of its end was."""
        if pause is None or pause.due_on != deadline.due_on or deadline.legal:
            return steps
        until_on = pause.until_on
        assert until_on
        at_its_end = after_a_break(next((step for step in reversed(steps) if step.since <= until_on), None), until_on)
        return ([at_its_end] if at_its_end else []) + [step for step in steps if step.since > until_on]

    def _with_pause(self, step: Step | None, deadline: Deadline, pause: ReminderPause | None) -> Step | None:
        """Nothing while it is put off; what the law asks for cannot be."""
        if pause is None or pause.due_on != deadline.due_on or deadline.legal:
            return step
        if pause.is_quiet(self.today, deadline.due_on):
            return None
        assert pause.until_on
        return after_a_break(step, pause.until_on)

    def _of_others(self, some: Sequence[Deadline], pauses: "_Pauses") -> Iterator[Reminder]:
        """For the leads: the one of the owner's side first, later both."""
        late = [(d, step) for d in some if d.leads and d.due_on < self.today and (step := self._step_for_others(d))]
        if not late:
            return
        leads = _leads({d.partnership.pk for d, _ in late})
        sides = _sides({d.owner.organisation_id for d, _ in late})
        for deadline, step in late:
            rule, whose = self._rule(deadline, None)
            here = [(r, p) for r, p in leads.get(deadline.partnership.pk, ()) if r in deadline.leads]
            side = sides.get(deadline.owner.organisation_id)
            quiet = pauses.get((deadline.key, deadline.owner.pk))
            words = quiet.in_words if quiet and quiet.is_quiet(self.today, deadline.due_on) else ""
            for each, why, on in [(step, "", None), *self._skipped_of_others(deadline, rule, step)]:
                for person in _told(each.name, here, side, deadline.owner):
                    mine = pauses.get((_about(deadline), person.pk))
                    if deadline.legal or mine is None or not mine.is_quiet(self.today, deadline.due_on):
                        yield Reminder(deadline, each.name, person, True, rule, whose, words, why, on)

    def _skipped_of_others(self, deadline: Deadline, rule: Rule, step: Step) -> list[tuple[Step, str, date]]:
        after = self._silent_after(deadline)
        if after >= self.today:
            return []
        steps = steps_for_others(self.today, deadline.due_on, rule, self.holidays)
        return [(each, why_skipped(each, step), each.since) for each in skipped(steps, step, after)]

    def _step_for_others(self, deadline: Deadline) -> Step | None:
        rule, _ = self._rule(deadline, None)
        key = (deadline.due_on, rule, None)
        if key not in self._others:
            self._others[key] = step_for_others(self.today, deadline.due_on, rule, self.holidays)
        return self._others[key]


def _told(
    step: str, leads: "Sequence[tuple[PartnershipRole, Person]]", side: PartnershipRole | None, owner: "Person"
) -> "set[Person]":
    """Whom a step tells: at first the lead of the owner's side, or every lead where that is the owner or nobody."""
    others = [(role, person) for role, person in leads if person != owner]
    first = {person for role, person in others if role == side}
    return first if step == ONE_LEAD and first else {person for _, person in others}


_Pauses = dict[tuple[str, int], ReminderPause]


def _about(deadline: Deadline) -> str:
    return deadline.about or deadline.key


def _pauses(some: Sequence[Deadline]) -> _Pauses:
    keys = {key for deadline in some for key in (deadline.key, _about(deadline))}
    return {(row.deadline, row.person_id): row for row in ReminderPause.objects.open().filter(deadline__in=keys)}


def _leads(partnerships: set[int]) -> "dict[int, list[tuple[PartnershipRole, Person]]]":
    members = Member.objects.current().filter(
        partnership__in=partnerships, role__in=deadlines.BOTH_LEADS, person__is_active=True
    )
    found: dict[int, list[tuple[PartnershipRole, Person]]] = {}
    for member in members.select_related("person").order_by("pk"):
        found.setdefault(member.partnership_id, []).append((PartnershipRole(member.role), member.person))
    return found


def _sides(organisations: "set[int | None]") -> dict[int | None, PartnershipRole | None]:
    """The lead on each organisation's side; None for one that is on neither."""
    kinds = Organisation.objects.filter(pk__in=[pk for pk in organisations if pk]).values_list("pk", "kind")
    return {pk: LEAD_OF.get(SECTOR_OF[OrganisationKind(kind)]) for pk, kind in kinds.order_by()}


def milestones_due(last: date) -> Iterable[Deadline]:
    """Open milestones due on or before `last`, whose owner is still in the partnership. One query."""
    members = Member.objects.current().filter(partnership=OuterRef("partnership"), person=OuterRef("owner"))
    moves = MilestoneMove.objects.filter(milestone=OuterRef("pk")).order_by("-moved_at")
    rows = (
        Milestone.objects.asked_for()
        .filter(Exists(members), due_on__lte=last)
        .annotate(moved_at=Subquery(moves.values("moved_at")[:1]))
        .select_related("owner", "partnership")
    )
    for row in rows.iterator(chunk_size=500):
        assert row.owner
        path = reverse("partnerships:milestone", args=[row.partnership.public_id, row.public_id])
        firm = row.kind in MADE_BY_DECISIONS
        yield Deadline(
            f"milestone:{row.public_id}", row.title, row.due_on, row.owner, row.partnership, path, firm,
            kind=CONDITIONS if firm else "partnerships.milestones",
            since=latest_day(row.created_at, row.moved_at),  # type: ignore[attr-defined]
        )  # fmt: skip
