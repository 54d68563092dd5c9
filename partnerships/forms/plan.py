"""Forms about milestones."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from partnerships.actions.dependency import fingerprint_of
from partnerships.actions.start import MOST_MONTHS
from partnerships.models import LONGEST_EXTENSION
from partnerships.plan import MADE_BY_DECISIONS, Block, MilestoneKind, in_days

if TYPE_CHECKING:
    from partnerships.actions.dependency import Offer
    from partnerships.models import Milestone, Partnership


CHOSEN_KINDS = [(kind.value, kind.label) for kind in MilestoneKind if kind not in MADE_BY_DECISIONS]
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
    kind = forms.ChoiceField(choices=CHOSEN_KINDS, initial=MilestoneKind.OTHER, help_text=KIND_HELP)
    block = forms.ChoiceField(label="Part of the plan", choices=[("", "Choose one"), *Block.choices])
    due_on = forms.DateField(label="Due", help_text="For example, 27/3/2027.")
    owner = forms.ChoiceField(required=False, help_text="This person gets the reminders.")


class EditMilestoneForm(OwnedForm):
    versioned = True
    title = forms.CharField(max_length=150)
    kind = forms.ChoiceField(choices=CHOSEN_KINDS, help_text=KIND_HELP)
    owner = forms.ChoiceField(required=False, help_text="This person gets the reminders.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.initial.get("kind") in MADE_BY_DECISIONS:
            del self.fields["kind"]


class MoveForm(PortalForm):
    button = "Move the milestone"
    versioned = True
    due_on = forms.DateField(label="New date", help_text="For example, 27/3/2027.")
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Why it moves. Everyone in the partnership can read it."
    )


class Ticks(forms.MultipleChoiceField):
    """Whatever was ticked: the action knows whether it still stands, and says so in words."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return True


class PreviewForm(PortalForm):
    """What else would move, each with a tick; `seen` tells the preview from any other."""

    versioned = True
    seen = forms.CharField(max_length=20, widget=forms.HiddenInput)
    reason = forms.CharField(max_length=500, widget=forms.HiddenInput)
    along = Ticks(label="Move these too", required=False)

    def __init__(self, *args: Any, offers: "Sequence[Offer]", given: dict[str, Any], **kwargs: Any) -> None:
        ticked = [offer.milestone.public_id for offer in offers]
        given = given | {"seen": fingerprint_of(offers), "along": ticked}
        super().__init__(*args, initial=given, **kwargs)
        self.fields["along"].choices = [(o.milestone.public_id, _told(o)) for o in offers]  # type: ignore[attr-defined]
        if not offers:
            self.fields["along"].widget = forms.MultipleHiddenInput()


def _told(offer: "Offer") -> str:
    early = f" (it would be {in_days(offer.days_early)} too early)" if offer.days_early else ""
    return f"“{offer.milestone}”: from {offer.milestone.due_on:%-d %B %Y} to {offer.to:%-d %B %Y}{early}"


class MovePreviewForm(PreviewForm):
    button = "Move the milestone and those ticked"
    due_on = forms.DateField(widget=forms.HiddenInput)


class StartMoveForm(PortalForm):
    button = "Show what would move"
    versioned = True
    months = forms.IntegerField(
        min_value=-MOST_MONTHS,
        max_value=MOST_MONTHS,
        label="Months later",
        help_text="For example, 2. With a minus, the start moves to an earlier month.",
    )
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Why it moves. Everyone in the partnership can read it."
    )

    def clean_months(self) -> int:
        months: int = self.cleaned_data["months"]
        if not months:
            raise forms.ValidationError("Nothing moves by 0 months. Give the number of months.")
        return months


class StartPreviewForm(PreviewForm):
    button = "Move the start and the milestones ticked"
    months = forms.IntegerField(widget=forms.HiddenInput)


class ExtendForm(PortalForm):
    button = "Propose and sign"
    versioned = True
    months = forms.IntegerField(
        label="Months longer", min_value=1, max_value=LONGEST_EXTENSION, help_text="For example, 6."
    )
    reason = forms.CharField(
        max_length=400, widget=forms.Textarea, help_text="The other signers decide by it. Everyone can read it."
    )
    amount = AmountField(
        label="Money for it (£)", min_value=Decimal(0), help_text="For example, 69,000. 0 when it costs nothing more."
    )
    source = forms.CharField(
        label="Source of the money", max_length=200, help_text="For example “Change fund, 2027-28”."
    )


class WaitForm(PortalForm):
    """The other milestones, to be ticked when this one waits for them."""

    button = "Save what it waits for"
    versioned = True
    others = forms.MultipleChoiceField(
        label="Waits for",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="It is then never due before any of these, and moving one of them offers to move it along.",
    )

    def __init__(self, *args: Any, others: "Iterable[Milestone]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._others = {other.public_id: other for other in others}
        self.fields["others"].choices = [  # type: ignore[attr-defined]
            (key, f"{other.title}, due {other.due_on:%-d %B %Y}") for key, other in self._others.items()
        ]

    def clean_others(self) -> "list[Milestone]":
        return [self._others[key] for key in self.cleaned_data["others"]]


class CompleteForm(PortalForm):
    button = "Mark as complete"
    versioned = True
    evidence = forms.CharField(
        max_length=3000,
        widget=forms.Textarea,
        required=False,
        help_text="What shows that it is done, for example “Signed off at the meeting of 3 May”.",
    )
