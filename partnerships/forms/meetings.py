"""Forms about meetings, action points and the decisions register."""

from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.forms.risks import RequiredOwnerForm

if TYPE_CHECKING:
    from partnerships.models import Partnership


class MeetingForm(PortalForm):
    button = "Save the meeting"
    title = forms.CharField(max_length=150, help_text="For example “Governance group, third meeting”.")
    held_on = forms.DateField(label="Date", help_text="For example, 27/3/2027. It may be still to come.")
    present = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, required=False, label="Members present")
    others = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2}), label="Others present",
        help_text="By name, one on a line.",
    )  # fmt: skip
    agenda = forms.CharField(max_length=5000, required=False, widget=forms.Textarea)
    minutes = forms.CharField(max_length=20000, required=False, widget=forms.Textarea(attrs={"rows": 12}))

    def __init__(self, *args: Any, partnership: "Partnership", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        members = partnership.members.select_related("person").order_by("person__name")
        self._people = {member.person.public_id: member.person for member in members}
        field: Any = self.fields["present"]
        field.choices = [(key, person.name) for key, person in self._people.items()]

    def clean_present(self) -> list[Any]:
        return [self._people[key] for key in dict.fromkeys(self.cleaned_data["present"])]


class EditMeetingForm(MeetingForm):
    versioned = True


class ActionPointForm(RequiredOwnerForm):
    button = "Add the action"
    what = forms.CharField(max_length=150, label="Action", help_text="What will be done, beginning with a verb.")
    owner = forms.ChoiceField(help_text="This person gets the reminders.")
    due_on = forms.DateField(label="Due", help_text="For example, 27/3/2027.")


class FinishForm(PortalForm):
    button = "Mark as done"
    versioned = True
    note = forms.CharField(max_length=1000, required=False, widget=forms.Textarea, help_text="How it went.")


class DissentForm(PortalForm):
    button = "Note it"
    who = forms.CharField(max_length=150, label="Name", help_text="Who asked that it be noted.")
    noted = forms.CharField(
        max_length=1000, widget=forms.Textarea, label="Asked that it be noted that",
        help_text="For example “she would have waited for the second evaluation”.",
    )  # fmt: skip


class MeetingDecisionForm(DissentForm):
    button = "Enter the decision"
    what = forms.CharField(max_length=1000, widget=forms.Textarea(attrs={"rows": 3}), label="Decision")
    reasons = forms.CharField(max_length=2000, widget=forms.Textarea)
    field_order = ("what", "reasons", "who", "noted")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["who"].required = self.fields["noted"].required = False
        self.fields["who"].label = "Name of somebody who disagreed"
