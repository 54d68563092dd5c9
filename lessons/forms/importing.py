"""Importing a publication: the file, then everything that was found in it, to be changed before it is kept."""

from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from lessons import boilerplate
from lessons.forms.learning_point import ONE_EACH, BlocksForm, LinesField
from lessons.importing import ENDINGS, Mapped, Unreadable, read
from partnerships.themes import Theme

SEPARATOR = " | "


class UploadForm(PortalForm):
    button = "Read the file"

    file = forms.FileField(
        label="The publication",
        help_text="A .docx, .md, .txt or .html file of at most 5 MB. Nothing is saved before you have seen it.",
        widget=forms.FileInput(attrs={"accept": ",".join(ENDINGS)}),
    )
    mapped: Mapped

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        try:
            self.mapped = read(file.name, file.read())
        except Unreadable as problem:
            raise forms.ValidationError(str(problem)) from None
        return file


class PreviewForm(BlocksForm):
    """The blocks as the file has them, and what becomes a draft of a lesson of its own."""

    button = "Keep it as a draft"
    versioned = False

    learned = LinesField(
        label="What has been learned?",
        help_text="One lesson to a line. Each becomes a draft in the library, with the publication as its source.",
        longest=1000,
        most=20_000,
    )
    theme = forms.ChoiceField(
        label="Theme of these lessons", help_text="You can change it lesson by lesson afterwards.",
        choices=[("", "Choose a theme"), *Theme.choices],
    )  # fmt: skip
    related = LinesField(label="Related", help_text=f"{ONE_EACH} The title, then{SEPARATOR}then the web address.")
    left_over = LinesField(
        label="Not placed", help_text="It stood under no heading that is known. Move what you need; it is not kept.",
        longest=5000, most=100_000,
    )  # fmt: skip

    def links(self) -> list[tuple[str, str]]:
        """Pairs of title and address; a line without an address is a title."""
        pairs = (line.partition(SEPARATOR) for line in self.cleaned_data["related"].splitlines())
        return [(title.strip()[:200], address.strip()[:300]) for title, _, address in pairs]

    def lessons(self) -> list[str]:
        return list(self.cleaned_data["learned"].splitlines())


def initial_of(mapped: Mapped) -> dict[str, Any]:
    """What the preview shows first: what was found, and the standing text of the series where nothing was."""
    return {
        **boilerplate.TEXTS,
        "stages": "\n".join(boilerplate.STAGES),
        **mapped.texts,
        **{name: "\n".join(lines) for name, lines in mapped.lines.items() if lines},
        "title": mapped.title[:150],
        "abbreviation": mapped.abbreviation,
        "first_published": mapped.first_published,
        "learned": "\n".join(mapped.learned),
        "related": "\n".join(SEPARATOR.join(link) for link in mapped.links),
        "left_over": "\n".join(mapped.unplaced),
    }
