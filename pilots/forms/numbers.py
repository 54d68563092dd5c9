"""Fields for the figures of a pilot. All may be left empty: the action says what a submission lacks."""

from typing import Any

from django import forms

from foundation.forms.numbers import AmountField

MOST_PEOPLE = 1_000_000


class PeopleField(forms.IntegerField):
    """A whole number of people, 0 or more."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "ds_input--fixed-5"})
        super().__init__(required=False, min_value=0, max_value=MOST_PEOPLE, widget=widget, **kwargs)


class FigureField(AmountField):
    """A measured number, or a sum of `money`."""

    def __init__(self, *, money: bool = False, **kwargs: Any) -> None:
        super().__init__(money=money, required=False, **kwargs)
