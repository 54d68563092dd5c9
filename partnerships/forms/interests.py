"""Forms about the register of interests."""

from django import forms

from foundation.forms.base import PortalForm


class InterestForm(PortalForm):
    button = "Declare the interest"
    nature = forms.CharField(
        label="Interest",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="What it is, for example “My wife is a trustee”. Everyone in the partnership can read it.",
    )
    organisation = forms.CharField(max_length=200, help_text="With which organisation, known to the portal or not.")
    since = forms.DateField(label="Date it began", help_text="For example, 27/3/2026.")


class EndInterestForm(PortalForm):
    button = "End the interest"
    versioned = True
    ended_on = forms.DateField(label="Date it ended", help_text="For example, 27/3/2026. The day itself still counts.")
