"""What waits for a person in tenders, and the dates an officer is reminded of."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone

from accounts.todo import Todo
from foundation.database import clock
from partnerships.deadlines import Deadline, latest_day
from partnerships.models import Member, held_by
from partnerships.roles import PartnershipRole
from procurement.lifecycle import Interest, TenderState
from procurement.models import Award, Bidder, Challenge, DeadlineChange, Debrief, PanelMember, Question, Tender
from procurement.models.tender import TenderQuerySet
from procurement.timetable import DEADLINE_FOR_BIDS, DEADLINE_FOR_QUESTIONS

if TYPE_CHECKING:
    from accounts.models import Person


def todos(person: "Person") -> list[Todo]:
    """Everything of a person's in tenders. At most five queries."""
    return [*_panel(person), *_officer(person), *_bidder(person)]


def _url(name: str, tender: Tender) -> str:
    return reverse(f"procurement:{name}", args=[tender.public_id])


def _panel(person: "Person") -> list[Todo]:
    members = (
        PanelMember.objects.of(person)
        .filter(tender__state=TenderState.EVALUATING, tender__quality_locked_at=None)
        .exclude(interest=Interest.CONFLICT)
        .select_related("tender")
    )
    return [
        Todo("Declare whether you have an interest", _url("declare", m.tender), None, m.tender.title)
        if m.interest == Interest.NONE
        else Todo("Score the bids", _url("scoring", m.tender), None, m.tender.title)
        for m in members
    ]


def _officer(person: "Person") -> list[Todo]:
    mine = _officer_tenders(person)
    if mine is None:
        return []
    waiting = (
        Question.objects.waiting().filter(tender__in=mine, tender__state=TenderState.OPEN).select_related("tender")
    )
    found = [
        Todo("Answer a bidder's question", reverse("procurement:answer", args=[q.tender.public_id, q.public_id]),
             q.tender.last_answer_on, q.tender.title)
        for q in waiting
    ]  # fmt: skip
    closed = mine.filter(state=TenderState.CLOSED)
    found += [Todo("Open the bids, with a second person", _url("opening", t), None, t.title) for t in closed]
    awards = Award.objects.filter(tender__in=mine).exclude(notice_due_on=None).filter(notice_published_on=None)
    found += [
        Todo("Publish the award notice", _url("award", award.tender), award.notice_due_on, award.tender.title)
        for award in awards.select_related("tender")
    ]
    return found


def _bidder(person: "Person") -> list[Todo]:
    """Own drafts that were not sent: only the bidder's own people ever see this."""
    drafts = (
        Bidder.objects.visible_to(person)
        .filter(tender__state=TenderState.OPEN, tender__deadline_at__gt=clock.now())
        .exclude(draft_saved_at=None)
        .exclude(bids__superseded_at=None, bids__withdrawn_at=None, bids__isnull=False)
        .select_related("tender")
        .distinct()
    )
    return [
        Todo(
            "Send your bid",
            _url("my_bid", b.tender),
            timezone.localdate(b.tender.deadline_at),
            b.tender.title,
            sealed=True,
        )
        for b in drafts
    ]


def _officer_tenders(person: "Person") -> TenderQuerySet | None:
    held = [pk for pk, roles in held_by(person).items() if PartnershipRole.PROCUREMENT_OFFICER in roles]
    return Tender.objects.for_buyer(person).filter(partnership__in=held) if held else None


def question_deadlines(last_day: date) -> Iterable[Deadline]:
    """The day of the deadline for questions, for each procurement officer. Two queries."""
    tenders = _open_tenders().filter(question_deadline_at__lt=_end_of(last_day))
    for tender, owner in _with_officers(tenders):
        assert tender.question_deadline_at is not None
        closing_on = timezone.localdate(tender.question_deadline_at)
        yield _deadline("questions", DEADLINE_FOR_QUESTIONS, tender, closing_on, owner, latest_day(tender.published_at))


def answers_due(last_day: date) -> Iterable[Deadline]:
    """The last day for answers, for each procurement officer, while a question waits. Two queries.

    It is due since the oldest of the questions that wait was asked, or since the last change of the deadline.
    """
    waits = Question.objects.waiting().filter(tender=OuterRef("pk")).order_by("created_at")
    asked = _open_tenders().filter(Exists(waits)).annotate(asked_at=Subquery(waits.values("created_at")[:1]))
    for tender, owner in _with_officers(_with_its_move(asked)):
        if tender.last_answer_on and tender.last_answer_on <= last_day:
            since = latest_day(tender.asked_at, tender.moved_at)  # type: ignore[attr-defined]
            yield _deadline("answers", "Answer the questions", tender, tender.last_answer_on, owner, since)


def tender_deadlines(last_day: date) -> Iterable[Deadline]:
    """The day of the deadline for bids, for each procurement officer. Two queries."""
    tenders = _with_its_move(_open_tenders().filter(deadline_at__lt=_end_of(last_day)))
    for tender, owner in _with_officers(tenders):
        assert tender.deadline_at is not None
        since = latest_day(tender.published_at, tender.moved_at)  # type: ignore[attr-defined]
        yield _deadline("bids", DEADLINE_FOR_BIDS, tender, timezone.localdate(tender.deadline_at), owner, since)


def award_notices(last_day: date) -> Iterable[Deadline]:
    """The day an award notice is due, until it is recorded. Two queries."""
    due = Tender.objects.filter(award__notice_due_on__lte=last_day, award__notice_published_on=None)
    for tender, owner in _with_officers(due.select_related("partnership", "award")):
        assert tender.award.notice_due_on is not None
        yield _deadline(
            "award-notice", "Publish the award notice", tender, tender.award.notice_due_on, owner,
            tender.award.signed_on, legal=True,
        )  # fmt: skip


def debriefs_due(last_day: date) -> Iterable[Deadline]:
    """The day a bidder's request for a debrief must be answered by. Three queries."""
    rows = list(
        Debrief.objects.filter(answered_on=None, due_on__lte=last_day).select_related(
            "letter__award", "letter__bid__bidder__organisation"
        )
    )
    tenders = Tender.objects.filter(pk__in={row.letter.award.tender_id for row in rows}).select_related("partnership")
    for tender, owner in _with_officers(tenders):
        for row in rows:
            if row.letter.award.tender_id == tender.pk:
                words = f"Debrief {row.letter.bid.organisation}"
                since = latest_day(row.created_at)
                yield _deadline(f"debrief:{row.public_id}", words, tender, row.due_on, owner, since, legal=True)


def signing_days(last_day: date) -> Iterable[Deadline]:
    """The first day a contract may be signed, until it is; none while a challenge forbids it. Two queries.

    It is known since the last letter went, or since the award without a standstill, and asked for again since the
    last challenge ended.
    """
    challenges = Challenge.objects.filter(award__tender=OuterRef("pk"))
    ended = challenges.order_by("-ended_on")
    due = Tender.objects.filter(
        ~Exists(challenges.filter(ended_on=None)), award__signable_on__lte=last_day, award__signed_on=None
    ).annotate(free_on=Subquery(ended.values("ended_on")[:1]))
    for tender, owner in _with_officers(due.select_related("partnership", "award")):
        award = tender.award
        assert award.signable_on is not None
        since = latest_day(award.decided_at, award.standstill_starts_on, tender.free_on)  # type: ignore[attr-defined]
        yield _deadline("signing", "Sign the contract", tender, award.signable_on, owner, since)


def _open_tenders() -> TenderQuerySet:
    return Tender.objects.filter(state=TenderState.OPEN, deadline_at__gt=clock.now()).select_related("partnership")


def _with_its_move(tenders: TenderQuerySet) -> TenderQuerySet:
    """With `moved_at`: when its deadline was extended last."""
    changes = DeadlineChange.objects.filter(tender=OuterRef("pk")).order_by("-moved_at")
    return tenders.annotate(moved_at=Subquery(changes.values("moved_at")[:1]))


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _with_officers(tenders: Iterable[Tender]) -> Iterable[tuple[Tender, "Person"]]:
    """Each tender with each procurement officer the buying authority employs."""
    found = list(tenders)
    officers = (
        Member.objects.current()
        .filter(partnership__in=[t.partnership_id for t in found], role=PartnershipRole.PROCUREMENT_OFFICER)
        .filter(person__organisation=F("partnership__public_lead"))
        .select_related("person")
    )
    by_partnership: dict[int, list[Person]] = {}
    for member in officers:
        by_partnership.setdefault(member.partnership_id, []).append(member.person)
    for tender in found:
        for person in by_partnership.get(tender.partnership_id, []):
            yield tender, person


def _deadline(
    kind: str, words: str, tender: Tender, due_on: date, owner: "Person", since: date | None, *, legal: bool = False
) -> Deadline:
    """Only what the law asks of the authority is told to a lead: the authority's own, for others may be bidders."""
    return Deadline(
        key=f"tender:{tender.public_id}:{kind}:{owner.public_id}",
        title=f"{words}: {tender}",
        due_on=due_on,
        owner=owner,
        partnership=tender.partnership,
        path=_url("tender", tender),
        legal=legal,
        leads=(PartnershipRole.PUBLIC_LEAD,) if legal else (),
        about=f"tender:{tender.public_id}:{kind}",
        since=since,
    )
