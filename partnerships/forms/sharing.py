"""Forms of the information-sharing log: the four classes are explained in the choice itself."""

from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.information import WHAT_IT_MEANS, InformationClass

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partnership


class SharingForm(PortalForm):
    button = "Write into the log"
    what = forms.CharField(
        max_length=2000,
        widget=forms.Textarea,
        label="What was shared",
        help_text="The document, the figures or the news: what somebody could use in a bid.",
    )
    given_to = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple, label="Shared with")
    shared_on = forms.DateField(label="Date it was shared", help_text="For example, 27/3/2027.")
    how = forms.CharField(
        max_length=200, label="How", help_text="For example “By e-mail” or “At the workshop in Cupar”."
    )
    shared_by = forms.ChoiceField(label="Shared by")
    information_class = forms.ChoiceField(
        widget=forms.RadioSelect,
        label="Class of information",
        help_text="It decides who can read this entry, and what happens with it before the tender.",
    )

    def __init__(self, *args: Any, partnership: "Partnership", person: "Person", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = partnership.partners.select_related("organisation").order_by("organisation__name")
        self._organisations = {p.organisation.public_id: p.organisation for p in partners}
        members = partnership.members.select_related("person__organisation").order_by("person__name")
        self._people = {m.person.public_id: m.person for m in members}
        authority = person.organisation_id == partnership.public_lead_id
        fields: Any = self.fields
        fields["given_to"].choices = [(key, o.name) for key, o in self._organisations.items()]
        fields["shared_by"].choices = [("", "Choose a person"), *((k, p.name) for k, p in self._people.items())]
        fields["shared_by"].initial = person.public_id
        fields["information_class"].choices = [
            (c.value, f"{c.label}. {text}")
            for c, text in WHAT_IT_MEANS.items()
            if authority or c != InformationClass.AUTHORITY
        ]

    def clean_given_to(self) -> list[Any]:
        return [self._organisations[key] for key in dict.fromkeys(self.cleaned_data["given_to"])]

    def clean_shared_by(self) -> Any:
        return self._people[self.cleaned_data["shared_by"]]


class CorrectSharingForm(SharingForm):
    button = "Save as a correction"
    reason = forms.CharField(
        max_length=1000, widget=forms.Textarea, help_text="What was wrong. The old entry stays in the log with it."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["given_to"].required = False
        self.fields["given_to"].help_text = "Leave all unticked if it was never shared."
