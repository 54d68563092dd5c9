"""The form that makes a report."""

from django import forms

from lessons.forms.lesson import long_text
from lessons.forms.places import PlacesForm


class ReportForm(PlacesForm):
    button = "Make the report"

    title = forms.CharField(label="Title", max_length=150, help_text="The same title again makes the next edition.")
    introduction = long_text("Introduction", "What the report is for and whom it may help. You may leave it empty.")
