"""Forms of the decision and what follows it."""

from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from procurement.lifecycle import Means
from procurement.results import Result


class AwardForm(PortalForm):
    """Only bids ranked first can be chosen; standstill can be waived only when a single bid was received."""

    button = "Decide the award"
    versioned = True
    bid = forms.ChoiceField(label="Award to", widget=forms.RadioSelect)
    reasons = forms.CharField(max_length=5000, widget=forms.Textarea, help_text="For the award report.")
    keep_standstill = forms.BooleanField(
        label="Keep a standstill period although there is a single bid", required=False, initial=True
    )

    def __init__(self, *args: Any, rows: list[Result], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._first = {row.bid.public_id: row.bid for row in rows if row.ranked.rank == 1}
        names = [(row.bid.public_id, f"{row.name}, {row.total} points") for row in rows if row.ranked.rank == 1]
        self.fields["bid"].choices = names  # type: ignore[attr-defined]
        if len(names) == 1:
            self.fields["bid"].initial = names[0][0]
        if len(rows) > 1:
            del self.fields["keep_standstill"]

    def clean_bid(self) -> Any:
        return self._first[self.cleaned_data["bid"]]


class LetterForm(PortalForm):
    button = "Save the letter"
    versioned = True
    advantages = forms.CharField(
        label="What was good in this bid, and what the winning bid did better", max_length=5000,
        widget=forms.Textarea, required=False, help_text="The law asks for the winner's relative advantages.",
    )  # fmt: skip
    means = forms.ChoiceField(label="How it goes", choices=Means.choices)


class SendLetterForm(PortalForm):
    button = "Send the letter"


class PostLetterForm(PortalForm):
    button = "Record that it was posted"
    posted_on = forms.DateField(label="Day it was posted")


class ChallengeForm(PortalForm):
    button = "Lock the signing"
    received_on = forms.DateField(label="Received on")
    summary = forms.CharField(label="What was served, and by whom", max_length=3000, widget=forms.Textarea)


class EndChallengeForm(PortalForm):
    button = "Record the end"
    ended_on = forms.DateField(label="Ended on")
    how = forms.CharField(label="How it ended", max_length=3000, widget=forms.Textarea)


class NoticeForm(PortalForm):
    button = "Record the award notice"
    published_on = forms.DateField(label="Published on")
    reference = forms.CharField(label="Number of the notice", max_length=60)
