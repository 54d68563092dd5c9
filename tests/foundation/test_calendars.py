"""Calendar files, read again by two programs' own libraries: icalendar and vobject."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import icalendar
import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from foundation.calendars.ical import LONGEST_LINE, Event, calendar, escaped, folded

LONDON = ZoneInfo("Europe/London")
WRITTEN = datetime(2026, 5, 4, 8, 30, tzinfo=UTC)


def event(**changes) -> Event:
    plain = {
        "uid": "milestone:abc@psp.example",
        "on": date(2026, 10, 3),
        "summary": "Report",
        "description": "Words",
        "url": "https://psp.example/partnerships/abc/",
        "sequence": 3,
        "created_at": WRITTEN,
        "changed_at": WRITTEN,
    }
    return Event(**(plain | changes))


def file(*events: Event, name="My dates") -> str:
    return calendar(name, events, product="PSP portal")


def by_icalendar(written: str):
    return icalendar.Calendar.from_ical(written).walk("VEVENT")


def by_vobject(written: str):
    return vobject.readOne(written).vevent_list


def sundays(year: int) -> tuple[date, date]:
    """The last Sundays of March and October: worked out here once more, from the last days backwards."""
    march, october = date(year, 3, 31), date(year, 10, 31)
    return (
        march - timedelta(days=(march.weekday() + 1) % 7),
        october - timedelta(days=(october.weekday() + 1) % 7),
    )


def moments(year: int) -> list[datetime]:
    """Twelve instants of a year around both changes: UTC, as they are stored."""
    spring, autumn = (datetime.combine(day, datetime.min.time(), UTC) for day in sundays(year))
    steps = (-24 * 60, -1, 0, 59, 60, 61)
    return [day + timedelta(minutes=m) for day, m in [*((spring, m) for m in steps), *((autumn, m) for m in steps)]]


VECTORS = [moment for year in range(2025, 2030) for moment in moments(year)]


def test_there_are_sixty_vectors_with_the_hour_that_comes_twice():
    assert len(VECTORS) == 60
    assert sum(moment.astimezone(LONDON).fold for moment in VECTORS) == 10
    assert sundays(2026) == (date(2026, 3, 29), date(2026, 10, 25))


@pytest.mark.parametrize("read", [by_icalendar, by_vobject])
def test_every_instant_comes_back_as_the_same_instant_from_both_libraries(read):
    written = file(*(event(uid=str(n), on=moment) for n, moment in enumerate(VECTORS)))
    found = read(written)
    starts = [e.decoded("DTSTART") if read is by_icalendar else e.dtstart.value for e in found]
    assert [start.astimezone(UTC) for start in starts] == VECTORS


@pytest.mark.parametrize(
    ("moment", "line"),
    [
        (datetime(2026, 10, 9, 11, 0, tzinfo=UTC), "DTSTART;TZID=Europe/London:20261009T120000"),
        (datetime(2026, 11, 9, 12, 0, tzinfo=UTC), "DTSTART;TZID=Europe/London:20261109T120000"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), "DTSTART;TZID=Europe/London:20261025T013000"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), "DTSTART:20261025T013000Z"),
        (datetime(2027, 3, 28, 0, 59, tzinfo=UTC), "DTSTART;TZID=Europe/London:20270328T005900"),
        (datetime(2027, 3, 28, 1, 0, tzinfo=UTC), "DTSTART;TZID=Europe/London:20270328T020000"),
    ],
)
def test_scottish_time_is_written_and_the_second_of_two_equal_hours_in_utc(moment, line):
    assert f"\r\n{line}\r\n" in file(event(on=moment))


@pytest.mark.parametrize("day", [date(2026, 12, 31), date(2028, 2, 28), date(2027, 3, 28)])
def test_a_whole_day_ends_on_the_next_one_for_both_libraries(day):
    written = file(event(on=day))
    (one,), (two,) = by_icalendar(written), by_vobject(written)
    assert (one.decoded("DTSTART"), one.decoded("DTEND")) == (day, day + timedelta(days=1))
    assert (two.dtstart.value, two.dtend.value) == (day, day + timedelta(days=1))
    assert type(one.decoded("DTSTART")) is date


def test_the_zones_own_rules_give_the_offsets_of_the_zone_database():
    (zone,) = icalendar.Calendar.from_ical(file()).walk("VTIMEZONE")
    told = zone.to_tz(lookup_tzid=False)
    for moment in VECTORS:
        here = moment.astimezone(LONDON)
        if not here.fold and (here + timedelta(hours=1)).utcoffset() == here.utcoffset():
            assert told.utcoffset(here.replace(tzinfo=None)) == here.utcoffset(), here


def test_words_come_back_as_they_were_and_none_begins_a_line_of_its_own():
    summary = "Pay, sign; file \\n – Café\r\nSTATUS:CANCELLED"
    description = "First\nSecond, third\u2028BEGIN:VEVENT\x00"
    written = file(event(summary=summary, description=description), name="A;B,C")
    assert "\r\nSTATUS:CANCELLED" not in written
    assert written.count("\r\nBEGIN:VEVENT\r\n") == 1
    for one in (by_icalendar(written)[0]["SUMMARY"], by_vobject(written)[0].summary.value):
        assert str(one) == "Pay, sign; file \\n – Café\nSTATUS:CANCELLED"
    assert str(by_icalendar(written)[0]["DESCRIPTION"]) == "First\nSecond, third\nBEGIN:VEVENT"


def test_sequence_state_and_times_are_read_by_both():
    changed = datetime(2026, 6, 1, 9, 0, tzinfo=UTC)
    written = file(event(sequence=7, changed_at=changed, cancelled=True))
    (one,), (two,) = by_icalendar(written), by_vobject(written)
    assert (int(one["SEQUENCE"]), str(one["STATUS"])) == (7, "CANCELLED")
    assert (two.sequence.value, two.status.value) == ("7", "CANCELLED")
    assert one.decoded("LAST-MODIFIED") == one.decoded("DTSTAMP") == changed
    assert one.decoded("CREATED") == WRITTEN


@given(st.text(max_size=300))
def test_no_line_is_longer_than_75_octets_and_unfolding_gives_the_line_back(words):
    line = f"SUMMARY:{escaped(words)}"
    pieces = folded(line)
    assert all(len(piece.encode()) <= LONGEST_LINE for piece in pieces)
    assert pieces[0] + "".join(piece[1:] for piece in pieces[1:]) == line
    assert all(piece.startswith(" ") for piece in pieces[1:])
    assert "\n" not in line


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_both_libraries_read_any_words(words):
    plain = "\n".join(words.splitlines())
    written = file(event(summary=words))
    assert str(by_icalendar(written)[0]["SUMMARY"]) == plain
    assert len(by_vobject(written)) == 1
