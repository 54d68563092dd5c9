"""Forms about debriefing bidders."""

from django import forms

from foundation.forms.base import PortalForm


class AskedForm(PortalForm):
    button = "Record the request"
    asked_on = forms.DateField(
        label="Arrived on", help_text="For example, 27/3/2027. The 15 days count from the day after."
    )


class AnswerForm(PortalForm):
    button = "Record the debrief"
    answered_on = forms.DateField(label="Given on")
    answer = forms.CharField(
        label="What the bidder was told", max_length=5000, widget=forms.Textarea,
        help_text="What was good, what could have been better, and why the winner was ahead.",
    )  # fmt: skip
