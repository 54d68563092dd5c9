"""Forms about monthly returns: planning them, filling one in, accepting it, sending it back."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from partnerships.lifecycle import THE_WAY
from pilots.entry import TYPED, Entry, Part
from pilots.forms.numbers import FigureField, PeopleField
from pilots.measures import Rollup, Unit
from pilots.models import Indicator, MonthlyReturn
from pilots.periods import MOST_MONTHS, month_of
from pilots.rollup import Figure


def _words(label: str, help_text: str, *, most: int = 2000, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _pair(*names: str) -> Div:
    """Side by side where there is room, one under the other on a phone."""
    return Div(*names, css_class="psp_pair")


class ReturnForm(PortalForm):
    """One month, in the order it is asked. Everything may be missing: the action says what a submission lacks."""

    versioned = True
    button = "Submit"
    secondary = ("save", "Save draft")
    marks_optional = False  # a draft may leave anything out; what a submission needs is said when it is missing

    active_at_start = PeopleField(label="Active at the start of the month")
    referrals = PeopleField(label="Referrals in")
    referrals_accepted = PeopleField(label="Referrals accepted")
    new_starts = PeopleField(label="New starts")
    planned_exits = PeopleField(label="Planned exits")
    unplanned_exits = PeopleField(label="Unplanned exits")
    active_at_end = PeopleField(
        label="Active at the end of the month", help_text="Active at the start, plus new starts, minus exits."
    )
    waiting = PeopleField(label="On the waiting list at the end of the month")
    reach_explanation = _words("Explanation", "Only if the people above do not add up: say why.", most=1000, rows=2)

    reviewed = PeopleField(label="People reviewed this month", help_text="Improved, plus the same, plus worse.")
    improved = PeopleField(label="Improved")
    same = PeopleField(label="The same")
    worse = PeopleField(label="Worse")

    budget = FigureField(label="Budget of this month (£)", min_value=Decimal(0))
    actual = FigureField(label="Spent this month (£)", min_value=Decimal(0))
    variance_reason = _words(
        "Reason for the difference",
        "Only if spend of the financial year so far is more than 5% over or under its budget.",
        most=1000,
        rows=2,
    )

    learned = _words("One thing you learned", "It goes to the partnership’s lessons. Name no person.")
    learned_stage = forms.ChoiceField(
        label="Stage it belongs to",
        required=False,
        choices=[("", "No particular stage"), *((s.value, s.label) for s in THE_WAY)],
    )
    learned_theme = forms.CharField(label="Theme", required=False, max_length=100, help_text="For example, referrals.")
    what_changed = _words("What changed", "Staff, places, ways of working, and what users said. Name no person.")
    risks = _words("Issues and risks", "New ones, and what is done about them.")

    def __init__(
        self, *args: Any, monthly_return: MonthlyReturn, indicators: Sequence[Indicator], **kwargs: Any
    ) -> None:
        """`indicators` are those whose figure is typed; the return fills in the others itself."""
        self.indicators = indicators
        before = monthly_return.month_before()
        initial = _initial(monthly_return, before)
        super().__init__(*args, initial=initial, version=monthly_return.version, **kwargs)
        for indicator in indicators:
            for part, field in _fields_of(indicator).items():
                self.fields[part.field_of(indicator.code)] = field
        if before and before.active_at_end is not None:
            said = f"Carried over from {before.month}, which ended with {before.active_at_end}."
            self.fields["active_at_start"].help_text = said

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.inputs.reverse()  # Enter presses the first button, and a draft can be taken back
        typed = [name for name in self.fields if "-" in name]
        groups = [
            Fieldset("People", "active_at_start", _pair("referrals", "referrals_accepted"), "new_starts",
                     _pair("planned_exits", "unplanned_exits"), _pair("active_at_end", "waiting"), "reach_explanation"),
            Fieldset("Outcomes", _pair("reviewed", "improved"), _pair("same", "worse")),
            *([Fieldset("Other indicators", *typed)] if typed else []),
            Fieldset("Money", _pair("budget", "actual"), "variance_reason"),
            Fieldset("In words, if there is anything to say", "learned", _pair("learned_stage", "learned_theme"),
                     "what_changed", "risks"),
        ]  # fmt: skip
        helper.layout = Layout("form_token", "version", *groups)
        return helper

    def entry(self) -> Entry:
        typed = {name: self.cleaned_data[name] for name in TYPED}
        return Entry(**typed, figures={i.code: self._figure(i) for i in self.indicators})

    def _figure(self, indicator: Indicator) -> Figure:
        amount, out_of = (self.cleaned_data.get(part.field_of(indicator.code)) for part in Part)
        return Figure(amount, out_of)


def _initial(monthly_return: MonthlyReturn, before: MonthlyReturn | None) -> dict[str, Any]:
    entry = monthly_return.entry()
    initial: dict[str, Any] = {name: getattr(entry, name) for name in TYPED}
    if entry.active_at_start is None and before:
        initial["active_at_start"] = before.active_at_end
    for code, figure in entry.figures.items():
        initial[Part.AMOUNT.field_of(code)] = figure.amount
        initial[Part.OUT_OF.field_of(code)] = figure.out_of
    return initial


def _fields_of(indicator: Indicator) -> dict[Part, forms.Field]:
    """One box, or two for a ratio and a mean; each says what to type."""
    name, least = str(indicator), None if indicator.unit == Unit.POINTS else Decimal(0)
    if not indicator.in_pairs:
        return {Part.AMOUNT: FigureField(label=name, min_value=least, help_text=indicator.get_unit_display())}
    first, second = (
        ("how many of them", "out of how many")
        if indicator.rollup == Rollup.RATIO
        else ("mean of the month", "people behind the mean")
    )
    return {
        Part.AMOUNT: FigureField(label=f"{name}: {first}", min_value=least),
        Part.OUT_OF: FigureField(label=f"{name}: {second}", min_value=Decimal(0)),
    }


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
