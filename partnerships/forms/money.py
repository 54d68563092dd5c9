"""Forms about funds, their instalments, and what of a budget line goes to which partner."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from partnerships.models import Partner
from partnerships.money import NOTHING, Certainty, FundKind

IN_KIND = "in_kind"


class FundForm(PortalForm):
    button = "Add the fund"
    source = forms.CharField(label="Who gives it", max_length=200, help_text="For example, the name of the trust.")
    kind = forms.ChoiceField(choices=[("", "Choose one"), *FundKind.choices])
    comes_as = forms.ChoiceField(
        label="Cash or in kind",
        choices=[("cash", "Cash"), (IN_KIND, "In kind: help instead of money")],
        widget=forms.RadioSelect,
        initial="cash",
    )
    amount = AmountField(
        label="Amount (£)", min_value=Decimal("0.01"), help_text="For example, 12,500. In kind: what it is worth."
    )
    what = forms.CharField(label="In kind: what it is", max_length=300, required=False)
    valued_how = forms.CharField(
        label="In kind: how its worth was worked out",
        max_length=500,
        required=False,
        help_text="For example, 40 days at £180, the cost of a temporary worker.",
    )
    certainty = forms.ChoiceField(
        label="Confirmed or hoped for",
        choices=Certainty.choices,
        widget=forms.RadioSelect,
        help_text="What is only hoped for is shown, and not counted as promised.",
    )
    from_on = forms.DateField(label="From", help_text="For example, 1/4/2027.")
    until_on = forms.DateField(label="Until", help_text="Its last day.")
    conditions = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}), help_text="What the giver asks for."
    )

    def values(self) -> dict[str, Any]:
        values = super().values()
        return values | {"in_kind": values.pop("comes_as") == IN_KIND}


class EditFundForm(FundForm):
    button = "Save"
    versioned = True


class InstalmentForm(PortalForm):
    button = "Plan the instalment"
    due_on = forms.DateField(label="Due date", help_text="For example, 27/3/2027.")
    amount = AmountField(label="Amount (£)", min_value=Decimal("0.01"), help_text="For example, 12,500.")
    condition = forms.CharField(
        max_length=500, required=False, help_text="What has to be done first, for example “the first report is in”."
    )
    return_for = forms.TypedChoiceField(
        label="Tied to the return for",
        required=False,
        coerce=date.fromisoformat,
        empty_value=None,
        help_text="It can then be received only after it is released, and released once that return is accepted.",
    )

    def __init__(self, *args: Any, returns: Iterable[tuple[date, str]] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        periods = [(period.isoformat(), name) for period, name in returns]
        if tied_to := self.initial.get("return_for"):  # it may be one that is not planned any more
            gone = [(tied_to.isoformat(), f"{tied_to:%B %Y}")] if tied_to.isoformat() not in dict(periods) else []
            periods = [*gone, *periods]
        self.fields["return_for"].choices = [("", "No return"), *periods]  # type: ignore[attr-defined]
        if not periods:
            del self.fields["return_for"]


class EditInstalmentForm(InstalmentForm):
    button = "Save"
    versioned = True


class ReceiveForm(PortalForm):
    button = "Record that it has arrived"
    versioned = True
    received_on = forms.DateField(label="Day it arrived", help_text="For example, 27/3/2027.")


class ReleaseForm(PortalForm):
    button = "Release it"
    versioned = True


class ReleaseAnywayForm(PortalForm):
    button = "Release it all the same"
    versioned = True
    danger = True
    reason = forms.CharField(
        max_length=1000,
        widget=forms.Textarea,
        help_text="Your name stands with it. Everyone in the partnership reads it.",
    )


class TakeBackForm(PortalForm):
    button = "Take the receipt back"
    versioned = True
    reason = forms.CharField(max_length=500, widget=forms.Textarea, help_text="Everyone in the partnership reads it.")


class AllocationForm(PortalForm):
    """A field for each partner, named by its public id; an empty one is no part."""

    button = "Save the allocations"
    versioned = True

    def __init__(self, *args: Any, partners: Iterable[Partner], held: dict[str, Decimal], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for partner in partners:
            self.fields[partner.public_id] = AmountField(
                label=f"{partner} (£)", required=False, min_value=NOTHING, initial=held.get(partner.public_id)
            )

    def values(self) -> dict[str, Any]:
        return {"amounts": {key: amount for key, amount in super().values().items() if amount is not None}}
