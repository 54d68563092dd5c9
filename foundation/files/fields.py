"""The form field for one uploaded document."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy

from foundation.files import checks
from foundation.files.kinds import KINDS, in_words


def _help(words: str) -> str:
    return f"{words} {in_words()}, up to {checks.largest()}.".strip()


class UploadField(forms.FileField):
    """One file of an accepted kind. Its help text says which those are, after any words of your own."""

    def __init__(self, *, help_text: str = "", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in KINDS)}))
        # Django would refuse an empty file too, but with fewer words than the checks have.
        super().__init__(help_text=lazy(_help, str)(help_text), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            checks.content_type_of(upload)
        return upload
