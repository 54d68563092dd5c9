"""The form that proposes a gate decision, with room for its conditions."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms

from foundation.forms.base import PortalForm
from partnerships.actions.condition import MOST_CONDITIONS, Condition
from partnerships.lifecycle import MOVES_BACK, GateOutcome, Passage, Stage
from partnerships.models import Partnership

if TYPE_CHECKING:
    from accounts.models import Person

PARTS = ("text", "owner", "due_on")


class ProposeForm(PortalForm):
    button = "Propose and sign"
    versioned = True
    outcome = forms.ChoiceField(widget=forms.RadioSelect)
    reason = forms.CharField(
        max_length=3000, widget=forms.Textarea, help_text="It stays with the decision, and the other signer reads it."
    )

    def __init__(
        self, *args: Any, partnership: Partnership, passage: Passage, offered: Sequence[GateOutcome], **kwargs: Any
    ) -> None:
        """Only what can be proposed now is offered; what could be a moment ago is refused by the action, in words."""
        super().__init__(*args, **kwargs)
        outcome = self.fields["outcome"]
        outcome.choices = _labelled(self.outcomes_at(passage), passage)  # type: ignore[attr-defined]
        outcome.widget.choices = _labelled(offered, passage)
        self._has_conditions = GateOutcome.CONDITIONS in offered
        members = partnership.members.current().select_related("person").order_by("person__name")
        self._people: dict[str, Person] = {member.person.public_id: member.person for member in members}
        for number in range(1, MOST_CONDITIONS + 1):
            self.fields |= self._fields_of(number)

    def _fields_of(self, number: int) -> dict[str, forms.Field]:
        """The three boxes of one condition."""
        owners = [("", "Choose a person"), *((key, person.name) for key, person in self._people.items())]
        fields = (
            forms.CharField(label=f"Condition {number}", max_length=150, required=False),
            forms.ChoiceField(label=f"Owner of condition {number}", choices=owners, required=False),
            forms.DateField(
                label=f"Due date of condition {number}", required=False, help_text="For example, 27/3/2027."
            ),
        )
        return {_name(number, part): field for part, field in zip(PARTS, fields, strict=True)}

    @staticmethod
    def outcomes_at(passage: Passage) -> list[GateOutcome]:
        """What can ever be decided at this gate."""
        never = set() if passage.leaves in MOVES_BACK else {GateOutcome.GO_BACK}
        if passage.enters == Stage.CLOSED:
            never.add(GateOutcome.CONDITIONS)  # a closed partnership cannot meet them
        return [outcome for outcome in GateOutcome if outcome not in never]

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout("form_token", "version", "outcome", "reason", *self._conditions())
        return helper

    def _conditions(self) -> list[Fieldset]:
        if not self._has_conditions and not self.is_bound:
            return []
        boxes = [
            item
            for number in range(1, MOST_CONDITIONS + 1)
            for item in (_name(number, "text"), Row(_name(number, "owner"), _name(number, "due_on")))
        ]
        return [Fieldset("Conditions, only for “Pass with conditions”: one to five", *boxes)]

    def clean(self) -> dict[str, Any]:
        """A condition is whole or empty: text, owner and due date."""
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        for number in range(1, MOST_CONDITIONS + 1):
            names = [_name(number, part) for part in PARTS]
            if any(cleaned.get(name) for name in names):
                for name in names:
                    if not cleaned.get(name) and name not in self.errors:
                        self.add_error(name, "A condition needs what has to be done, its owner and its due date.")
        return cleaned

    def values(self) -> dict[str, Any]:
        typed = super().values()
        rows = [[typed[_name(number, part)] for part in PARTS] for number in range(1, MOST_CONDITIONS + 1)]
        conditions = [Condition(text, self._people[owner], due_on) for text, owner, due_on in rows if text]
        return {"outcome": typed["outcome"], "reason": typed["reason"], "conditions": conditions}


def _labelled(outcomes: Sequence[GateOutcome], passage: Passage) -> list[tuple[str, str]]:
    """Each outcome in words. Going back names the stage it goes back to."""
    labels = {outcome: outcome.label for outcome in GateOutcome}
    if back := MOVES_BACK.get(passage.leaves):
        labels[GateOutcome.GO_BACK] = f"Go back to {back.label.lower()}"
    labels[GateOutcome.STOP] = "Stop the partnership for good: only exit tasks are left to do"
    return [(outcome.value, labels[outcome]) for outcome in outcomes]


def _name(number: int, part: str) -> str:
    return f"condition_{number}_{part}"
