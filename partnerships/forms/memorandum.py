"""Forms of the memorandum's draft."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.forms.plan import Ticks
from partnerships.headings import BY_KEY, STARTING_HEADINGS
from partnerships.models import DraftComment, DraftSection

if TYPE_CHECKING:
    from accounts.models import Person


class SectionForm(PortalForm):
    button = "Save the section"
    versioned = True
    heading = forms.CharField(max_length=100)
    text = forms.CharField(max_length=10000, required=False, widget=forms.Textarea(attrs={"rows": 14}))

    def __init__(self, *args: Any, key: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        prompt = f"{BY_KEY[key].prompt} " if key in BY_KEY else ""
        self.fields["text"].help_text = f"{prompt}An empty section is not in the next version."


class AddSectionForm(PortalForm):
    button = "Add the section"
    key = forms.ChoiceField(label="Suggested heading", required=False)
    heading = forms.CharField(
        label="Your own heading", max_length=100, required=False, help_text="Leave it empty to use the suggested one."
    )
    after = forms.ChoiceField(label="It comes after", required=False)

    def __init__(self, *args: Any, sections: Sequence[DraftSection], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._sections = {section.public_id: section for section in sections}
        taken = {section.key for section in sections}
        free = [(heading.key, heading.title) for heading in STARTING_HEADINGS if heading.key not in taken]
        keys: Any = self.fields["key"]
        keys.choices = [("", "None of these"), *free]
        places: Any = self.fields["after"]
        places.choices = [("", "The last section"), *((key, str(row)) for key, row in self._sections.items())]

    def clean_after(self) -> DraftSection | None:
        return self._sections.get(self.cleaned_data["after"])


class CommentForm(PortalForm):
    button = "Save the comment"
    text = forms.CharField(
        label="Comment", max_length=2000, widget=forms.Textarea, help_text="Everyone in the partnership can read it."
    )


class ResolveForm(PortalForm):
    button = "Resolve the comment"
    word = forms.CharField(
        label="What was done about it", max_length=300, help_text="For example, “Changed to three months”."
    )


class HandPenForm(PortalForm):
    button = "Hand over the pen"
    to = forms.ChoiceField(label="Colleague", help_text="They are told by e-mail, and only they can write then.")

    def __init__(self, *args: Any, people: "Iterable[Person]", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._people = {person.public_id: person for person in people}
        field: Any = self.fields["to"]
        field.choices = [("", "Choose a person"), *((key, person.name) for key, person in self._people.items())]

    def clean_to(self) -> "Person | None":
        return self._people.get(self.cleaned_data["to"])


class IssueForm(PortalForm):
    button = "Issue for signature"
    versioned = True
    review_on = forms.DateField(label="Review date", help_text="When the partners look at it again: 27/3/2028, say.")
    leave_open = Ticks(label="Comments to leave open", required=False)

    def __init__(self, *args: Any, comments: Iterable[DraftComment], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["leave_open"]
        field.choices = [(row.public_id, f"{row.made_by} on “{row.section}”: {row.text}") for row in comments]
        field.help_text = "Each open comment is resolved first, or ticked here to stay open on purpose."
        if not field.choices and not self.is_bound:
            del self.fields["leave_open"]
