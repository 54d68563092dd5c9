"""Forms about how a pilot reports and is judged, the overall state a person sets, and the real Living Wage."""

from dataclasses import asdict
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from partnerships.health import Health
from pilots.models import PilotPlan
from pilots.periods import Rhythm
from pilots.rag import DEFAULT, Thresholds
from pilots.sections import ReturnForm


def _per_cent(label: str, help_text: str = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        min_value=Decimal(0),
        max_value=Decimal(1000),
        max_digits=5,
        decimal_places=1,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"class": "ds_input--fixed-5"}),
    )


class ReportingForm(PortalForm):
    button = "Save"
    versioned = True
    form = forms.ChoiceField(
        label="Form",
        choices=ReturnForm.choices,
        widget=forms.RadioSelect,
        help_text="The short form is enough for a small award: people, outcomes, money, what people say, a lesson.",
    )
    rhythm = forms.ChoiceField(
        label="How often the pilot reports",
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text="Returns that have begun stay as they are. Those of the future are planned anew.",
    )

    def __init__(self, *args: Any, plan: PilotPlan, **kwargs: Any) -> None:
        initial = {"form": plan.form, "rhythm": plan.rhythm}
        super().__init__(*args, initial=initial, version=plan.version, **kwargs)


class ThresholdsForm(PortalForm):
    button = "Save the thresholds"
    versioned = True
    up_green = _per_cent("Green from (% of the target)")
    up_amber = _per_cent("Amber from (% of the target)", "Below it is red.")
    down_green = _per_cent("Green up to (% of the target)")
    down_amber = _per_cent("Amber up to (% of the target)", "Above it is red.")
    spend_green = _per_cent("Green up to (% over or under the budget)")
    spend_amber = _per_cent("Amber up to (% over or under the budget)", "Beyond it is red.")
    late_amber = forms.IntegerField(
        label="Amber up to (working days late)",
        min_value=1,
        max_value=250,
        help_text="On time is green; later than this is red.",
        widget=forms.NumberInput(attrs={"class": "ds_input--fixed-3"}),
    )

    def __init__(self, *args: Any, plan: PilotPlan, **kwargs: Any) -> None:
        agreed = {name: f"{Decimal(value).normalize():f}" for name, value in asdict(plan.thresholds).items()}
        super().__init__(*args, initial=agreed, version=plan.version, **kwargs)
        for name, value in asdict(DEFAULT).items():
            field = self.fields[name]
            field.help_text = f"{field.help_text} Usual: {value}.".strip()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            "version",
            Fieldset("Indicators where higher is better", Div("up_green", "up_amber", css_class="psp_pair")),
            Fieldset("Indicators where lower is better", Div("down_green", "down_amber", css_class="psp_pair")),
            Fieldset("Spend of the year to date", Div("spend_green", "spend_amber", css_class="psp_pair")),
            Fieldset("Returns", "late_amber"),
        )
        return helper

    def thresholds(self) -> Thresholds:
        return Thresholds(**{name: self.cleaned_data[name] for name in asdict(DEFAULT)})


class OverrideForm(PortalForm):
    button = "Set the overall state"
    judged = forms.ChoiceField(
        label="Overall state",
        choices=[(h.value, h.label) for h in Health if h != Health.GREY],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label="Reason",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="It is shown with your name, beside the calculated state, until the next return is accepted.",
    )


class LivingWageForm(PortalForm):
    button = "Save the rate"
    since = forms.DateField(label="Rate holds from")
    hourly = AmountField(label="Hourly rate (£)")
    source = forms.CharField(label="Source", max_length=200, help_text="Where the rate was published, and when.")
