"""The form of an indicator."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from pilots.actions.indicators import Definition
from pilots.forms.numbers import FigureField
from pilots.measures import Direction, Rollup, Unit
from pilots.models import Indicator
from pilots.models.indicator import code_shape
from pilots.sources import Source


class IndicatorForm(PortalForm):
    button = "Save the indicator"
    versioned = True

    code = forms.CharField(max_length=10, validators=[code_shape], help_text="Short and unique here, for example R1.")
    title = forms.CharField(max_length=150, label="What it measures", help_text="For example, people starting.")
    drawn_from = forms.ChoiceField(
        label="Where the figure comes from",
        required=False,
        choices=[("", "Somebody types it each month"), *Source.choices],
    )
    unit = forms.ChoiceField(choices=Unit.choices, label="Unit")
    rollup = forms.ChoiceField(choices=Rollup.choices, label="How months become one figure")
    direction = forms.ChoiceField(choices=Direction.choices, label="Which way is good")
    baseline = FigureField(label="Baseline", help_text="The figure before the pilot. Gate G1 asks for it.")
    baseline_on = forms.DateField(label="Baseline measured on", required=False, help_text="For example, 27/3/2026.")
    target = FigureField(
        label="Target", help_text="Of each month, when the months are added up. Leave it empty if there is none."
    )
    is_headline = forms.BooleanField(label="Show it in the pilot’s chart", required=False)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            "version",
            "code",
            "title",
            Fieldset("How it is measured", "drawn_from", "unit", "rollup", "direction"),
            Fieldset("Baseline and target", "baseline", "baseline_on", "target", "is_headline"),
        )
        return helper

    def definition(self) -> Definition:
        return Definition(**self.values())


def initial_of(indicator: Indicator) -> dict[str, Any]:
    return {name: getattr(indicator, name) for name in Definition.__dataclass_fields__}
