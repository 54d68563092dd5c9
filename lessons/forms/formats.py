"""Forms about formats: who proof-read a braille file, and a version that somebody made elsewhere."""

from django import forms

from foundation.forms.base import PortalForm
from lessons.models import VersionKind
from lessons.models.publication import LANGUAGE

LANGUAGE_HINT = "Its code: en-GB for English, gd for Gaelic, pl for Polish, bfi for British Sign Language."


class ProofReadingForm(PortalForm):
    button = "It was proof-read"

    reader = forms.CharField(
        label="Who proof-read it",
        max_length=120,
        help_text="A qualified transcriber, or a transcription service. The braille file names them on its first page.",
    )


class VersionForm(PortalForm):
    button = "Link the version"

    kind = forms.ChoiceField(label="Kind of version", choices=[("", "Choose a kind"), *VersionKind.choices])
    language = forms.RegexField(
        LANGUAGE,
        label="Language",
        max_length=20,
        initial="en-GB",
        help_text=LANGUAGE_HINT,
        error_messages={"invalid": "Enter a language code. gd is Gaelic, pl is Polish, bfi is British Sign Language."},
    )
    title = forms.CharField(
        label="Title", max_length=150, help_text="In the language of the version. It must make sense read on its own."
    )
    address = forms.URLField(
        label="Web address",
        max_length=300,
        assume_scheme="https",
        help_text="Where the version is: a page, a video or a file. It begins with https://",
    )
