"""Forms around a return: planning returns, sending one back, correcting one, the consents to a story."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from pilots.models import Story
from pilots.models.story import CONSENTS
from pilots.periods import MOST_MONTHS, month_of

MOST_MARKS = 5


class PlanReturnsForm(PortalForm):
    button = "Plan the returns"
    first_month = forms.DateField(
        label="First month",
        input_formats=["%m/%Y", "%Y-%m", "%B %Y", "%d/%m/%Y", "%Y-%m-%d"],
        help_text="For example, 10/2026.",
        error_messages={"invalid": "Type a month and a year, for example 10/2026."},
        widget=forms.DateInput(format="%m/%Y"),
    )
    months = forms.IntegerField(
        label="How many months",
        min_value=1,
        max_value=MOST_MONTHS,
        widget=forms.NumberInput(attrs={"class": "ds_input--fixed-3"}),
        help_text="A month that has a return already keeps it.",
    )

    def clean_first_month(self) -> date:
        month: date = month_of(self.cleaned_data["first_month"])
        return month


class SendBackForm(PortalForm):
    button = "Send it back"
    versioned = True
    note = forms.CharField(
        label="What should be put right?",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="It is shown on top of the return and sent by e-mail to whoever submitted it.",
    )

    def __init__(self, *args: Any, fields: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        """`fields` are the names and labels of the return's own fields, any of which can be marked with a remark."""
        super().__init__(*args, **kwargs)
        for number in range(1, MOST_MARKS + 1):
            self.fields[f"field_{number}"] = forms.ChoiceField(
                label=f"Field {number}", required=False, choices=[("", "None"), *fields]
            )
            self.fields[f"remark_{number}"] = forms.CharField(
                label=f"Remark on field {number}", required=False, max_length=300
            )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        pairs = [
            Div(f"field_{number}", f"remark_{number}", css_class="psp_pair") for number in range(1, MOST_MARKS + 1)
        ]
        marks = Fieldset("Mark the fields you mean, each with a remark that is shown beside it", *pairs)
        helper.layout = Layout("form_token", "version", "note", marks)
        return helper

    def clean(self) -> dict[str, Any]:
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, MOST_MARKS + 1):
            field, remark = typed.get(f"field_{number}"), typed.get(f"remark_{number}")
            if remark and not field:
                self.add_error(f"field_{number}", "Choose the field this remark is about.")
            if field and not remark:
                self.add_error(f"remark_{number}", "Say what is wrong with this field.")
        marked = [typed.get(f"field_{number}") for number in range(1, MOST_MARKS + 1)]
        for number, name in enumerate(marked, start=1):
            if name and name in marked[: number - 1]:
                self.add_error(f"field_{number}", "This field is marked above already. Put both remarks there.")
        return typed

    def marks(self) -> dict[str, str]:
        typed = self.cleaned_data
        numbers = range(1, MOST_MARKS + 1)
        return {typed[f"field_{n}"]: typed[f"remark_{n}"] for n in numbers if typed[f"field_{n}"]}


class CorrectForm(PortalForm):
    button = "Begin the correction"
    versioned = True
    reason = forms.CharField(
        label="What was wrong?",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="The board reads it beside the corrected figures. Name no person.",
    )


class ConsentForm(PortalForm):
    button = "Save the consents"
    versioned = True

    def __init__(self, *args: Any, story: Story, **kwargs: Any) -> None:
        super().__init__(*args, version=story.version, **kwargs)
        for name, said in CONSENTS.items():
            label = said[0].upper() + said[1:]
            self.fields[name] = forms.BooleanField(label=label, required=False, initial=getattr(story, name))
