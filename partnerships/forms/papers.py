"""Forms about the memorandum and the budget, and the one that asks for a reason."""

from decimal import Decimal
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from partnerships.models import BudgetHeading


class MemorandumForm(PortalForm):
    button = "Save as the next version"
    versioned = True
    purpose = forms.CharField(
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text="Why the partnership exists and what it wants to reach. A memorandum is not a contract.",
    )
    how_we_work = forms.CharField(
        label="How we work together",
        max_length=10000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Roles, how decisions are made, meetings, money, data, disputes, and how a partner leaves.",
    )
    review_on = forms.DateField(label="Review date", help_text="For example, 27/3/2028.")


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
