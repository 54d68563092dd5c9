"""Forms about how people are reminded."""

import re
from typing import Any

from django import forms

from foundation.database import clock
from foundation.forms.base import PortalForm
from partnerships import deadlines
from partnerships.reminding import USUAL, Rule

NUMBERS = re.compile(r"[\s,;]+")


class RuleForm(PortalForm):
    """A rule for one kind of deadline, or for all; the second button goes back to what holds without it."""

    button = "Set the rule"
    secondary = ("as_usual", "Go back to the usual rule")
    kind = forms.ChoiceField(label="What it is about", required=False)
    before = forms.CharField(
        label="Working days before",
        max_length=60,
        required=False,
        initial=", ".join(map(str, USUAL.before)),
        help_text="Numbers with commas between them. Empty: no reminder before the day.",
    )
    on_the_day = forms.BooleanField(label="A reminder on the day", required=False, initial=True)
    weekly = forms.BooleanField(label="A reminder every week while it is late", required=False, initial=True)
    one_lead_after = forms.IntegerField(
        label="Working days late before the lead of the owner’s side is told", required=False,
        initial=USUAL.one_lead_after, help_text="Empty: that lead is not told.",
    )  # fmt: skip
    both_leads_after = forms.IntegerField(
        label="Working days late before both leads are told", required=False, initial=USUAL.both_leads_after,
        help_text="Empty: they are not told.",
    )  # fmt: skip
    from_on = forms.DateField(label="From", help_text="For example, 27/3/2027. Mails that went out stay as they were.")
    reason = forms.CharField(max_length=500, help_text="Everybody whom it concerns can read it.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [("", "Everything that is due"), *deadlines.kinds().items()]  # type: ignore[attr-defined]
        self.fields["from_on"].initial = clock.today

    def clean_before(self) -> tuple[int, ...]:
        numbers = [part for part in NUMBERS.split(self.cleaned_data["before"].strip()) if part]
        if any(not (part.isascii() and part.isdigit() and len(part) < 4) for part in numbers):
            raise forms.ValidationError("Enter whole numbers of working days with commas between them, like 14, 7, 1.")
        return tuple(sorted({int(part) for part in numbers}, reverse=True))

    def values(self) -> dict[str, Any]:
        """As the actions take them: the rule whole, None for the second button."""
        values = super().values()
        rule = Rule(*(values.pop(name, None) for name in Rule.__dataclass_fields__))
        return values | {"rule": None if "as_usual" in self.data else rule}


class OwnRuleForm(RuleForm):
    """One's own rule: nobody else is told anything by it, and nobody asks why."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("one_lead_after", "both_leads_after", "reason"):
            del self.fields[name]


class PutOffForm(PortalForm):
    button = "Put it off"
    until_on = forms.DateField(
        label="Until", required=False,
        help_text="On this day reminders begin again. Empty: you hear no more about it, unless its date moves.",
    )  # fmt: skip
    reason = forms.CharField(
        max_length=500, help_text="For example, waiting for the minutes. Everybody in the partnership can read it."
    )
