"""The forms about people: invite, correct, give a role, close."""

from typing import Any

from django import forms
from django.db.models import Q

from accounts.models import Organisation, Person
from accounts.roles import DESCRIPTION, PortalRole
from foundation.forms.base import PortalForm


def organisation_field(**options: Any) -> "forms.ModelChoiceField[Organisation]":
    return forms.ModelChoiceField(
        Organisation.objects.standing(),
        to_field_name="public_id",
        empty_label="Choose one",
        label="Organisation",
        **options,
    )


class InviteForm(PortalForm):
    button = "Send the invitation"
    name = forms.CharField(label="Name", max_length=120)
    email = forms.EmailField(label="E-mail address", max_length=254, help_text="The link goes to this address only.")
    organisation = organisation_field(help_text="The organisation this person acts for.")
    message = forms.CharField(
        label="A few words from you",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="They stand in the mail, so that the person knows it comes from you.",
    )


class PersonForm(PortalForm):
    versioned = True
    name = forms.CharField(label="Name", max_length=120)
    job_title = forms.CharField(label="Post", max_length=120, required=False)
    organisation = organisation_field()

    def __init__(self, *args: Any, with_organisation: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not with_organisation:
            del self.fields["organisation"]
        elif now := self.initial.get("organisation"):  # it stays on offer to its people when it was merged since
            offered = Organisation.objects.filter(Q(survivor=None) | Q(public_id=now))
            self.fields["organisation"].queryset = offered  # type: ignore[attr-defined]


class PortalRoleForm(PortalForm):
    button = "Give this role"
    versioned = True
    role = forms.ChoiceField(
        label="Role for the whole portal",
        widget=forms.RadioSelect,
        choices=[(role.value, f"{role.label}. {DESCRIPTION[role]}") for role in PortalRole],
    )


class CloseAccountForm(PortalForm):
    button = "Close the account"
    versioned = True
    danger = True
    reason = forms.CharField(label="Why", max_length=500, help_text="It stays in the history of this person.")


def of_person(person: Person) -> dict[str, Any]:
    """What the person form shows before anything is typed."""
    return {
        "name": person.name,
        "job_title": person.job_title,
        "organisation": person.organisation.public_id if person.organisation else "",
    }
