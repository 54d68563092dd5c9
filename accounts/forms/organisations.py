"""The form of an organisation: doubles are shown beside the field, each with a link to the entry it may repeat."""

from typing import Any

from django import forms
from django.utils.html import format_html_join

from accounts.doubles import Double, certain_doubles, similar_names
from accounts.models import Organisation, OrganisationKind
from accounts.numbers import charity_number_shape, company_number_shape, org_id_shape
from foundation.forms.base import PortalForm


class OrganisationForm(PortalForm):
    versioned = True
    name = forms.CharField(
        label="Name",
        max_length=200,
        help_text="As it is registered, or as people know it. If it took another name, use “Record a new name”.",
    )
    kind = forms.ChoiceField(label="What it is", choices=[("", "Choose one"), *OrganisationKind.choices])
    charity_number = forms.CharField(
        label="Scottish charity number", required=False, max_length=20, help_text="For example SC012345."
    )
    company_number = forms.CharField(
        label="Company number", required=False, max_length=20, help_text="For example SC123456 or 01234567."
    )
    org_id = forms.CharField(
        label="Org-id",
        required=False,
        max_length=60,
        help_text="Leave it empty if you gave a number above: it follows from that. Otherwise a prefix and a number, "
        "for example GB-CHC-1234567 for a charity in England.",
    )
    about = forms.CharField(
        label="What it does", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, organisation: Organisation | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organisation = organisation
        self.button = "Save" if organisation else "Add to the register"
        if organisation is None:
            del self.fields["version"]
        if "different" in self.data:
            self._ask_whether_different()

    def clean_charity_number(self) -> str:
        return _number(self.cleaned_data["charity_number"], charity_number_shape)

    def clean_company_number(self) -> str:
        return _number(self.cleaned_data["company_number"], company_number_shape)

    def clean_org_id(self) -> str:
        return _number(self.cleaned_data["org_id"], org_id_shape)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if name := cleaned.get("name"):
            doubles = certain_doubles(
                name=name,
                charity_number=cleaned.get("charity_number", ""),
                company_number=cleaned.get("company_number", ""),
                org_id=cleaned.get("org_id", ""),
                but=self.organisation,
            )
            show_doubles(self, doubles or self._similar(name))
        return cleaned

    def _similar(self, name: str) -> list[Double]:
        """Names that sound alike, until the person says that theirs is another organisation."""
        unchanged = self.organisation is not None and self.organisation.name == name
        if unchanged or self.cleaned_data.get("different"):
            return []
        alike = similar_names(name, but=self.organisation)
        if alike:
            self._ask_whether_different()
        return alike

    def _ask_whether_different(self) -> None:
        self.fields["different"] = forms.BooleanField(
            label="This is a different organisation with a similar name", required=False
        )
        self.order_fields(["name", "different"])

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name != "different"}


def show_doubles(form: PortalForm, doubles: list[Double]) -> None:
    """Each double beside the field it was found by, with a link to the organisation that exists already."""
    for double in doubles:
        form.add_error(double.field, double.sentence)
    for field in {double.field for double in doubles}:
        links = ((d.organisation.get_absolute_url(), d.organisation) for d in doubles if d.field == field)
        form[field].help_text = format_html_join(" · ", '<a href="{}">Look at {}</a>', links)


def _number(value: str, shape: Any) -> str:
    number = "".join(value.split()).upper()
    if number:
        shape(number)
    return number
