"""Forms about the budget, and the one that asks for a reason."""

from decimal import Decimal
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from partnerships.models import BudgetHeading


class BudgetLineForm(PortalForm):
    button = "Save the line"
    versioned = True
    heading = forms.ChoiceField(choices=[("", "Choose a heading"), *BudgetHeading.choices])
    amount = AmountField(label="Amount (£)", min_value=Decimal("0.01"), help_text="For example, 12,500.")
    note = forms.CharField(max_length=200, required=False)


class ReasonForm(PortalForm):
    """A reason and a button: for what should not be done in silence."""

    reason = forms.CharField(max_length=500, widget=forms.Textarea)

    def __init__(self, *args: Any, button: str, **kwargs: Any) -> None:
        self.button = button
        super().__init__(*args, **kwargs)
