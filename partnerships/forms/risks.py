"""Forms of the register of risks."""

from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.forms.plan import OwnedForm
from partnerships.risk import Impact, Likelihood

CHOOSE = ("", "Choose one")


class ScoredForm(PortalForm):
    likelihood = forms.TypedChoiceField(coerce=int, choices=[CHOOSE, *Likelihood.choices])
    impact = forms.TypedChoiceField(
        coerce=int, choices=[CHOOSE, *Impact.choices], help_text="How bad it would be for people and for the service."
    )


class RequiredOwnerForm(OwnedForm):
    """An owner must be named: the deadline is theirs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["owner"]
        field.required = True
        field.choices = [("", "Choose a person"), *list(field.choices)[1:]]


class RiskForm(RequiredOwnerForm, ScoredForm):
    button = "Add the risk"
    title = forms.CharField(max_length=150, help_text="What may go wrong, for example “Two drivers leave at once”.")
    mitigation = forms.CharField(
        max_length=3000, widget=forms.Textarea, help_text="What is done so that it is less likely or less bad."
    )
    owner = forms.ChoiceField(help_text="This person watches it and is reminded to review it.")
    review_on = forms.DateField(label="Review date", help_text="For example, 27/3/2027.")
    field_order = ("title", "likelihood", "impact", "mitigation", "owner", "review_on")


class EditRiskForm(RiskForm):
    button = "Save"
    versioned = True


class ReviewRiskForm(ScoredForm):
    button = "Save the review"
    versioned = True
    note = forms.CharField(
        max_length=2000, widget=forms.Textarea, help_text="What you found. Everyone in the partnership can read it."
    )
    review_on = forms.DateField(label="Next review", help_text="For example, 27/3/2027.")
    field_order = ("note", "likelihood", "impact", "review_on")


class CloseRiskForm(PortalForm):
    button = "Close the risk"
    versioned = True
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea, help_text="Why nobody needs to watch it any more, or that it happened."
    )
