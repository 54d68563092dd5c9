"""Forms of the register of issues."""

from django import forms

from foundation.forms.base import PortalForm
from partnerships.forms.risks import CHOOSE, RequiredOwnerForm
from partnerships.models import IssueImpact


class IssueForm(RequiredOwnerForm):
    button = "Open the issue"
    title = forms.CharField(max_length=150, help_text="What has happened, in a few words.")
    what_happened = forms.CharField(
        max_length=3000, widget=forms.Textarea, help_text="When, and what it means for people and for the service."
    )
    impact = forms.TypedChoiceField(coerce=int, choices=[CHOOSE, *IssueImpact.choices])
    owner = forms.ChoiceField(help_text="This person sees that it is settled, and is reminded.")
    due_on = forms.DateField(label="Date due", help_text="By when it should be settled. For example, 27/3/2027.")


class EditIssueForm(IssueForm):
    button = "Save"
    versioned = True


class RiskHappenedForm(IssueForm):
    button = "Close the risk and open the issue"
    versioned = True


class ResolveIssueForm(PortalForm):
    button = "Resolve the issue"
    versioned = True
    resolution = forms.CharField(max_length=2000, widget=forms.Textarea, help_text="How it was settled.")
