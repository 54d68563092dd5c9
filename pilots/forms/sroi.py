"""The forms of an SROI map: its settings, its lists of inputs and stakeholders, an outcome."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from pilots.actions.sroi import Settings
from pilots.actions.sroi_contents import EARLIEST_SOURCE, InputLine, OutcomeEntry, StakeholderLine
from pilots.models import Indicator, InputKind, SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from pilots.models.sroi import LATER_RATES, PERCENTAGES, STEPS
from pilots.sroi import GREEN_BOOK, LONGEST, Convention
from pilots.valuation import number

SPARE_LINES = 3
RATE_HELP = "The Green Book uses 3.5, and 1.5 for effects on health and life. The map keeps the rate it was made with."


class PercentField(forms.DecimalField):
    """0 to 100, as people say it: 25 is a quarter."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.NumberInput(attrs={"class": "ds_input--fixed-5"})
        super().__init__(min_value=0, max_value=100, max_digits=5, decimal_places=2, widget=widget, **kwargs)


class SettingsForm(PortalForm):
    button = "Save"
    versioned = True
    title = forms.CharField(
        max_length=150, help_text="What is valued, for example “Befriending, the pilot’s first year”."
    )
    scope = forms.CharField(
        max_length=3000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="What is counted, what is left out, and why.",
    )  # fmt: skip
    period_from = forms.DateField(label="First day")
    period_until = forms.DateField(label="Last day", help_text="Of the work whose inputs are counted.")
    rate = PercentField(label="Discount rate (% a year)", help_text=RATE_HELP)
    schedule = forms.BooleanField(
        label="Falling rates, as in the Green Book: 3% after year 30, 2.5% after year 75", required=False
    )
    convention = forms.ChoiceField(label="Convention", choices=Convention.choices, widget=forms.RadioSelect)
    step_deadweight = PercentField(label="Deadweight: points more")
    step_attribution = PercentField(label="Attribution: points more")
    step_proxies = PercentField(label="All proxies: % less")
    step_quantity = PercentField(label="All quantities: % less")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            "version",
            Fieldset("What is valued", "title", "scope", "period_from", "period_until"),
            Fieldset("How it is worked out", "rate", "schedule", "convention"),
            Fieldset("Steps of the sensitivity table", *STEPS),
        )
        return helper

    def settings(self) -> Settings:
        return Settings(**self.values())


def settings_initial(sroi_map: SroiMap | None) -> dict[str, Any]:
    """What the form opens with: the map’s settings, or the defaults of a new map."""
    shown = sroi_map or SroiMap(rate=GREEN_BOOK.rate * 100)
    initial: dict[str, Any] = {name: number(getattr(shown, name)) for name in ("rate", *STEPS)}
    initial["convention"] = shown.convention
    if sroi_map is not None:
        initial |= {name: getattr(sroi_map, name) for name in ("title", "scope", "period_from", "period_until")}
        initial["schedule"] = all(getattr(sroi_map, name) is not None for name in LATER_RATES)
    return initial


class InputsForm(PortalForm):
    """A fieldset for each input, with spare ones at the end. An empty “What” leaves a line out."""

    button = "Save the inputs"
    marks_optional = False
    versioned = True

    def __init__(self, *args: Any, inputs: Sequence[SroiInput], **kwargs: Any) -> None:
        self._lines = _places(len(inputs), kwargs.get("data") or (args[0] if args else None), "what")
        super().__init__(*args, **kwargs)
        for place in range(self._lines):
            known = inputs[place] if place < len(inputs) else None
            self.fields |= {
                f"what_{place}": _text("What is put in", 150, known.what if known else ""),
                f"whose_{place}": _text("Whose it is", 150, known.whose if known else ""),
                f"kind_{place}": forms.ChoiceField(
                    label="Kind", choices=InputKind.choices, initial=known.kind if known else InputKind.CASH
                ),
                f"amount_{place}": AmountField(
                    label="Amount (£)", required=False, min_value=0, initial=known.amount if known else None
                ),
            }

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        rows = [
            Fieldset(f"Input {n + 1}", f"what_{n}", f"whose_{n}", Row(f"kind_{n}", f"amount_{n}"))
            for n in range(self._lines)
        ]
        helper.layout = Layout("form_token", "version", *rows)
        return helper

    def clean(self) -> None:
        data = self.cleaned_data
        for n in range(self._lines):
            named, whose, amount = bool(data.get(f"what_{n}")), data.get(f"whose_{n}"), data.get(f"amount_{n}")
            if named and not whose:
                self.add_error(f"whose_{n}", "Say whose input it is.")
            if named and amount is None and f"amount_{n}" not in self.errors:
                self.add_error(f"amount_{n}", "Say what it is worth in pounds.")
            if not named and (whose or amount):
                self.add_error(f"what_{n}", "Say what is put in, or empty the whole line.")

    def lines(self) -> list[InputLine]:
        data = self.cleaned_data
        return [
            InputLine(data[f"what_{n}"], data[f"whose_{n}"], data[f"amount_{n}"], data[f"kind_{n}"])
            for n in range(self._lines)
            if data.get(f"what_{n}")
        ]


class StakeholdersForm(PortalForm):
    """A fieldset for each stakeholder, with spare ones at the end. An empty name takes one off the map."""

    button = "Save the stakeholders"
    marks_optional = False
    versioned = True

    def __init__(self, *args: Any, stakeholders: Sequence[SroiStakeholder], **kwargs: Any) -> None:
        self._lines = _places(len(stakeholders), kwargs.get("data") or (args[0] if args else None), "name")
        super().__init__(*args, **kwargs)
        for place in range(self._lines):
            known = stakeholders[place] if place < len(stakeholders) else None
            self.fields |= {
                f"id_{place}": forms.CharField(
                    widget=forms.HiddenInput(attrs={"id": False}), required=False, max_length=22,
                    initial=known.public_id if known else "",
                ),
                f"name_{place}": _text("Name", 150, known.name if known else ""),
                f"about_{place}": forms.CharField(
                    label="How they are part of it, or why nothing is counted for them", required=False,
                    max_length=1000, widget=forms.Textarea(attrs={"rows": 2}), initial=known.about if known else "",
                ),
            }  # fmt: skip

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        rows = [Fieldset(f"Stakeholder {n + 1}", f"id_{n}", f"name_{n}", f"about_{n}") for n in range(self._lines)]
        helper.layout = Layout("form_token", "version", *rows)
        return helper

    def lines(self) -> list[StakeholderLine]:
        data = self.cleaned_data
        return [
            StakeholderLine(data[f"name_{n}"], data[f"about_{n}"], data[f"id_{n}"])
            for n in range(self._lines)
            if data.get(f"name_{n}")
        ]


class OutcomeForm(PortalForm):
    button = "Save the outcome"
    versioned = True

    stakeholder = forms.ChoiceField(label="For whom something changes")
    title = forms.CharField(label="Outcome", max_length=150, help_text="What changes, for example “Less isolation”.")
    indicator = forms.ChoiceField(label="Indicator that shows it", required=False)
    quantity = AmountField(money=False, min_value=0, help_text="For how many it changed, for example 40.")
    unit = forms.CharField(max_length=50, help_text="What is counted, for example people.")
    proxy_name = forms.CharField(
        label="Proxy", max_length=200, help_text="What stands for its value, for example “A year’s club membership”."
    )
    proxy = AmountField(label="Value of the proxy (£)", min_value=0, help_text="For one of it, in a year.")
    source = forms.CharField(
        label="Source of the proxy", max_length=300, required=False,
        help_text="Where the figure comes from. A map without a source cannot be published.",
    )  # fmt: skip
    source_year = forms.IntegerField(
        label="Year of the source", required=False, min_value=EARLIEST_SOURCE, help_text="For example, 2025."
    )
    deadweight = PercentField(label="Deadweight (%)", help_text="Would have happened anyway.")
    displacement = PercentField(label="Displacement (%)", help_text="Only moved a problem to somewhere else.")
    attribution = PercentField(label="Attribution (%)", help_text="Was brought about by others.")
    drop_off = PercentField(label="Drop-off (% a year)", help_text="Fades each year, from the second on.")
    years = forms.IntegerField(label="Years it lasts", min_value=1, max_value=LONGEST)
    evidence = forms.CharField(
        required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text="How quantity and percentages are known. Name no person.",
    )  # fmt: skip

    def __init__(
        self, *args: Any, stakeholders: Sequence[SroiStakeholder], indicators: Sequence[Indicator], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._stakeholders = {row.public_id: row for row in stakeholders}
        self._indicators = {row.public_id: row for row in indicators}
        whom: Any = self.fields["stakeholder"]
        whom.choices = [("", "Choose one"), *((key, row.name) for key, row in self._stakeholders.items())]
        shown: Any = self.fields["indicator"]
        shown.choices = [("", "None"), *((key, str(row)) for key, row in self._indicators.items())]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            "version",
            Fieldset("What changes", "stakeholder", "title", "indicator", Row("quantity", "unit")),
            Fieldset("What one is worth", "proxy_name", "proxy", "source", "source_year"),
            Fieldset("What is taken off", Row("deadweight", "displacement"), Row("attribution", "drop_off"), "years"),
            Fieldset("How it is known", "evidence"),
        )
        return helper

    def entry(self) -> OutcomeEntry:
        values = self.values()
        values["stakeholder"] = self._stakeholders[values["stakeholder"]]
        values["indicator"] = self._indicators.get(values["indicator"])
        return OutcomeEntry(**values)


def outcome_initial(outcome: SroiOutcome) -> dict[str, Any]:
    names = ("title", "unit", "proxy_name", "proxy", "source", "source_year", "years", "evidence")
    return {
        **{name: getattr(outcome, name) for name in names},
        **{name: number(getattr(outcome, name)) for name in ("quantity", *PERCENTAGES)},
        "stakeholder": outcome.stakeholder.public_id,
        "indicator": outcome.indicator.public_id if outcome.indicator else "",
    }


NOTHING_TAKEN_OFF = dict.fromkeys(PERCENTAGES, "0") | {"years": 1}


def _places(known: int, data: Any, name: str) -> int:
    """As many lines as the page showed: the posted ones, or the known ones and a few to spare."""
    if data is None:
        return known + SPARE_LINES
    posted = 0
    while f"{name}_{posted}" in data:
        posted += 1
    return posted


def _text(label: str, longest: int, known: str) -> forms.CharField:
    return forms.CharField(label=label, max_length=longest, required=False, initial=known)
