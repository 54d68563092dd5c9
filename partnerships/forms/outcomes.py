"""Forms about national outcomes."""

from collections.abc import Sequence
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.models import Outcome


class OutcomeSetForm(PortalForm):
    button = "Add the set"
    name = forms.CharField(max_length=150, help_text="For example, National Performance Framework.")
    version_name = forms.CharField(label="Version", max_length=40, help_text="The year or the number it goes by.")
    in_force_from = forms.DateField(
        label="In force from", help_text="From this day partnerships choose from it. For example, 1/4/2027."
    )
    source = forms.URLField(label="Link to its source", max_length=300, required=False, assume_scheme="https")
    outcomes = forms.CharField(
        max_length=15000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="One outcome on each line. If it follows earlier ones, name them: Care (was: Health; Communities).",
    )
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}))


class EditOutcomeSetForm(OutcomeSetForm):
    button = "Save"
    versioned = True


class ChooseOutcomesForm(PortalForm):
    button = "Save the outcomes"
    versioned = True
    outcomes = forms.MultipleChoiceField(label="National outcomes", widget=forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, offered: Sequence[Outcome], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["outcomes"].choices = [(one.public_id, one.name) for one in offered]  # type: ignore[attr-defined]
