"""Figures as people type them."""

import re
from typing import Any

from django import forms

# Python also reads 1_000, 1e3 and the digits of other scripts; on a form each of these is a slip.
WRITTEN = re.compile(r"[+-]?£?[0-9,]*\.?[0-9]*")
# A comma stands before three digits; anywhere else it is somebody's decimal point, and 12,50 is not 1,250.
FIGURES = re.compile(r"[+-]?[0-9.,]+")
THOUSANDS = re.compile(r"[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")

COMMA_IS_NO_POINT = "Write pence after a full stop, and commas only between thousands, for example 1,250.50"
DECIMAL_COMMA = "Write decimals after a full stop, for example 3.5, and commas only between thousands"


class AmountField(forms.DecimalField):
    """A number of at most ten digits and two decimal places; “£” and the commas between thousands may be typed.

    `money` says whether it is a sum of money: only then is a slip explained with pence.
    """

    def __init__(self, *, money: bool = True, **kwargs: Any) -> None:
        self.money = money
        widget = forms.NumberInput(attrs={"class": "ds_input--fixed-10"})
        super().__init__(max_digits=12, decimal_places=2, widget=widget, **kwargs)

    def to_python(self, value: Any) -> Any:
        if isinstance(value, str):
            value = value.strip().removeprefix("£")
            if "," in value and FIGURES.fullmatch(value) and not THOUSANDS.fullmatch(value.lstrip("+-")):
                raise forms.ValidationError(COMMA_IS_NO_POINT if self.money else DECIMAL_COMMA)
            value = value.replace(",", "")
        return super().to_python(value)


def plainly_written(field: forms.Field, typed: Any) -> None:
    """ValidationError, in the field's own words, for a number that nobody writes like this."""
    if not WRITTEN.fullmatch(str(typed).strip()):
        raise forms.ValidationError(field.error_messages["invalid"], params={"value": typed})
