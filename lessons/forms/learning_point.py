"""The forms of a learning point. A block that is a list is one line each in a text area."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from foundation.forms.base import PortalForm
from lessons.actions.learning_point import Chosen
from lessons.forms.lesson import long_text
from lessons.forms.places import PlacesForm
from lessons.models import Block, LearningPoint
from lessons.models.learning_point import TEXT_FIELDS
from lessons.publications import lines_of

LONGEST_LINE = 500
ONE_EACH = "One to a line."


class LinesField(forms.CharField):
    """Lines of text; empty ones are dropped."""

    def __init__(self, *, longest: int = LONGEST_LINE, most: int = 6000, **options: Any) -> None:
        self.longest = longest
        super().__init__(widget=forms.Textarea(attrs={"rows": 6}), required=False, max_length=most, **options)

    def clean(self, value: Any) -> Any:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        for line in lines:
            if len(line) > self.longest:
                raise forms.ValidationError(
                    f"“{line[:40]}…” has {len(line)} characters. A line may have {self.longest}."
                )
        return "\n".join(lines)


class StartForm(PlacesForm):
    button = "Start the draft"

    title = forms.CharField(label="Topic", max_length=150, help_text="For example: “Community transport partnerships”.")
    abbreviation = forms.CharField(label="Its abbreviation, if it has one", max_length=20, required=False)


class BlocksForm(PortalForm):
    """All blocks but the lessons and the links, which have pages of their own."""

    button = "Save the draft"
    versioned = True

    title = forms.CharField(label="Topic", max_length=150)
    abbreviation = forms.CharField(label="Its abbreviation, if it has one", max_length=20, required=False)
    publisher = forms.CharField(label="For more information: publisher", max_length=150, required=False)
    postal_address = long_text("Postal address", most=400, rows=3)
    telephone = forms.CharField(label="Telephone", max_length=40, required=False)
    email = forms.EmailField(label="E-mail", required=False)
    website = forms.CharField(label="Website", max_length=300, required=False)
    other_formats = long_text("Other formats", most=1000)
    about_the_series = long_text("What are learning points?", most=1000)
    about = long_text("What is this learning point about?", most=2000)
    projects = LinesField(label="Projects covered", help_text=ONE_EACH)
    issues = LinesField(label="What are the important issues?", help_text=ONE_EACH)
    disclaimer = long_text("Whose views these are", most=1000)
    first_published = forms.CharField(
        label="First published elsewhere",
        max_length=150,
        required=False,
        help_text="If it is not new: series, number, publisher and date.",
    )
    known_already = long_text("What is known already?", rows=6)
    stages = LinesField(label="The three stages", help_text="Three lines: design, pilot, tender.")
    next = LinesField(label="What next?", help_text=ONE_EACH)

    def blocks(self) -> dict[str, Any]:
        """What was typed, as the action takes it."""
        values = self.values()
        return {
            "texts": {name: values[name] for name in TEXT_FIELDS},
            "lines": {block.value: values[block].splitlines() for block in Block},
        }


class RevisePointForm(BlocksForm):
    button = "Publish the revision"

    change_note = forms.CharField(
        label="What was changed", max_length=300, help_text="Readers see it beside the date of the change."
    )


def blocks_of(point: LearningPoint) -> dict[str, str]:
    """The initial values of `BlocksForm`."""
    return point.texts() | {block: "\n".join(lines) for block, lines in lines_of(point).items()}


class WordsForm(PlacesForm):
    """The lessons of a draft: their places, and the words this learning point uses for each."""

    button = "Save the lessons"
    versioned = True

    def __init__(self, *args: Any, words: dict[int, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        places = {name: self.fields.pop(name) for name in list(self.fields) if name.startswith("place_")}
        for lesson, (name, field) in zip(self.lessons, places.items(), strict=True):
            self.fields[name] = field
            self.fields[f"words_{lesson.number}"] = long_text(
                f"Words for lesson {lesson.number}", "Fewer than 60. Empty: its own advice.", most=1000, rows=3
            )
            self.fields[f"words_{lesson.number}"].initial = words.get(lesson.number, "")
        self.fields["more"] = forms.CharField(
            label="Lessons to add, by number",
            help_text="For example: 3, 12. They come last; give them their place and words afterwards.",
            max_length=200,
            required=False,
        )

    def clean_more(self) -> list[int]:
        parts = self.cleaned_data["more"].replace(",", " ").split()
        if not all(part.isdecimal() and len(part) < 7 for part in parts):
            raise forms.ValidationError("Enter the numbers of lessons, for example 3, 12.")
        return [int(part) for part in parts]

    def chosen(self) -> list[Chosen]:
        """The lessons that keep a place, in order, each with its words."""
        return [Chosen(lesson, self.cleaned_data[f"words_{lesson.number}"]) for lesson in self.in_order()]


class NameContributorForm(PortalForm):
    button = "Name it"
    versioned = True

    organisation: Any = forms.ModelChoiceField(
        Organisation.objects.none(),
        to_field_name="public_id",
        empty_label="Choose one",
        help_text="One that is not a partner: partners can be asked as they are.",
    )
    contributed = forms.CharField(
        label="What it contributed",
        max_length=200,
        help_text="In plain words, for example: “the figures on waiting times”. It reads this when it is asked.",
    )

    def __init__(self, *args: Any, offered: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = offered  # type: ignore[attr-defined]


class LinkForm(PortalForm):
    button = "Add the link"

    title = forms.CharField(
        label="Title", max_length=200, help_text="It must make sense when it is read on its own: never “click here”."
    )
    publisher = forms.CharField(label="Publisher", max_length=150, required=False)
    year = forms.IntegerField(label="Year", min_value=1500, max_value=2999, required=False)
    isbn = forms.CharField(label="ISBN", max_length=20, required=False)
    address = forms.CharField(label="Address", max_length=300, required=False)
