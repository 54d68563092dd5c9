"""The filter of the readable history."""

from django import forms

from foundation.forms.filters import FilterForm
from partnerships.story import StoryKind

OLDEST_FIRST = "oldest"


class StoryFilter(FilterForm):
    kind = forms.ChoiceField(choices=[("", "Everything"), *StoryKind.choices], required=False, label="What to tell")
    order = forms.ChoiceField(
        choices=[("", "Newest first"), (OLDEST_FIRST, "From the beginning")], required=False, label="Order"
    )

    def chosen(self, name: str) -> str:
        """What the address says, or "" where it says nonsense."""
        self.is_valid()
        return str(self.cleaned_data.get(name, ""))
