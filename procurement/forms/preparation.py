"""Forms of the buyer while the tender is being prepared."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.contrib.humanize.templatetags.humanize import apnumber

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from foundation.forms.moments import Moment
from foundation.forms.numbers import AmountField
from procurement.actions.preparation import CriterionLine
from procurement.lifecycle import Disclosure, Route, TieBreak
from procurement.models import Criterion, Tender
from procurement.timetable import (
    ANSWER_DAYS_BEFORE,
    DEADLINE_FOR_BIDS,
    DEADLINE_FOR_QUESTIONS,
    LAST_DAY_FOR_ANSWERS,
)

FIRST_LINES = 6
SPARE_LINES = 3
MOST_LINES = 15


class PrepareForm(PortalForm):
    button = "Start the tender"
    title = forms.CharField(max_length=150, help_text="What is bought, for example “Befriending service for Fife”.")
    summary = forms.CharField(max_length=500, widget=forms.Textarea, help_text="Two or three sentences for the public.")
    estimated_value = AmountField(
        label="Estimated value (£)", min_value=1, help_text="For the whole term with every option, without VAT."
    )
    contract_starts_on = forms.DateField(label="Contract starts")
    contract_ends_on = forms.DateField(label="Contract ends")


class TenderForm(PrepareForm):
    """Everything on the notice but the criteria. Local times that do not exist, or exist twice, are refused."""

    button = "Save the tender"
    versioned = True
    specification = forms.CharField(
        max_length=30000, widget=forms.Textarea, required=False,
        help_text="What the service must do. Name no partner's own product or method.",
    )  # fmt: skip
    how_to_bid = forms.CharField(
        max_length=3000, widget=forms.Textarea, required=False,
        help_text="How an organisation that is new to the portal gets an invitation, and whom to ask.",
    )  # fmt: skip
    route = forms.ChoiceField(label="Rules that apply", choices=Route.choices)
    notice_reference = forms.CharField(
        label="Number of the notice on the national website", max_length=60, required=False
    )
    question_deadline_at = Moment(label=DEADLINE_FOR_QUESTIONS, required=False)
    answers_due_on = forms.DateField(
        label=LAST_DAY_FOR_ANSWERS, required=False,
        help_text=f"Every bidder is told. As a rule {apnumber(ANSWER_DAYS_BEFORE)} days before the deadline for bids, "
        "which is the last day permitted; you may choose an earlier one. Empty: worked out from the deadline for bids.",
    )  # fmt: skip
    deadline_at = Moment(
        label=DEADLINE_FOR_BIDS, required=False, help_text="Scottish time, for example 27/3/2027 12:00."
    )
    tie_break = forms.ChoiceField(
        label="If two totals are equal", choices=[("", "Not chosen yet"), *TieBreak.choices], required=False
    )
    lots_reason = forms.CharField(
        label="Why the contract is not split into lots", max_length=1000, widget=forms.Textarea, required=False
    )
    community_benefits = forms.CharField(
        label="Community benefits", max_length=2000, widget=forms.Textarea, required=False,
        help_text="The benefits you ask for, or why none. Needed from £4 million.",
    )  # fmt: skip

    @staticmethod
    def initial_of(tender: Tender) -> dict[str, Any]:
        values = {name: getattr(tender, name) for name in TenderForm.base_fields if hasattr(tender, name)}
        return values | {"answers_due_on": tender.last_answer_on}

    def values(self) -> dict[str, Any]:
        """Without the last day for answers where it was left alone: one that is worked out follows the deadline."""
        values = super().values()
        if "answers_due_on" not in self.changed_data:
            del values["answers_due_on"]
        return values


def percent(weight: Decimal) -> str:
    """A weight as it is typed: “40”, “33.33”, never “4E+1”."""
    return f"{weight.normalize():f}"


def _weight(label: str, *, required: bool = True, initial: Decimal | None = None) -> forms.DecimalField:
    shown = None if initial is None else percent(initial)
    return forms.DecimalField(
        label=label, required=required, initial=shown, max_digits=5, decimal_places=2, min_value=0, max_value=100
    )


class CriteriaForm(PortalForm):
    """Price and the quality criteria, a fieldset each, with spare ones at the end. An empty name leaves a line out."""

    button = "Save the criteria"
    secondary = ("total", "Work out the total")
    marks_optional = False
    versioned = True
    price_weight = _weight("Weight of price (%)")

    def __init__(self, *args: Any, criteria: Sequence[Criterion], **kwargs: Any) -> None:
        self._lines = min(max(len(criteria) + SPARE_LINES, FIRST_LINES), MOST_LINES)
        super().__init__(*args, **kwargs)
        for place in range(self._lines):
            known = criteria[place] if place < len(criteria) else None
            self.fields[f"title_{place}"] = forms.CharField(
                label="Name", max_length=150, required=False, initial=known.title if known else ""
            )
            self.fields[f"guidance_{place}"] = forms.CharField(
                label="What a good answer covers", max_length=3000, required=False,
                widget=forms.Textarea(attrs={"rows": 3}), initial=known.guidance if known else "",
            )  # fmt: skip
            self.fields[f"weight_{place}"] = _weight(
                "Weight (%)", required=False, initial=known.weight if known else None
            )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        rows = [
            Fieldset(f"Criterion {place + 1}", f"title_{place}", f"guidance_{place}", f"weight_{place}")
            for place in range(self._lines)
        ]
        helper.layout = Layout("form_token", "version", "price_weight", *rows)
        return helper

    def clean(self) -> None:
        for place in range(self._lines):
            titled = bool(self.cleaned_data.get(f"title_{place}"))
            weight = self.cleaned_data.get(f"weight_{place}")
            if titled and weight is None and f"weight_{place}" not in self.errors:
                self.add_error(f"weight_{place}", "Give this criterion a weight.")
            if weight and not titled and f"title_{place}" not in self.errors:
                self.add_error(f"title_{place}", "Give this criterion a name.")

    def lines(self) -> list[CriterionLine]:
        data = self.cleaned_data
        return [
            CriterionLine(data[f"title_{n}"], data[f"guidance_{n}"], data[f"weight_{n}"])
            for n in range(self._lines)
            if data.get(f"title_{n}")
        ]

    def total(self) -> Decimal:
        """Of what is typed, valid or not yet: for the sum above the form."""
        weights = [self.cleaned_data.get(f"weight_{n}") or Decimal(0) for n in range(self._lines)]
        return sum(weights, self.cleaned_data.get("price_weight") or Decimal(0))


class PaperForm(PortalForm):
    button = "List the paper"
    title = forms.CharField(max_length=200)
    source = forms.CharField(max_length=200, help_text="Who wrote it, and when: for example “The evaluator, May 2026”.")


class DecidePaperForm(PortalForm):
    button = "Save the decision"
    versioned = True
    decision = forms.ChoiceField(
        widget=forms.RadioSelect, choices=[choice for choice in Disclosure.choices if choice[0] != Disclosure.UNDECIDED]
    )
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea, help_text="It goes into the report on prior involvement."
    )
    file = UploadField(label="The copy bidders will get", required=False)


class ExtendForm(PortalForm):
    button = "Extend the deadline for all bidders"
    versioned = True
    deadline_at = Moment(
        label="New deadline for bids",
        help_text="For example, 27/3/2027 12:00. The last day for answers moves with it. The deadline for questions "
        "stays as it is.",
    )
    reason = forms.CharField(max_length=1000, widget=forms.Textarea, help_text="Every bidder is told.")


class AbandonForm(PortalForm):
    button = "Abandon the tender"
    danger = True
    versioned = True
    reason = forms.CharField(max_length=3000, widget=forms.Textarea, help_text="Every bidder is told.")


class AnswerForm(PortalForm):
    button = "Publish to all bidders"
    versioned = True
    published_text = forms.CharField(
        label="The question as everybody will read it", max_length=3000, widget=forms.Textarea,
        help_text="Names of the bidder who asked have been taken out. Check that nothing else gives them away.",
    )  # fmt: skip
    answer = forms.CharField(max_length=5000, widget=forms.Textarea)
    late_reason = forms.CharField(
        label="Why no extension is needed", max_length=1000, widget=forms.Textarea, required=False,
        help_text="Only when the last day for answers has passed.",
    )  # fmt: skip
