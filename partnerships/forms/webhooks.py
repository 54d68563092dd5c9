"""The form that adds a webhook."""

from django import forms

from foundation.forms.base import PortalForm


class WebhookForm(PortalForm):
    name = forms.CharField(
        label="Name", max_length=80, help_text="For yourselves: the channel or program, for example “Team chat”."
    )
    address = forms.CharField(
        label="Address",
        max_length=500,
        help_text="The address that the other program gave you. It begins with https:// and is a key: keep it secret.",
    )
    button = "Add the webhook"
