"""The forms of a profile."""

from typing import Any

from django import forms
from django.db import models

from foundation.forms.base import PortalForm
from lessons.forms.lesson import long_text
from lessons.models import Profile
from lessons.models.profile import PARTS, TEXT_FIELDS
from partnerships.models import Partnership
from pilots.models import Story

HINTS = {
    "what": "The service in a few sentences, for somebody who has never heard of it.",
    "partners": "One a line: the organisation, and its part.",
    "dates": "One a line.",
    "money": "One a line: what is promised, what was spent, and who pays.",
    "reached": "One a line, from accepted returns. Leave out any number of fewer than five people.",
    "learned": "One a line.",
    "contact": "A role and an organisation. Name no person.",
}


class StartProfileForm(PortalForm):
    button = "Start the profile"

    def __init__(self, *args: Any, among: list[Partnership], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.among = {one.public_id: one for one in among}
        self.fields["partnership"] = forms.ChoiceField(
            label="Partnership",
            choices=[("", "Choose a partnership"), *((key, one.title) for key, one in self.among.items())],
            help_text="The draft is filled in with what the portal knows of it.",
        )

    def chosen(self) -> Partnership:
        return self.among[self.cleaned_data["partnership"]]


class ProfileForm(PortalForm):
    """A draft may be unfinished: only its title is needed."""

    button = "Save the draft"
    versioned = True

    title = forms.CharField(label="Title", max_length=150)

    def __init__(self, *args: Any, profile: Profile, stories: list[Story], **kwargs: Any) -> None:
        chosen = next((one.public_id for one in stories if one.pk == profile.story_id), "")
        kwargs.setdefault("initial", profile.texts() | {"story": chosen})
        super().__init__(*args, **kwargs)
        self.stories = {one.public_id: one for one in stories}
        for field, heading, is_list in PARTS:
            column = Profile._meta.get_field(field)
            assert isinstance(column, models.TextField)
            most = column.max_length or 3000
            self.fields[field] = long_text(heading, HINTS.get(field, ""), most=most, rows=5 if is_list else 3)
        self.fields["story"] = forms.ChoiceField(
            label="A story of one person",
            choices=[("", "No story"), *((key, str(one)) for key, one in self.stories.items())],
            required=False,
            help_text="Only stories that the person agreed to have published. Without that consent it is gone at once.",
        )
        names = [name for name in self.fields if name not in ("change_note", "names_may_stay")]
        self.order_fields([*names, "change_note", "names_may_stay"])

    def profile(self) -> dict[str, Any]:
        """What the actions take."""
        texts = {name: self.cleaned_data[name] for name in TEXT_FIELDS}
        return {"texts": texts, "story": self.stories.get(self.cleaned_data["story"])}


class ReviseProfileForm(ProfileForm):
    button = "Publish the revision"

    change_note = forms.CharField(
        label="What was changed", max_length=300, help_text="Readers see it beside the date of the change."
    )
    names_may_stay = forms.BooleanField(
        label="Names that this change brings in may be published",
        required=False,
        help_text="Only asked when there are some. Names of people should be left out.",
    )
