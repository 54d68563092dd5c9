"""The forms of saved views."""

from django import forms

from foundation.forms.base import PortalForm


class SaveViewForm(PortalForm):
    button = "Save the view"
    name = forms.CharField(max_length=60, help_text="For your own list, for example “Late pilots in Fife”.")
    is_default = forms.BooleanField(label="Open “Partnerships” with this view", required=False)


class RenameViewForm(PortalForm):
    button = "Rename the view"
    name = forms.CharField(max_length=60)
