"""The form of the involvement diary."""

from django import forms

from foundation.forms.base import PortalForm
from partnerships.involvement import ActivityKind, Standard


class InvolvementForm(PortalForm):
    button = "Save the entry"
    about = forms.CharField(max_length=150, label="Activity", help_text="For example “Design workshop in Cupar”.")
    held_on = forms.DateField(label="Date", help_text="For example, 27/3/2027.")
    kind = forms.ChoiceField(label="Kind of activity", choices=[("", "Choose one"), *ActivityKind.choices])
    people = forms.IntegerField(
        min_value=1, max_value=100_000, label="Number of people who use services",
        help_text="How many took part. No names.",
    )  # fmt: skip
    standard = forms.ChoiceField(
        label="National Standard for Community Engagement that it serves",
        choices=[("", "Choose one"), *Standard.choices],
    )
    access_needs = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}), label="Access needs that were met",
        help_text="For example an interpreter, a taxi, a quiet room.",
    )  # fmt: skip
    expenses_paid = forms.TypedChoiceField(
        coerce=lambda value: value == "yes", choices=[("yes", "Yes"), ("no", "No")], widget=forms.RadioSelect,
        label="Expenses paid",
    )  # fmt: skip
    heard = forms.CharField(
        max_length=3000, widget=forms.Textarea, label="What people said", help_text="“You said …”. No names."
    )
    we_did = forms.CharField(
        max_length=3000, required=False, widget=forms.Textarea, label="What was done because of it",
        help_text="“We did …”. It can be written later.",
    )  # fmt: skip
    we_could_not = forms.CharField(
        max_length=3000, required=False, widget=forms.Textarea, label="What could not be done, and why",
        help_text="“We could not … because …”. It can be written later.",
    )  # fmt: skip
    is_public = forms.BooleanField(
        required=False, label="Tell it on the public page",
        help_text="Everybody can then read the activity, its month, what people said and what came of it.",
    )  # fmt: skip


class EditInvolvementForm(InvolvementForm):
    versioned = True
