"""The form of the pilot's evaluation."""

from decimal import Decimal

from django import forms

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from pilots.forms.numbers import FigureField


class EvaluationForm(PortalForm):
    button = "Save the evaluation"
    versioned = True
    summary = forms.CharField(
        max_length=3000, widget=forms.Textarea(attrs={"rows": 4}), help_text="Did it work well enough to buy?"
    )
    findings = forms.CharField(
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 14}),
        help_text="Outcomes against target, what users judged, what was learned. Name no person.",
    )
    unit_cost = FigureField(label="Cost for each person (£)", money=True, min_value=Decimal(0))
    document = UploadField(label="Evaluation report", required=False)
