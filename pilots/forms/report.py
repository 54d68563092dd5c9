"""From which month to which one a report of the pilot tells."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from foundation.forms.filters import FilterForm
from pilots.report import Range


class RangeForm(FilterForm):
    """A GET form: nothing is changed. What cannot be asked for is told beside its field, and the default is shown."""

    first = forms.ChoiceField(label="From", required=False)
    last = forms.ChoiceField(label="To", required=False)

    def __init__(self, *args: Any, months: Sequence[date], default: Range, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.default = default
        choices = [(f"{month:%Y-%m}", f"{month:%B %Y}") for month in months]
        for name in ("first", "last"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]
            self.fields[name].initial = f"{getattr(default, name):%Y-%m}"

    def clean(self) -> None:
        super().clean()
        if (found := self._asked()).last < found.first:
            self.add_error("last", "The last month cannot come before the first one. Choose a later one.")

    def range(self) -> Range:
        """What was asked for; the default before anything is, and for what cannot be."""
        return self._asked() if self.is_bound and self.is_valid() else self.default

    def _asked(self) -> Range:
        first, last = (self.cleaned_data.get(name) for name in ("first", "last"))
        return Range(
            date.fromisoformat(f"{first}-01") if first else self.default.first,
            date.fromisoformat(f"{last}-01") if last else self.default.last,
        )
