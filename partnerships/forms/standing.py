"""Forms about leaving, succeeding, pausing, and what the partners have agreed to be together."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.models import Vehicle

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partner


class LeaveForm(PortalForm):
    button = "Give notice"
    versioned = True
    left_on = forms.DateField(label="Last day", help_text="Its people lose their roles at the end of this day.")
    reason = forms.CharField(max_length=500, widget=forms.Textarea, help_text="Everyone in the partnership reads it.")


class StayForm(PortalForm):
    button = "Take the notice back"
    versioned = True
    reason = forms.CharField(max_length=500, widget=forms.Textarea, help_text="Everyone in the partnership reads it.")


class HandOverForm(PortalForm):
    button = "Hand it over"
    to = forms.ChoiceField(label="New owner", help_text="Whoever stays in the partnership.")

    def __init__(self, *args: Any, takers: "Mapping[str, Person | Partner]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._takers = takers
        told = [(key, _in_full(taker)) for key, taker in takers.items()]
        self.fields["to"].choices = [("", "Choose one"), *told]  # type: ignore[attr-defined]

    def clean_to(self) -> Any:
        return self._takers.get(self.cleaned_data["to"])


def _in_full(taker: "Person | Partner") -> str:
    return f"{taker}, {taker.organisation}" if str(taker) != str(taker.organisation) else str(taker)


class SuccessorForm(PortalForm):
    button = "Name the successor"
    versioned = True
    person = forms.ChoiceField(label="New third sector lead", help_text="This person’s organisation leads from today.")
    reason = forms.CharField(label="How it was agreed", max_length=500, widget=forms.Textarea)

    def __init__(self, *args: Any, people: dict[str, tuple["Person", "Partner"]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = people
        told = [(key, f"{person.name}, {partner}") for key, (person, partner) in people.items()]
        self.fields["person"].choices = [("", "Choose a person"), *told]  # type: ignore[attr-defined]

    def clean_person(self) -> Any:
        person, _ = self._people[self.cleaned_data["person"]]
        return person


class PauseForm(PortalForm):
    button = "Pause the partnership"
    versioned = True
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Everyone reads it, and the sponsor gets it by mail."
    )


class ResumeForm(PortalForm):
    button = "Resume the partnership"
    versioned = True
    reason = forms.CharField(max_length=500, widget=forms.Textarea, help_text="What has changed. Everyone reads it.")


class AgreementForm(PortalForm):
    versioned = True
    vehicle = forms.ChoiceField(
        label="How you deliver together",
        required=False,
        choices=[("", "Not agreed yet"), *Vehicle.choices],
        help_text="In each of them every partner keeps its own identity, board, staff and ethos.",
    )
    vision = forms.CharField(
        label="Statement of shared vision and values",
        max_length=3000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    vision_agreed_on = forms.DateField(
        label="Statement agreed on", required=False, help_text="For example, 27/3/2026. Leave it empty without one."
    )
