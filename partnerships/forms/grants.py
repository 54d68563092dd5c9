"""The form of what is said of a grant."""

from typing import Any

from django import forms

from accounts.models import Organisation
from foundation.forms.base import PortalForm
from partnerships.grants import LONGEST_TITLE


class GrantForm(PortalForm):
    button = "Save"
    versioned = True
    funder: Any = forms.ModelChoiceField(
        Organisation.objects.none(), label="Who awarded it", to_field_name="public_id", empty_label="Choose one",
        help_text="An organisation of the register. It needs an org-id, or a charity or company number.",
    )  # fmt: skip
    recipient: Any = forms.ModelChoiceField(
        Organisation.objects.none(), label="Who receives it", to_field_name="public_id", empty_label="Choose one",
        help_text="The same holds for it.",
    )  # fmt: skip
    awarded_on = forms.DateField(label="Awarded on", help_text="For example, 27/3/2027.")
    title = forms.CharField(
        required=False, max_length=LONGEST_TITLE, help_text="Everybody can read it. Empty: the partnership’s title."
    )
    description = forms.CharField(
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What the money is for. Name no person. Empty: what the partnership says of its service.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        for name in ("funder", "recipient"):
            fields[name].queryset = Organisation.objects.standing()
