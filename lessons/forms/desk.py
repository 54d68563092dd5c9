"""Forms of the desk: asking for a format without an account, and settling a request."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms

from foundation.forms.base import PortalForm
from lessons.models import RequestState
from partnerships.forms.ideas import OpenForm


class AskForm(OpenForm):
    button = "Send the request"

    wanted = forms.CharField(
        max_length=200,
        label="Format or language",
        help_text="For example: braille on paper, Polish, Gaelic, Easy Read, a recording on a disc.",
    )
    name = forms.CharField(max_length=100, required=False, label="Name")
    email = forms.EmailField(max_length=254, required=False, label="E-mail address")
    contact = forms.CharField(
        max_length=400,
        required=False,
        label="Another way to reach you",
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A telephone number or a postal address, if you have no e-mail or need it on paper.",
    )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout("wanted", "name", "email", "contact", self.trap(), "started", "form_token")
        return helper


class SettleForm(PortalForm):
    button = "Settle the request"
    versioned = True

    state = forms.ChoiceField(
        label="What became of it",
        choices=[choice for choice in RequestState.choices if choice[0] != RequestState.WAITING],
        widget=forms.RadioSelect,
    )
    supplier = forms.CharField(label="Supplier", max_length=150, required=False, help_text="Who made it.")
    cost = forms.DecimalField(label="Cost in pounds", max_digits=9, decimal_places=2, min_value=0, required=False)
    note = forms.CharField(
        label="Note",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Whoever asked is told, if they gave an e-mail address. Leave out who they are: it is kept.",
    )
