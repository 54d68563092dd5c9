"""The form of an indicator."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from pilots.actions.indicators import Definition, definition_as_kept
from pilots.forms.numbers import FigureField
from pilots.measures import ROLLUP_IN_WORDS, Direction, Rollup, Unit
from pilots.models import Indicator
from pilots.models.indicator import code_shape
from pilots.sources import Source, in_words
from pilots.starter import Starter
from pilots.tools import shipped


class IndicatorForm(PortalForm):
    button = "Save the indicator"
    versioned = True

    code = forms.CharField(max_length=10, validators=[code_shape], help_text="Short and unique here, for example R1.")
    title = forms.CharField(
        max_length=150, label="What it measures", help_text="Without its code. For example, people starting."
    )
    drawn_from = forms.ChoiceField(
        label="Where the figure comes from",
        required=False,
        choices=[("", "Somebody types it each month"), *((s.value, in_words(s)) for s in Source)],
    )
    unit = forms.ChoiceField(choices=Unit.choices, label="Unit")
    rollup = forms.ChoiceField(
        choices=[(r.value, words) for r, words in ROLLUP_IN_WORDS.items()], label="How months become one figure"
    )
    direction = forms.ChoiceField(choices=Direction.choices, label="Which way is good")
    baseline = FigureField(label="Baseline", help_text="The figure before the pilot. Gate G1 asks for it.")
    baseline_on = forms.DateField(label="Baseline measured on", required=False, help_text="For example, 27/3/2026.")
    target = FigureField(
        label="Target", help_text="Of each month, when the months are added up. Leave it empty if there is none."
    )
    profile = forms.CharField(
        label="Or a target that changes on the way",
        required=False,
        max_length=1500,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="One row for each month or quarter from which another target holds, for example “April 2026: 5”. "
        "The months so far are compared with their own targets.",
    )
    profile_rises = forms.BooleanField(label="It rises evenly from one row to the next", required=False)
    tool = forms.ChoiceField(
        label="Measured with",
        required=False,
        choices=[("", "No particular tool"), *((t.key, f"{t.name}: {t.scale}") for t in shipped().values())],
        help_text="Figures in points that its scale does not have are refused.",
    )
    of_change = forms.BooleanField(label="The figure is how much the scores changed", required=False)
    is_headline = forms.BooleanField(label="Show it in the pilot’s chart", required=False)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            "version",
            "code",
            "title",
            Fieldset("How it is measured", "drawn_from", "unit", "rollup", "direction", "tool", "of_change"),
            Fieldset(
                "Baseline and target", "baseline", "baseline_on", "target", "profile", "profile_rises", "is_headline"
            ),
        )
        return helper

    def definition(self) -> Definition:
        return Definition(**self.values())


def initial_of(indicator: Indicator) -> dict[str, Any]:
    return vars(definition_as_kept(indicator))


class StarterSetForm(PortalForm):
    """What of the starter set is not in use yet, to be ticked."""

    button = "Add the chosen indicators"

    def __init__(self, *args: Any, offered: Sequence[Starter], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["codes"] = forms.MultipleChoiceField(
            label="Indicators",
            widget=forms.CheckboxSelectMultiple,
            choices=[(one.code, f"{one}. {_told(one)}") for one in offered],
            error_messages={"required": "Choose at least one indicator."},
        )


def _told(one: Starter) -> str:
    """How it would be measured, in one line."""
    source = "The return fills it in." if one.drawn_from else "Somebody types it each month."
    tool = f" Tool: {shipped()[one.tool].name}." if one.tool else ""
    rule = ROLLUP_IN_WORDS[Rollup(one.rollup)]
    return f"{Unit(one.unit).label}. {Direction(one.direction).label}. {rule}. {source}{tool}"
