"""Controls that are written in one go. Django renders a template for each, and for every option of a list one more:
a filter of six fields cost as much as the fifty rows below it.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from html import escape
from typing import Any, Self

from django import forms
from django.utils.choices import BaseChoiceIterator
from django.utils.safestring import SafeString, mark_safe
from django_filters.widgets import BaseCSVWidget

from foundation.forms.markup import attributes

Pairs = tuple[tuple[str, str], ...]


class FixedChoices(BaseChoiceIterator):
    """The flat choices of a list that is the same for everybody: copies of a form share it, and it is written once."""

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        self.pairs = _pairs(choices)
        self.keys = frozenset(key for key, _ in self.pairs)

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self.pairs)

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self


def _pairs(choices: Iterable[tuple[Any, Any]]) -> Pairs:
    return tuple((str(key), str(label)) for key, label in choices)


def _options(pairs: Pairs, chosen: frozenset[str]) -> str:
    return "".join(
        f'<option value="{escape(key)}"{" selected" if key in chosen else ""}>{escape(label)}</option>'
        for key, label in pairs
    )


_fixed_options = lru_cache(maxsize=256)(_options)


class QuickSelect(forms.Select):
    """For flat lists of choices; what it writes is what Django's own select would."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        # Only what is on the list is remembered: an address may ask for anything.
        if isinstance(self.choices, FixedChoices):
            pairs = self.choices.pairs
            chosen = frozenset(self.format_value(value)) & self.choices.keys
            options = _fixed_options(pairs, chosen)
        else:
            options = _options(_pairs(self.choices), frozenset(self.format_value(value)))
        around = attributes({**self.attrs, "name": name, **(attrs or {})})
        return mark_safe(f"<select{around}>{options}</select>")  # noqa: S308  keys and labels are escaped


class QuickOrder(BaseCSVWidget, QuickSelect):
    """The list of an `OrderingFilter`; several orders at once, which only an address can ask for, become a text box."""


class QuickText(forms.TextInput):
    """A single-line box; what it writes is what Django's own would."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        given = {} if value in (None, "") else {"value": self.format_value(value)}
        about = {"type": self.input_type, "name": name, **given, **self.attrs, **(attrs or {})}
        return mark_safe(f"<input{attributes(about)}>")  # noqa: S308  `attributes` escapes
