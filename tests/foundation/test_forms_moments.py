"""Moments: a day without a time is refused, and what people write, and the portal prints, is read."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django import forms
from django.conf import settings
from django.template import Context, Template

from foundation.database.clock import local
from foundation.forms.base import PortalForm
from foundation.forms.moments import ADD_THE_TIME, CLOCKS_CHANGE, Moment


class Asked(PortalForm):
    due = Moment(label="Deadline", required=False)


def read(typed):
    """The moment that was read, or the message beside the field."""
    form = Asked({"due": typed})
    return form.cleaned_data["due"] if form.is_valid() else form.errors["due"][0]


@pytest.mark.parametrize(
    "typed",
    ["25/02/2027", "25/2/2027", " 25/2/2027 ", "25/2/27", "11 Feb 2027", "25 February 2027", "25.2.2027", "25.2.27",
     "2027-02-25", "20270225", "2027-W08-4", "25 February 2027,"],
)  # fmt: skip
def test_a_day_without_a_time_is_refused_and_told_what_to_add(typed):
    assert read(typed) == ADD_THE_TIME == "Add the time, for example 27/3/2027 14:30"


@pytest.mark.parametrize(
    "typed",
    ["27/3/2027 14:30", "27/03/27 14:30", "27/3/2027 14.30", "27/3/2027, 14:30", "27/3/2027 at 14:30",
     "27.3.2027 14.30", "27.3.27 14:30", "27 March 2027 14:30", "27 March 2027, 14:30", "27 March 2027 at 14:30",
     "27 Mar 2027 AT 2.30pm",
     "27 march 2027 2:30 pm", "27 March 2027 at 2:30 p.m.", "2027-03-27 14:30", "2027-03-27T14:30", "27 Mar 2027,14:30",
     "2027-03-27T14:30:00Z", "27 March 2027 at 14:30:00 GMT", "27  March  2027   14:30"],
)  # fmt: skip
def test_a_moment_is_read_however_it_is_written(typed):
    assert read(typed) == datetime(2027, 3, 27, 14, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "hour"),
    [("5pm", 17), ("5 PM", 17), ("12pm", 12), ("12am", 0), ("9am", 9), ("noon", 12), ("12 noon", 12), ("11.00am", 11)],
)
def test_hours_of_half_a_day_are_read(typed, hour):
    assert read(f"25 February 2027 at {typed}") == datetime(2027, 2, 25, hour, tzinfo=UTC)


@pytest.mark.parametrize("month", [2, 8])
def test_every_way_the_portal_prints_a_moment_can_be_typed_in_again(month):
    moment = datetime(2027, month, 25, 11, tzinfo=UTC)
    short = Template("{{ m }} | {{ m|date }}, {{ m|date:'H:i' }} | {{ m|date:'j F Y, H:i' }}").render(
        Context({"m": moment})
    )
    for printed in (local(moment), *short.split(" | ")):
        assert read(printed) == moment, printed


@pytest.mark.parametrize(
    "typed", ["noon", "25 February 2027 at 14:30pm", "25 February 2027 12", "31/2/2027 12:00", "x" * 99]
)
def test_what_is_no_moment_is_told_an_example(typed):
    assert read(typed) == "Enter the deadline as day, month, year and time, for example 27/3/2027 14:30"


def test_a_time_in_the_other_half_of_the_year_is_no_guess():
    assert read("25 August 2027 12:00 GMT") == "On that day Scottish time is BST. Leave out “GMT”."
    assert read("25 August 2027 12:00 BST") == datetime(2027, 8, 25, 11, tzinfo=UTC)


@pytest.mark.parametrize("typed", ["31/10/2027 01:30", "28 March 2027 at 1.30am"])
def test_an_hour_that_is_skipped_or_repeated_is_refused(typed):
    assert read(typed) == CLOCKS_CHANGE


def test_nothing_stays_nothing_and_an_untouched_moment_is_no_change():
    assert read("") is None
    kept = datetime(2027, 3, 27, 14, 30, tzinfo=UTC)
    assert not Asked({"due": "27/03/2027 14:30"}, initial={"due": kept}).has_changed()


def test_seconds_that_somebody_typed_are_shown_again():
    form = Asked(initial={"due": datetime(2027, 7, 27, 22, 59, 59, tzinfo=UTC)})
    assert form["due"].value() == "27/07/2027 23:59:59"
    assert not Asked({"due": form["due"].value()}, initial=form.initial).has_changed()


def test_no_form_of_the_portal_takes_a_moment_any_other_way():
    root = Path(settings.BASE_DIR)
    found = [
        path.relative_to(root)
        for app in ("accounts", "foundation", "lessons", "partnerships", "pilots", "procurement", "psp_portal")
        for path in (root / app).rglob("*.py")
        if "forms.DateTimeField(" in path.read_text() or "SplitDateTimeField(" in path.read_text()
    ]
    assert not found, "use foundation.forms.moments.Moment: Django's own field takes a day for its midnight"


@pytest.mark.parametrize("typed", ["3.2.27", "3.2.2027", "3/2/2027", "3 Feb 2027"])
def test_dates_are_read_with_dots_too(typed):
    assert f"{forms.DateField().to_python(typed):%-d %B %Y}" == "3 February 2027"
