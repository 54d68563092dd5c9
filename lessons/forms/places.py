"""Putting lessons in order with plain number fields: works without scripts, by keyboard, and on a phone."""

from collections.abc import Sequence
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from lessons.models import Lesson

LAST = 999


class PlacesForm(PortalForm):
    """A form that also asks for the place of each of `lessons`; no place leaves a lesson out."""

    def __init__(self, *args: Any, lessons: Sequence[Lesson], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lessons = lessons
        for place, lesson in enumerate(lessons, 1):
            self.fields[place_of(lesson)] = forms.IntegerField(
                label=f"Place of lesson {lesson.number}: {lesson}",
                initial=place,
                required=False,
                min_value=1,
                max_value=LAST,
                widget=forms.NumberInput(attrs={"class": "ds_input--fixed-4"}),
            )

    def in_order(self) -> list[Lesson]:
        """The lessons that have a place, by place; those with the same place in the order they were shown."""
        placed = [(self.cleaned_data.get(place_of(lesson)), lesson) for lesson in self.lessons]
        return [lesson for place, lesson in sorted(((p, x) for p, x in placed if p), key=lambda pair: pair[0])]

    def values(self) -> dict[str, Any]:
        """What was typed beside the places."""
        return {name: value for name, value in super().values().items() if not name.startswith("place_")}


def place_of(lesson: Lesson) -> str:
    return f"place_{lesson.number}"
