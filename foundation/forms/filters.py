"""The form above a list: a GET form with nothing to lose, rendered by a plain loop (`components/filters.html`).

A django-filter `FilterSet` uses it through `class Meta: form = FilterForm`.
"""

from typing import Any

from django import forms

from foundation.forms.defaults import EasyForm
from foundation.forms.widgets import QuickSelect

LONGEST_SEARCH = 100


def words_of(search: str) -> list[str]:
    """The words of a search box: each must be found. What is longer than anybody types is cut off."""
    return search[:LONGEST_SEARCH].split()


class FilterForm(EasyForm):
    """Its fields get the same hints and messages as a `PortalForm`'s, and select boxes that are quick to write."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ChoiceField) and type(field.widget) is forms.Select:
                widget = QuickSelect(attrs=field.widget.attrs, choices=field.widget.choices)
                widget.is_required = field.widget.is_required
                field.widget = widget
