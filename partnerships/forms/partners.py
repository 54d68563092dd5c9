"""Forms about organisations and people in a partnership."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from foundation.forms.base import PortalForm
from partnerships.roles import LEADING_PARTS, PartnerPart, PartnershipRole


class OrganisationChoice(PortalForm):
    """A form with an `organisation` chosen from `organisations`."""

    organisation: Any = forms.ModelChoiceField(Organisation.objects.none(), empty_label="Choose an organisation")

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]


class PartnerForm(OrganisationChoice):
    button = "Add the partner"
    part = forms.ChoiceField(
        choices=[("", "Choose one"), *((p.value, p.label) for p in PartnerPart if p not in LEADING_PARTS)],
        help_text="What the organisation does in the partnership.",
    )
    joined_on = forms.DateField(label="Joins on", help_text="For example, 27/3/2027.")


class ContingencyForm(PortalForm):
    button = "Save the contingency plan"
    versioned = True
    plan = forms.CharField(
        label="If you do not win the contract",
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 12}),
        help_text=(
            "What happens to staff, to money (how many months of gap?), to the people who use the service, and to "
            "property, equipment and data; and the dates on which you would act."
        ),
    )


class MemberForm(OrganisationChoice):
    button = "Give the role"
    name = forms.CharField(max_length=120)
    email = forms.EmailField(label="E-mail address", help_text="Somebody new to the portal gets an invitation.")
    role = forms.ChoiceField(choices=[("", "Choose a role"), *PartnershipRole.choices])
    field_order = ("name", "email", "organisation", "role")
