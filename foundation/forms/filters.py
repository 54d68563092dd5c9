"""The form above a list: a GET form with nothing to lose, rendered by a plain loop (`components/filters.html`).

A filter is a `ListFilter` with `class Meta: form = FilterForm`. One whose choices depend on the rows or on the reader
is a plain django-filter `FilterSet` with the same form.
"""

from typing import Any, TypeVar

import django_filters
from django import forms
from django_filters.widgets import BaseCSVWidget

from foundation.forms.defaults import EasyForm, put_at_ease
from foundation.forms.widgets import FixedChoices, QuickOrder, QuickSelect, QuickText

LONGEST_SEARCH = 100
Thing = TypeVar("Thing")


def words_of(search: str) -> list[str]:
    """The words of a search box: each must be found. What is longer than anybody types is cut off."""
    return search[:LONGEST_SEARCH].split()


class FilterForm(EasyForm):
    """Its fields get the same hints and messages as a `PortalForm`'s, and controls that are quick to write."""

    is_ready = False  # whether the class itself has such fields, so that a page need not make them

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.is_ready:
            for field in self.fields.values():
                field.widget = _quick(field.widget)

    def __getitem__(self, name: str) -> forms.BoundField:
        return forms.Form.__getitem__(self, name) if self.is_ready else super().__getitem__(name)


class _Filters(dict[str, django_filters.Filter]):
    """The filters of a class. Each page takes a copy of every one; what they hold is changed by nobody."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, django_filters.Filter]:
        return {name: _copy_of(each) for name, each in self.items()}


class _Fields(dict[str, forms.Field]):
    """The fields of such a form. What is of one page alone can be changed there; the list of choices is shared."""

    def __deepcopy__(self, memo: dict[int, Any]) -> dict[str, forms.Field]:
        return {name: _field_of(each) for name, each in self.items()}


def _field_of(each: forms.Field) -> forms.Field:
    mine, widget = _twin(each), _twin(each.widget)
    mine.widget, widget.attrs = widget, each.widget.attrs.copy()
    mine.error_messages, mine.validators = each.error_messages.copy(), each.validators[:]
    return mine


def _copy_of(each: django_filters.Filter) -> django_filters.Filter:
    mine = _twin(each)
    if mine.method is not None:
        mine.method = mine.method  # binds it to the copy, and so to the filter set of this page
    return mine


class ListFilter(django_filters.FilterSet):
    """Asks the same of everybody, so its form is made once for the class.

    django-filter makes filters, fields and a form class anew for each page, down to a copy of each label of each list:
    with the lists written out again that was a third of the portfolio.
    """

    @classmethod
    def get_filters(cls) -> dict[str, django_filters.Filter]:
        return _Filters(super().get_filters())

    def get_form_class(self) -> type[forms.Form]:
        kind = type(self)
        if kind not in _FORMS:
            _FORMS[kind] = _made_ready(super().get_form_class())
        return _FORMS[kind]


_FORMS: dict[type[ListFilter], type[forms.Form]] = {}


def _twin(each: Thing) -> Thing:
    """`copy.copy` of a plain object, without asking it how it would like to be copied."""
    mine: Thing = object.__new__(type(each))
    mine.__dict__.update(each.__dict__)
    return mine


def _made_ready(made: type[forms.Form]) -> type[forms.Form]:
    if issubclass(made, FilterForm):
        for name, field in made.base_fields.items():
            if isinstance(field, forms.ModelChoiceField):
                raise TypeError(f"{made.__name__}.{name} asks for rows, which change: make it a plain FilterSet")
            field.widget = _quick(field.widget)
            put_at_ease(name, field)
            if isinstance(field, forms.ChoiceField):
                # As django-filter does itself: its own setter would put the empty label in front once more.
                choices: Any = field.choices
                vars(forms.ChoiceField)["choices"].fset(field, FixedChoices(choices))
        made.base_fields = _Fields(made.base_fields)
        made.is_ready = True
    return made


def _quick(slow: forms.Widget) -> forms.Widget:
    """The quick widget that writes what `slow` would; any other shape stays as it is."""
    quick: forms.Widget
    if type(slow) is forms.TextInput:
        quick = QuickText(attrs=slow.attrs)
    elif type(slow) is forms.Select:
        quick = QuickSelect(attrs=slow.attrs, choices=slow.choices)
    elif isinstance(slow, BaseCSVWidget) and isinstance(slow, forms.Select):
        quick = QuickOrder(attrs=slow.attrs, choices=slow.choices)
    else:
        return slow
    quick.is_required = slow.is_required
    return quick
