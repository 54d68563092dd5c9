"""Forms of the document register: who will be able to read it is said before anything is uploaded."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django import forms

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from partnerships.categories import DocumentCategory
from partnerships.information import WHO_READS, InformationClass

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partner, Partnership

IN_THE_LOG = "Write this in the information-sharing log"
LOG_HELP = "What partners can read here may help them to bid, so the log tells which of them can read it from today."


def class_choices(*, authority: bool) -> list[tuple[str, str]]:
    """The classes this person may give, each with who reads what has it."""
    return [
        (c.value, f"{c.label}. {text}") for c, text in WHO_READS.items() if authority or c != InformationClass.AUTHORITY
    ]


class DocumentForm(PortalForm):
    button = "Add the document"
    category = forms.ChoiceField(choices=[("", "Choose one"), *DocumentCategory.choices])
    title = forms.CharField(max_length=150, help_text="For example “Logic model, agreed at the second workshop”.")
    information_class = forms.ChoiceField(
        widget=forms.RadioSelect, label="Who may read it", help_text="Choose before you choose the file."
    )
    partner = forms.ChoiceField(
        required=False, label="Whose it is", help_text="Only for a partner-confidential document."
    )
    file = UploadField(label="File")
    log = forms.BooleanField(required=False, initial=True, label=IN_THE_LOG, help_text=LOG_HELP)

    def __init__(self, *args: Any, partnership: "Partnership", person: "Person", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        authority = person.organisation_id == partnership.public_lead_id
        partners = partnership.partners.current().select_related("organisation").order_by("organisation__name")
        if not authority:
            partners = partners.filter(organisation=person.organisation_id)
        self._partners = {partner.public_id: partner for partner in partners}
        fields: Any = self.fields
        fields["information_class"].choices = class_choices(authority=authority)
        names = [(key, str(partner)) for key, partner in self._partners.items()]
        fields["partner"].choices = [("", "No one partner’s"), *names]

    def clean_partner(self) -> Any:
        return self._partners.get(self.cleaned_data["partner"])


class VersionForm(PortalForm):
    button = "Add the version"
    versioned = True
    file = UploadField(label="File")
    note = forms.CharField(max_length=300, label="What changed", help_text="For example “Costs of the second year”.")
    log = forms.BooleanField(required=False, initial=True, label=IN_THE_LOG, help_text=LOG_HELP)


class ClassForm(PortalForm):
    button = "Change who may read it"
    versioned = True
    information_class = forms.ChoiceField(widget=forms.RadioSelect, label="Who may read it")
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Whoever may read the document can read the reason."
    )
    stays_known = forms.BooleanField(
        required=False,
        label="I know that whoever could read it until now may have read it, or kept a copy",
        help_text="Needed where fewer people will be able to read it. The page of the document will say so.",
    )
    log = forms.BooleanField(required=False, initial=True, label=IN_THE_LOG, help_text=LOG_HELP)

    def __init__(self, *args: Any, authority: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["information_class"].choices = class_choices(authority=authority)  # type: ignore[attr-defined]


class GrantForm(PortalForm):
    button = "Grant the earlier versions"
    partner = forms.ChoiceField(help_text="It joined after these versions were shared.")
    reason = forms.CharField(
        max_length=500, widget=forms.Textarea, help_text="Everyone who reads the document can read the reason."
    )
    log = forms.BooleanField(required=False, initial=True, label=IN_THE_LOG, help_text=LOG_HELP)

    def __init__(self, *args: Any, partners: "Iterable[Partner]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._partners = {partner.public_id: partner for partner in partners}
        told = [(key, f"{partner}, joined {partner.joined_on:%-d %B %Y}") for key, partner in self._partners.items()]
        self.fields["partner"].choices = [("", "Choose a partner"), *told]  # type: ignore[attr-defined]

    def clean_partner(self) -> Any:
        return self._partners.get(self.cleaned_data["partner"])
