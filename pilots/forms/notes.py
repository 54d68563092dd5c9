"""The form of a note: one for each kind, short enough for a phone in a corridor."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from foundation.audit.events import new_form_token
from foundation.database import clock
from foundation.files.fields import PhotoField
from foundation.forms.base import PortalForm, Token
from foundation.forms.numbers import AmountField
from partnerships.models import Partnership
from partnerships.plan import add_months
from pilots.actions.notes import MOST_WORDS, countable
from pilots.forms.returns import label_of
from pilots.models import Indicator
from pilots.noted import NoteKind
from pilots.periods import month_of

MONTHS_BACK = 12
BRING_IN_ID = "bring-in"  # the questions beside the notes name it
COUNTING = "counting-"  # with a note's public id: the name of the question about it
HEADINGS = {
    NoteKind.NUMBER: "Note a number",
    NoteKind.QUOTE: "Note what somebody said",
    NoteKind.LESSON: "Note something learned",
    NoteKind.PHOTO: "Note with a photo",
}
LEADS = {
    NoteKind.NUMBER: "It adds to the figure in the month’s return.",
    NoteKind.QUOTE: "It goes to what people said, in the month’s return.",
    NoteKind.LESSON: "It becomes the one thing you learned, where the month’s return tells none yet.",
    NoteKind.PHOTO: "The partners see it with the month’s return. It is never published. Show nobody’s face.",
}
WORDS = {
    NoteKind.NUMBER: ("Remark", "Where the number comes from, if it helps. Name no person."),
    NoteKind.QUOTE: ("What they said", "In their words. Name no person."),
    NoteKind.LESSON: ("What was learned", "One sentence is enough. Name no person."),
    NoteKind.PHOTO: ("What it shows", "One sentence, for those who cannot see it. Name no person."),
}


class NoteForm(PortalForm):
    """`client_key` makes the note unlike any other, however often it is sent; `noted_on` is the day it was typed."""

    button = "Keep the note"
    marks_optional = False
    client_key = Token(widget=forms.HiddenInput(attrs={"id": False}), max_length=40, required=False)
    noted_on = forms.DateField(widget=forms.HiddenInput(attrs={"id": False}), required=False)
    goes_to = forms.ChoiceField(label="What you counted")
    number = AmountField(label="Number", money=False, min_value=Decimal(0))
    photo = PhotoField(label="Photo")
    text = forms.CharField(max_length=MOST_WORDS, widget=forms.Textarea(attrs={"rows": 3}))
    period = forms.TypedChoiceField(label="Month it belongs to", coerce=date.fromisoformat)

    def __init__(
        self, *args: Any, kind: NoteKind, partnership: Partnership, closed: Collection[date] = (), **kwargs: Any
    ) -> None:
        """`closed`: the months whose return is sent."""
        super().__init__(*args, **kwargs)
        self.kind, today = kind, clock.today()
        fields: Any = self.fields
        fields["client_key"].initial, fields["noted_on"].initial = new_form_token, today
        fields["text"].label, fields["text"].help_text = WORDS[kind]
        fields["text"].required = kind != NoteKind.NUMBER
        if kind == NoteKind.NUMBER:
            fields["goes_to"].choices = [("", "Choose one"), *_what_is_counted(partnership)]
        else:
            del fields["goes_to"], fields["number"]
        if kind != NoteKind.PHOTO:
            del fields["photo"]
        first = max(add_months(month_of(today), -MONTHS_BACK), month_of(partnership.starts_on))
        months = [m for back in range(MONTHS_BACK + 1) if (m := add_months(month_of(today), -back)) >= first]
        fields["period"].choices = [
            (m.isoformat(), f"{m:%B %Y}{' (its return is sent)' if m in closed else ''}") for m in months
        ]
        fields["period"].initial = month_of(today).isoformat()

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        if self.kind != NoteKind.PHOTO:
            # static/js/notes.js keeps what is typed while there is no signal; the list is where a kept note leads.
            helper.attrs |= {"data-note": "", "data-done": self.cancel_url}
        return helper


def counting_in(posted: Mapping[str, str]) -> dict[str, str]:
    """What was chosen for each noted number that may be counted already, by the note's public id."""
    return {name.removeprefix(COUNTING): value for name, value in posted.items() if name.startswith(COUNTING)}


def _what_is_counted(partnership: Partnership) -> list[tuple[str, str]]:
    titles = titles_of(Indicator.objects.filter(partnership=partnership))
    return [(name, name_of_field(name, titles)) for name in countable(partnership)]


def titles_of(indicators: Iterable[Indicator]) -> dict[str, str]:
    """The indicators' names by their code."""
    return {indicator.code: str(indicator) for indicator in indicators}


def name_of_field(name: str, titles: dict[str, str]) -> str:
    """What a note's number adds to, in words: a field's label, or an indicator's name."""
    label = label_of(name)
    return titles.get(label, label)


class BringInForm(PortalForm):
    """The button above the list of sections; `bring_in` tells it from the other button of that page."""

    button = "Bring the notes in"
    versioned = True
    bring_in = forms.CharField(widget=forms.HiddenInput(attrs={"id": False}), initial="yes")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.form_id = BRING_IN_ID
        return helper
