"""Working days, bank holidays and wall-clock times: by hand, by property, and the hours that clocks skip or repeat."""

from datetime import UTC, date, datetime, time, timedelta
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays.arithmetic import (
    add_working_days,
    end_of_days,
    end_of_period,
    is_working_day,
    working_days_until,
)
from foundation.workdays.bank_holidays import bank_holidays_of, easter_sunday
from foundation.workdays.models import Holiday, bank_holidays, holidays, holidays_by_scope
from foundation.workdays.wall_clock import SCOTLAND, comes_twice, days_later, end_of, exists, instant

DAYS = st.dates(date(2024, 1, 1), date(2045, 12, 31))
HOLIDAYS = frozenset(day for year in range(2024, 2047) for day in bank_holidays_of(year))
NONE: frozenset[date] = frozenset()


class TestPeriods:
    @pytest.mark.parametrize(
        ("action_on", "days", "ends_on"),
        [
            (date(2026, 11, 9), 10, date(2026, 11, 19)),
            (date(2026, 11, 12), 10, date(2026, 11, 23)),
            (date(2026, 11, 20), 10, date(2026, 12, 1)),  # St Andrew's Day
            (date(2026, 12, 23), 10, date(2027, 1, 5)),  # 2 January is a Saturday: Monday is its substitute
            (date(2027, 3, 16), 10, date(2027, 3, 29)),  # Good Friday; Easter Monday is a working day
            (date(2026, 7, 24), 10, date(2026, 8, 4)),
            (date(2026, 11, 9), 15, date(2026, 11, 24)),
            (date(2026, 8, 4), 30, date(2026, 9, 3)),
            (date(2026, 8, 3), 35, date(2026, 9, 7)),
            (date(2026, 11, 16), 15, date(2026, 12, 1)),
            (date(2026, 12, 18), 15, date(2027, 1, 5)),
            (date(2026, 11, 20), 30, date(2026, 12, 21)),
            (date(2026, 12, 2), 30, date(2027, 1, 5)),
            (date(2026, 6, 12), 2, date(2026, 6, 17)),  # Friday; Monday 15 June 2026 was proclaimed
            (date(2026, 11, 13), 2, date(2026, 11, 17)),  # Friday: Monday alone would be one working day
            (date(2026, 11, 13), 1, date(2026, 11, 16)),  # one day need not hold two
        ],
    )
    def test_by_hand(self, action_on, days, ends_on):
        assert end_of_period(action_on, days, HOLIDAYS | {date(2026, 6, 15)}) == ends_on

    def test_going_to_court_does_not_roll(self):
        assert end_of_days(date(2026, 11, 6), 30) == date(2026, 12, 6)  # a Sunday

    @given(DAYS, st.integers(1, 60))
    def test_a_period_ends_on_a_working_day_not_before_its_days(self, action_on, days):
        end = end_of_period(action_on, days, HOLIDAYS)
        assert is_working_day(end, HOLIDAYS)
        assert end >= action_on + timedelta(days=days)
        assert days == 1 or working_days_until(action_on, end, HOLIDAYS) >= 2

    @given(DAYS, st.integers(1, 40))
    def test_counting_undoes_adding(self, day, count):
        assert working_days_until(day, add_working_days(day, count, HOLIDAYS), HOLIDAYS) == count
        assert working_days_until(add_working_days(day, count, HOLIDAYS), day, HOLIDAYS) == -count

    @given(DAYS, st.integers(2, 40), st.sets(DAYS, max_size=5))
    def test_a_further_holiday_never_shortens(self, action_on, days, more):
        assert end_of_period(action_on, days, HOLIDAYS | more) >= end_of_period(action_on, days, HOLIDAYS)


class TestBankHolidays:
    @pytest.mark.parametrize(
        "easter", [date(2024, 3, 31), date(2026, 4, 5), date(2027, 3, 28), date(2038, 4, 25), date(2285, 3, 22)]
    )
    def test_easter(self, easter):
        assert easter_sunday(easter.year) == easter

    def test_2027_by_hand(self):
        assert sorted(bank_holidays_of(2027)) == [
            date(2027, 1, 1), date(2027, 1, 4), date(2027, 3, 26), date(2027, 5, 3), date(2027, 5, 31),
            date(2027, 8, 2), date(2027, 11, 30), date(2027, 12, 27), date(2027, 12, 28),
        ]  # fmt: skip

    def test_the_years_typed_earlier_are_the_same(self):
        typed = import_module("foundation.workdays.migrations.0002_scottish_bank_holidays")
        for year in typed.GOOD_FRIDAYS:
            assert bank_holidays_of(year) == typed.of_year(year)

    @given(st.integers(1900, 2199))
    def test_nine_weekdays_every_year(self, year):
        days = bank_holidays_of(year)
        assert len(days) == 9
        assert all(is_working_day(day, NONE) for day in days)


@pytest.mark.django_db
class TestTheTable:
    def test_it_reaches_from_2024_to_2040_with_the_one_off_day(self):
        days = bank_holidays()
        assert {day for day in HOLIDAYS if 2024 <= day.year <= 2040} <= days
        assert date(2026, 6, 15) in days

    def test_who_keeps_which_days(self):
        before = holidays()
        Holiday.objects.create(on=date(2027, 9, 20), name="September weekend")
        Holiday.objects.create(on=date(2027, 7, 19), name="Fair Monday", scope="organisation:one")
        assert holidays() - before == {date(2027, 9, 20)}
        assert date(2027, 9, 20) not in bank_holidays()
        found = holidays_by_scope()
        assert found["organisation:one"] - found[""] == {date(2027, 7, 19)}
        assert found[""] == holidays()


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


# Day, time on the wall, the first and the second instant (the same unless it comes twice). Sixty vectors: nights of
# both changes in five years, the quarter hours round them, and ordinary days of winter and summer.
SPRING, AUTUMN = date(2027, 3, 28), date(2026, 10, 25)
VECTORS = [
    # The night of spring: clocks go from 01:00 GMT to 02:00 BST.
    (SPRING, time(0, 0), "2027-03-28T00:00"), (SPRING, time(0, 30), "2027-03-28T00:30"),
    (SPRING, time(0, 45), "2027-03-28T00:45"), (SPRING, time(0, 59, 59), "2027-03-28T00:59:59"),
    (SPRING, time(1, 0), "2027-03-28T01:00"), (SPRING, time(1, 15), "2027-03-28T01:15"),
    (SPRING, time(1, 30), "2027-03-28T01:30"), (SPRING, time(1, 45), "2027-03-28T01:45"),
    (SPRING, time(1, 59, 59), "2027-03-28T01:59:59"), (SPRING, time(2, 0), "2027-03-28T01:00"),
    (SPRING, time(2, 30), "2027-03-28T01:30"), (SPRING, time(3, 0), "2027-03-28T02:00"),
    (SPRING, time(7, 0), "2027-03-28T06:00"), (SPRING, time(12, 0), "2027-03-28T11:00"),
    (SPRING, time(23, 59), "2027-03-28T22:59"), (date(2027, 3, 27), time(1, 30), "2027-03-27T01:30"),
    (date(2027, 3, 27), time(7, 0), "2027-03-27T07:00"), (date(2027, 3, 27), time(23, 59), "2027-03-27T23:59"),
    (date(2027, 3, 29), time(0, 0), "2027-03-28T23:00"), (date(2027, 3, 29), time(7, 0), "2027-03-29T06:00"),
    # The night of autumn: clocks go from 02:00 BST to 01:00 GMT.
    (AUTUMN, time(0, 0), "2026-10-24T23:00"), (AUTUMN, time(0, 30), "2026-10-24T23:30"),
    (AUTUMN, time(0, 59, 59), "2026-10-24T23:59:59"),
    (AUTUMN, time(1, 0), "2026-10-25T00:00", "2026-10-25T01:00"),
    (AUTUMN, time(1, 15), "2026-10-25T00:15", "2026-10-25T01:15"),
    (AUTUMN, time(1, 30), "2026-10-25T00:30", "2026-10-25T01:30"),
    (AUTUMN, time(1, 45), "2026-10-25T00:45", "2026-10-25T01:45"),
    (AUTUMN, time(1, 59, 59), "2026-10-25T00:59:59", "2026-10-25T01:59:59"),
    (AUTUMN, time(2, 0), "2026-10-25T02:00"), (AUTUMN, time(2, 30), "2026-10-25T02:30"),
    (AUTUMN, time(7, 0), "2026-10-25T07:00"), (AUTUMN, time(12, 0), "2026-10-25T12:00"),
    (AUTUMN, time(23, 59), "2026-10-25T23:59"), (date(2026, 10, 24), time(1, 30), "2026-10-24T00:30"),
    (date(2026, 10, 24), time(7, 0), "2026-10-24T06:00"), (date(2026, 10, 24), time(23, 59), "2026-10-24T22:59"),
    (date(2026, 10, 26), time(0, 0), "2026-10-26T00:00"), (date(2026, 10, 26), time(7, 0), "2026-10-26T07:00"),
    # The same nights of other years.
    (date(2024, 3, 31), time(1, 30), "2024-03-31T01:30"), (date(2025, 3, 30), time(1, 30), "2025-03-30T01:30"),
    (date(2026, 3, 29), time(1, 30), "2026-03-29T01:30"), (date(2028, 3, 26), time(1, 30), "2028-03-26T01:30"),
    (date(2024, 10, 27), time(1, 30), "2024-10-27T00:30", "2024-10-27T01:30"),
    (date(2025, 10, 26), time(1, 30), "2025-10-26T00:30", "2025-10-26T01:30"),
    (date(2027, 10, 31), time(1, 30), "2027-10-31T00:30", "2027-10-31T01:30"),
    (date(2028, 10, 29), time(1, 30), "2028-10-29T00:30", "2028-10-29T01:30"),
    (date(2028, 10, 29), time(1, 0), "2028-10-29T00:00", "2028-10-29T01:00"),
    (date(2028, 3, 26), time(2, 0), "2028-03-26T01:00"),
    # Ordinary days: New Year, leap day, midsummer, year ends.
    (date(2026, 1, 1), time(0, 0), "2026-01-01T00:00"), (date(2028, 2, 29), time(7, 0), "2028-02-29T07:00"),
    (date(2028, 2, 29), time(23, 59, 59), "2028-02-29T23:59:59"), (date(2026, 6, 21), time(0, 0), "2026-06-20T23:00"),
    (date(2026, 6, 21), time(7, 0), "2026-06-21T06:00"), (date(2026, 12, 31), time(23, 59, 59), "2026-12-31T23:59:59"),
    (date(2026, 11, 5), time(12, 0), "2026-11-05T12:00"), (date(2026, 8, 3), time(12, 0), "2026-08-03T11:00"),
    (date(2027, 4, 1), time(0, 30), "2027-03-31T23:30"), (date(2027, 7, 1), time(1, 30), "2027-07-01T00:30"),
    (date(2026, 12, 24), time(16, 0), "2026-12-24T16:00"), (date(2027, 1, 15), time(1, 30), "2027-01-15T01:30"),
]  # fmt: skip


class TestWallClock:
    def test_there_are_sixty_vectors(self):
        assert len(VECTORS) == 60

    @pytest.mark.parametrize("vector", VECTORS, ids=lambda v: f"{v[0]} {v[1]}")
    def test_by_hand(self, vector):
        day, at, first, second = vector if len(vector) == 4 else (*vector, vector[2])
        assert instant(day, at) == utc(first)
        assert instant(day, at, second=True) == utc(second)
        assert comes_twice(day, at) == (first != second)
        spring_night = day in (date(y, 3, d) for y, d in ((2024, 31), (2025, 30), (2026, 29), (2027, 28), (2028, 26)))
        assert exists(day, at) != (spring_night and at.hour == 1)

    @pytest.mark.parametrize(
        ("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 11, 28), 24), (date(2028, 2, 29), 24)]
    )
    def test_a_day_has_its_hours(self, day, hours):
        assert end_of(day) - instant(day, time(0)) == timedelta(hours=hours)

    def test_seven_days_before_is_the_same_time_on_the_wall(self):
        due = utc("2027-03-30T11:00")  # 12:00 in summer time
        assert days_later(due, -7) == utc("2027-03-23T12:00")  # 12:00 in winter time: an hour more than 7 × 24

    @given(DAYS, st.times())
    def test_whatever_exists_reads_back_as_it_was_typed(self, day, at):
        for second in (False, True):
            shown = instant(day, at, second=second).astimezone(SCOTLAND)
            assert (shown.replace(tzinfo=None) == datetime.combine(day, at)) == exists(day, at)

    @given(DAYS, st.times(), st.integers(-400, 400))
    def test_days_later_never_runs_backwards(self, day, at, days):
        start = instant(day, at)
        moved = days_later(start, days)
        assert abs((moved - start) - timedelta(days=days)) <= timedelta(hours=1)
