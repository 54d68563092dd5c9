"""The dates of tenders for calendars: the public ones for everybody in the partnership, the file's for the buyer."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from partnerships.calendars import CalendarDate
from partnerships.models import Partnership, held_by
from partnerships.roles import PartnershipRole
from procurement.lifecycle import TenderState
from procurement.models import Tender
from procurement.timetable import DEADLINE_FOR_BIDS, DEADLINE_FOR_QUESTIONS, LAST_DAY_FOR_ANSWERS

if TYPE_CHECKING:
    from accounts.models import Person

TOLD = "A date of the tender."


def tender_dates(person: "Person", partnerships: QuerySet[Partnership], first: date) -> Iterable[CalendarDate]:
    """Two queries: the tenders, and the roles of the reader."""
    since = timezone.make_aware(datetime.combine(first, time.min))
    recent = Q(deadline_at__gte=since) | Q(award__isnull=False) | Q(contract_starts_on__gte=first)
    rows = Tender.objects.filter(recent, partnership__in=partnerships).select_related("partnership", "award")
    rows = rows.annotate(extensions=Count("deadline_changes"), extended_at=Max("deadline_changes__moved_at"))
    mine = set(Tender.objects.for_buyer(person).filter(partnership__in=partnerships).values_list("pk", flat=True))
    officer_in = {pk for pk, roles in held_by(person).items() if PartnershipRole.PROCUREMENT_OFFICER in roles}
    for row in rows:
        buys = row.pk in mine
        for found in _dates(row, buys=buys, officer=buys and row.partnership_id in officer_in):
            found = found if buys else _for_the_public(found, row)
            if timezone.localdate(found.on) >= first if isinstance(found.on, datetime) else found.on >= first:
                yield found


def _dates(tender: Tender, *, buys: bool, officer: bool) -> Iterator[CalendarDate]:
    """A tender that is still being prepared is the buyer's own business; so are the days after the bids are opened."""
    public = tender.published_at is not None
    off = tender.state == TenderState.ABANDONED
    if public or buys:
        before_the_opening = (
            ("questions", tender.question_deadline_at, DEADLINE_FOR_QUESTIONS),
            ("answers", tender.last_answer_on, LAST_DAY_FOR_ANSWERS),
            ("bids", tender.deadline_at, DEADLINE_FOR_BIDS),
        )
        yield from (_date(tender, key, on, title, officer, off) for key, on, title in before_the_opening if on)
    if public and not off:
        yield _date(tender, "starts", tender.contract_starts_on, "The contract starts", mine=False, off=False)
    award = getattr(tender, "award", None)
    if award and buys:
        if award.signable_on and not award.signed_on:
            yield _date(tender, "signing", award.signable_on, "First day to sign the contract", officer, off)
        if award.notice_due_on and not award.notice_published_on:
            yield _date(tender, "award-notice", award.notice_due_on, "Award notice is due", officer, off)


def _date(tender: Tender, kind: str, on: date, title: str, mine: bool, off: bool) -> CalendarDate:
    return CalendarDate(
        key=f"tender:{tender.public_id}:{kind}",
        on=on,
        title=f"{title}: {tender.title}",
        told="A date of the tender. After this time it is too late." if isinstance(on, datetime) else TOLD,
        partnership=tender.partnership,
        page=("procurement:notice" if tender.published_at else "procurement:tender", [tender.public_id]),
        about=(tender.audit_scope, tender.public_id),
        changes=tender.version + tender.partnership.version,
        created_at=tender.created_at,
        mine=mine,
        main=True,
        cancelled=off,
    )


def _for_the_public(found: CalendarDate, tender: Tender) -> CalendarDate:
    """The date with a history of its notice only: when it was prepared, opened or judged is told to no bidder."""
    extensions: int = tender.extensions  # type: ignore[attr-defined]
    changed = [tender.extended_at, tender.abandoned_at]  # type: ignore[attr-defined]
    assert tender.published_at
    return replace(
        found,
        about=(tender.partnership.audit_scope, tender.public_id),
        changes=tender.partnership.version + extensions + found.cancelled,
        created_at=tender.published_at,
        moved_at=max(filter(None, changed), default=None),
    )
