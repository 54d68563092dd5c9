"""Fields for figures as people type them. All may be left empty: the action says what a submission lacks."""

from typing import Any

from django import forms

MOST_PEOPLE = 1_000_000


class PeopleField(forms.IntegerField):
    """A whole number of people, 0 or more."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "ds_input--fixed-5"})
        super().__init__(required=False, min_value=0, max_value=MOST_PEOPLE, widget=widget, **kwargs)


class AmountField(forms.DecimalField):
    """A number of at most ten digits and two decimal places; “£” and the commas between thousands may be typed."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "ds_input--fixed-10"})
        super().__init__(required=False, max_digits=12, decimal_places=2, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("£").replace(",", "")
        return super().to_python(value)
