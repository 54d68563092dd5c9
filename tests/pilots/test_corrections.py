"""Correcting an accepted return: a new version with a reason, by two people; only the newest accepted one counts."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.roles import PartnershipRole
from pilots.actions.corrections import begin_correction, drop_correction
from pilots.actions.returns import accept, return_with_note, submit
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, PilotPlan
from pilots.sources import Source
from pilots.standing import spent_before, standing_of
from pilots.waiting import returns_due, returns_to_fill_in
from tests.factories.partnerships import PartnerFactory, person_as
from tests.factories.pilots import (
    IndicatorFactory,
    ReturnFactory,
    StoryFactory,
    ValueFactory,
    the_two_sides,
    whole_entry,
)
from tests.reading import text

pytestmark = pytest.mark.django_db

LOGGERS = {PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD, PartnershipRole.PARTNER_MANAGER}
IN_DECEMBER = datetime(2026, 12, 20, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _december():
    with clock.at(IN_DECEMBER):
        yield


@pytest.fixture
def row():
    """October 2026, accepted: 8 starts, £10,400 of £10,000."""
    row = ReturnFactory(accepted=True)
    indicator = IndicatorFactory(partnership=row.partnership, code="R1", drawn_from=Source.NEW_STARTS)
    ValueFactory(monthly_return=row, indicator=indicator, amount=8)
    row.breakdown.create(dimension="sex", category="female", count=5)
    row.receipts.create(partner=PartnerFactory(partnership=row.partnership), received=True)
    return row


@pytest.fixture
def sides(row):
    return the_two_sides(row.partnership)


def starts(partnership):
    return standing_of(partnership).indicators[0].result


def test_s27_the_correction_counts_once_a_second_person_accepts_it_and_the_old_one_stays_readable(row, sides):
    third, public = sides
    new = begin_correction(monthly_return=row, reason="Two starts were counted twice.", by=third)
    assert (new.revision, new.state, new.entry()) == (2, ReturnState.DRAFT, row.entry())
    submit(monthly_return=new, entry=whole_entry(new_starts=6, active_at_end=31), by=third)
    assert (starts(row.partnership), standing_of(row.partnership).corrected) == (8, []), "not accepted yet"
    new.refresh_from_db()
    with pytest.raises(NotPermitted, match="A second person has to accept it"):
        accept(monthly_return=new, by=_both(third, row))
    accept(monthly_return=new, by=public)
    assert (starts(row.partnership), standing_of(row.partnership).corrected) == (6, ["October 2026"])
    row.refresh_from_db()
    assert (row.state, row.new_starts, row.values.get().amount) == (ReturnState.SUPERSEDED, 8, 8)
    told = AuditEvent.objects.order_by("seq").filter(outcome="allowed").values_list("summary", "reason")
    assert list(told) == [
        ("began a correction of the return for October 2026", "Two starts were counted twice."),
        ("submitted the correction of the return for October 2026", ""),
        ("accepted the correction of the return for October 2026", ""),
    ]


def _both(person, row):
    row.partnership.members.create(person=person, role=PartnershipRole.PUBLIC_LEAD, joined_on=date(2026, 4, 1))
    return person


def test_a_correction_can_be_sent_back_and_corrected_again_later(row, sides):
    third, public = sides
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    submit(monthly_return=new, by=third)
    new.refresh_from_db()
    return_with_note(monthly_return=new, note="Which figure?", by=public)
    submit(monthly_return=new, by=third)
    accept(monthly_return=new, by=public)
    third_version = begin_correction(monthly_return=new, reason="Still wrong.", by=third)
    assert (third_version.revision, third_version.corrects) == (3, new)


def test_a_correction_is_as_late_as_what_it_corrects_and_reminds_nobody(row, sides):
    third, _ = sides
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    assert not new.is_late
    assert list(returns_due(date(2030, 1, 1))) == []
    assert [item.title for item in returns_to_fill_in(third)] == ["Fill in the correction for October 2026"]
    submit(monthly_return=new, by=third)
    new.refresh_from_db()
    assert (new.first_submitted_on, new.is_late) == (row.first_submitted_on, row.is_late)


def test_no_page_calls_a_correction_late_or_gives_it_a_due_date(client, row, sides):
    third, _ = sides
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    assert [item.due_on for item in returns_to_fill_in(third)] == [None]
    client.force_login(third)
    tasks = text(client.get(reverse("accounts:tasks")))
    assert "Fill in the correction for October 2026" in tasks
    assert "Late:" not in tasks
    pilot = reverse("pilots:pilot", args=[row.partnership.public_id])
    assert "No due date" in text(client.get(pilot))
    assert "Not due yet" not in text(client.get(pilot))
    for name in ("return", "return_fill_in"):
        page = text(client.get(address(row, name)))
        assert "A correction has no due date." in page, name
        assert "Due on" not in page, name
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    assert "A correction has no due date." in text(client.get(address(row, "return_fill_in")))
    submit(monthly_return=new, entry=whole_entry(safeguarding=0, incidents=0), by=third)
    assert "What it corrects was due on" in text(client.get(address(row)))
    assert "On time" in text(client.get(pilot))


def test_the_years_spend_counts_a_corrected_month_once(row, sides):
    third, _ = sides
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    submit(monthly_return=new, entry=whole_entry(actual=Decimal(10_100)), by=third)
    november = ReturnFactory(partnership=row.partnership, period=date(2026, 11, 1))
    assert spent_before(november) == (10_100, 10_000)
    assert november.before() == new


@pytest.mark.parametrize("role", sorted(set(PartnershipRole) - LOGGERS))
def test_correcting_is_refused_to_other_roles(row, role):
    with pytest.raises(NotPermitted, match="You may not log the pilot's progress"):
        begin_correction(monthly_return=row, reason="Wrong.", by=person_as(role, row.partnership))
    assert MonthlyReturn.objects.count() == 1


@pytest.mark.parametrize("state", [{}, {"draft": True}, {"submitted": True}, {"returned": True}])
def test_only_an_accepted_return_is_corrected(state):
    row = ReturnFactory(**state)
    third, _ = the_two_sides(row.partnership)
    with pytest.raises(NotNow, match="Only an accepted return is corrected"):
        begin_correction(monthly_return=row, reason="Wrong.", by=third)


def test_one_correction_at_a_time_with_a_reason_and_from_a_fresh_page(row, sides):
    third, public = sides
    with pytest.raises(ValidationError):
        begin_correction(monthly_return=row, reason=" ", by=third)
    with pytest.raises(NotNow, match="changed this"):
        begin_correction(monthly_return=row, reason="Wrong.", by=third, version=99)
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    with pytest.raises(NotNow, match="Somebody has begun a correction"):
        begin_correction(monthly_return=row, reason="Wrong.", by=third)
    submit(monthly_return=new, by=third)
    accept(monthly_return=new, by=public)
    with pytest.raises(NotNow, match="has replaced this return already"):
        begin_correction(monthly_return=row, reason="Wrong.", by=third)
    assert MonthlyReturn.objects.count() == 2


def test_a_correction_nobody_needs_is_dropped_with_its_rows_and_the_accepted_one_stays(row, sides):
    third, _ = sides
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    drop_correction(monthly_return=new, by=third)
    row.refresh_from_db()
    assert (MonthlyReturn.objects.get(), row.state, row.breakdown.count()) == (row, ReturnState.ACCEPTED, 1)
    assert AuditEvent.objects.get(action="return.drop_correction").reason == "Wrong."


def test_dropping_is_refused_after_sending_to_returns_and_to_other_roles(row, sides):
    third, public = sides
    with pytest.raises(NotNow, match="This is a return"):
        drop_correction(monthly_return=row, by=third)
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    with pytest.raises(NotPermitted):
        drop_correction(monthly_return=new, by=public)
    submit(monthly_return=new, by=third)
    with pytest.raises(NotNow, match="so it stays"):
        drop_correction(monthly_return=new, by=third)


def test_a_story_is_shared_by_all_versions(row, sides):
    third, _ = sides
    StoryFactory(monthly_return=row)
    new = begin_correction(monthly_return=row, reason="Wrong.", by=third)
    assert new.story() == row.story() is not None


def test_the_database_refuses_two_accepted_versions_and_a_correction_without_a_reason(row):
    again = {"partnership": row.partnership, "revision": 2, "corrects": row}
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnFactory(accepted=True, correction_reason="Wrong.", **again)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReturnFactory(**again)


# Pages


def address(row, name="return", *more):
    return reverse(f"pilots:{name}", args=[row.partnership.public_id, row.period, *more])


def test_from_the_accepted_return_to_the_corrected_board_figure(client, row, sides):
    third, public = sides
    client.force_login(third)
    assert address(row, "return_correct") in text(client.get(address(row)))
    page = client.post(address(row, "return_correct"), {"reason": "Two were counted twice.", "version": "1"})
    assert page.status_code == 302
    assert "This is a correction." in text(client.get(address(row, "return_fill_in")))
    new = MonthlyReturn.objects.get(revision=2)
    submit(monthly_return=new, entry=whole_entry(new_starts=6, active_at_end=31), by=third)
    observer = person_as(PartnershipRole.OBSERVER, row.partnership)
    client.force_login(public)
    client.post(address(row, "return_accept"), {"version": str(MonthlyReturn.objects.get(revision=2).version)})
    client.force_login(observer)
    pilot = text(client.get(reverse("pilots:pilot", args=[row.partnership.public_id])))
    assert "The figures of October 2026 are corrected ones." in pilot
    newest = text(client.get(address(row)))
    assert "Two were counted twice." in newest
    assert address(row, "return_version", 1) in newest
    old = text(client.get(address(row, "return_version", 1)))
    assert "Version 1: Replaced by a correction." in old
    assert client.get(address(row, "return_version", 3)).status_code == 404


def test_dropping_from_the_page(client, row, sides):
    third, _ = sides
    begin_correction(monthly_return=row, reason="Wrong.", by=third)
    client.force_login(third)
    assert "Drop this correction" in text(client.get(address(row)))
    page = client.post(address(row, "correction_drop"), {"version": "1"}, follow=True)
    assert "The correction is dropped." in text(page)


@pytest.mark.parametrize("name", ["return_correct", "correction_drop"])
def test_who_reaches_the_correction_pages(client, row, name):
    client.force_login(person_as(PartnershipRole.THIRD_SECTOR_LEAD, ReturnFactory().partnership))
    assert client.get(address(row, name)).status_code == 404
    assert client.get(address(row, "return_version", 1)).status_code == 404
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    assert client.get(address(row, name)).status_code == 403
