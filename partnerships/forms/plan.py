"""Forms about milestones."""

from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.plan import Block, MilestoneKind

if TYPE_CHECKING:
    from partnerships.models import Partnership


KIND_HELP = "The plan can be filtered by it."


class OwnedForm(PortalForm):
    """A form whose `owner` is one of the partnership's present members."""

    def __init__(self, *args: Any, partnership: "Partnership", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = partnership.members.current().select_related("person").order_by("person__name")
        self._people = {member.person.public_id: member.person for member in people}
        choices = [("", "Nobody yet"), *((key, person.name) for key, person in self._people.items())]
        self.fields["owner"].choices = choices  # type: ignore[attr-defined]

    def clean_owner(self) -> Any:
        return self._people.get(self.cleaned_data["owner"])


class MilestoneForm(OwnedForm):
    button = "Add the milestone"
    title = forms.CharField(max_length=150, help_text="What will be done, for example “Evaluation report”.")
    kind = forms.ChoiceField(choices=MilestoneKind.choices, initial=MilestoneKind.OTHER, help_text=KIND_HELP)
    block = forms.ChoiceField(label="Part of the plan", choices=[("", "Choose one"), *Block.choices])
    due_on = forms.DateField(label="Due", help_text="For example, 27/3/2027.")
    owner = forms.ChoiceField(required=False, help_text="This person gets the reminders.")


class EditMilestoneForm(OwnedForm):
    versioned = True
    title = forms.CharField(max_length=150)
    kind = forms.ChoiceField(choices=MilestoneKind.choices, help_text=KIND_HELP)
    owner = forms.ChoiceField(required=False, help_text="This person gets the reminders.")


class MoveForm(PortalForm):
    button = "Move the milestone"
    versioned = True
    due_on = forms.DateField(label="New date", help_text="For example, 27/3/2027.")
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Why it moves. Everyone in the partnership can read it."
    )


class CompleteForm(PortalForm):
    button = "Mark as complete"
    versioned = True
    evidence = forms.CharField(
        max_length=3000,
        widget=forms.Textarea,
        required=False,
        help_text="What shows that it is done, for example “Signed off at the meeting of 3 May”.",
    )
