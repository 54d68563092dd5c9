"""Forms about what ties organisations together."""

from typing import Any

from django import forms

from accounts.doubles import certain_doubles
from accounts.forms.organisations import show_doubles
from accounts.models import LinkKind, Organisation
from foundation.forms.base import PortalForm

# The same tie told from either end: the first when the other one stands above, the second when it stands below.
TOLD = {
    LinkKind.JOINT_COMPANY: (
        "It is a member of the other one, a jointly owned company",
        "It is a jointly owned company, and the other one is a member",
    ),
    LinkKind.CONSORTIUM: (
        "It is a member of the other one, a consortium",
        "It is a consortium, and the other one is a member",
    ),
    LinkKind.SUBSIDIARY: ("It is a subsidiary of the other one", "It is the parent of the other one"),
}
ENDS = ("above", "below")


class OtherOrganisation(PortalForm):
    """A form that asks for another organisation, by the name of `asks_for`."""

    asks_for = "other"

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        others = Organisation.objects.standing().exclude(pk=organisation.pk)
        self.fields[self.asks_for].queryset = others  # type: ignore[attr-defined]


def other_field(**options: Any) -> "forms.ModelChoiceField[Organisation]":
    nobody = Organisation.objects.none()
    return forms.ModelChoiceField(nobody, to_field_name="public_id", empty_label="Choose one", **options)


class LinkForm(OtherOrganisation):
    button = "Record that they are related"
    kind = forms.ChoiceField(
        label="How they are related",
        choices=[
            ("", "Choose one"),
            *((f"{kind.value}:{end}", told) for kind in LinkKind for end, told in zip(ENDS, TOLD[kind], strict=True)),
        ],
    )
    other = other_field(label="The other organisation")
    since = forms.DateField(label="Since", help_text="For example, 27/3/2027.")
    until = forms.DateField(label="Until", required=False, help_text="Leave this empty while it lasts.")

    def values(self) -> dict[str, Any]:
        """As `link_organisations` takes them: which of the two stands above."""
        values = super().values()
        kind, _, end = values["kind"].partition(":")
        other = values.pop("other")
        above, below = (other, self.organisation) if end == "above" else (self.organisation, other)
        return values | {"kind": kind, "above": above, "below": below}


class EndLinkForm(PortalForm):
    button = "Set the last day"
    until = forms.DateField(label="Last day", help_text="For example, 27/3/2027.")


class RenameForm(PortalForm):
    button = "Record the new name"
    versioned = True
    name = forms.CharField(label="New name", max_length=200)
    since = forms.DateField(label="Since", help_text="The first day of the new name, for example 27/3/2027.")

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if name := cleaned.get("name"):
            doubles = certain_doubles(name=name, charity_number="", company_number="", but=self.organisation)
            show_doubles(self, doubles)
        return cleaned


class MergeForm(OtherOrganisation):
    button = "Record the merger"
    danger = True
    versioned = True
    asks_for = "into"
    into = other_field(label="Organisation that goes on")
    merged_on = forms.DateField(label="Day of the merger", help_text="For example, 27/3/2027.")
