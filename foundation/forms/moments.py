"""A day and a time in one box, read as people write them and as the portal prints them. A day alone is refused.

Django takes “25/2/2027” for the midnight at which that day begins, so a deadline would pass a day before anybody
meant it to. `psp_portal/formats/en_GB/formats.py` says how the day and the time are written once they are spelt out.
"""

import re
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils import timezone

from foundation.forms.defaults import EXAMPLE_MOMENT

ADD_THE_TIME = f"Add the time, for example {EXAMPLE_MOMENT}"
CLOCKS_CHANGE = "That night the clocks change, so this time happens twice or not at all. Choose another."
JOINED = re.compile(r"(?:,\s*|\s+)(?:at\s+)?", re.IGNORECASE)  # “25 February 2027, 12:00”, “… at 12:00”
ZONE = re.compile(r"\s+(GMT|BST)$", re.IGNORECASE)
NOON = re.compile(r"\s(?:12 )?noon$", re.IGNORECASE)
# A time with a stop for the colon, or of half a day. The space before it keeps “3.2.27” a date.
WITH_A_STOP = re.compile(r"\s(\d{1,2})\.(\d{2})$")
HALF_A_DAY = re.compile(r"\s(\d{1,2})(?:[:.](\d{2}))?\s?([ap])\.?m\.?$", re.IGNORECASE)


class Moment(forms.DateTimeField):
    """A Scottish local time; one that exists twice or never, when the clocks change, is refused in plain words."""

    def prepare_value(self, value: Any) -> Any:
        """A moment with seconds is shown with them, or saving the page again would move it."""
        value = super().prepare_value(value)
        return f"{value:%d/%m/%Y %H:%M:%S}" if isinstance(value, datetime) and value.second else value

    def to_python(self, value: Any) -> Any:
        if not isinstance(value, str):
            return super().to_python(value)
        text, zone = spelt_out(value)
        if is_a_day(text):
            raise forms.ValidationError(ADD_THE_TIME, code="no_time")
        try:
            found = super().to_python(text)
        except forms.ValidationError as error:
            if error.code != "ambiguous_timezone":
                raise
            raise forms.ValidationError(CLOCKS_CHANGE, code="clocks") from error
        if found and zone and (then := timezone.localtime(found).tzname()) != zone:
            raise forms.ValidationError(f"On that day Scottish time is {then}. Leave out “{zone}”.", code="zone")
        return found


def spelt_out(typed: str) -> tuple[str, str]:
    """`typed` as day, space and time by the 24-hour clock, and the time zone written after it (GMT, BST or none)."""
    text = JOINED.sub(" ", typed.strip())
    zone = ZONE.search(text)
    text = ZONE.sub("", text)
    text = NOON.sub(" 12:00", text)
    text = HALF_A_DAY.sub(_by_24_hours, text)
    return WITH_A_STOP.sub(r" \1:\2", text), zone[1].upper() if zone else ""


def _by_24_hours(found: re.Match[str]) -> str:
    hour, minutes, half = int(found[1]), found[2] or "00", found[3].lower()
    if not 1 <= hour <= 12:
        return found[0]  # “14:30pm” is a slip that only who typed it can mend
    return f" {hour % 12 + (12 if half == 'p' else 0)}:{minutes}"


def is_a_day(text: str) -> bool:
    """Whether a day was typed and nothing else, in any of the ways a date may be typed."""
    try:
        return bool(forms.DateField(required=False).to_python(text))
    except forms.ValidationError:
        pass
    try:
        return bool(date.fromisoformat(text))  # Django's own field takes every ISO form: “20270225”, “2027-W08-4”
    except ValueError:
        return False
