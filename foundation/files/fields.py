"""The form field for one uploaded document."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.functional import lazy

from foundation.files import checks
from foundation.files.kinds import KINDS, in_words
from foundation.files.names import extension, label


def _help(words: str, only: Collection[str]) -> str:
    return f"{words} {in_words(only)}, up to {checks.largest()}.".strip()


class UploadField(forms.FileField):
    """One file of an accepted kind. Its help text says which those are, after any words of your own.

    `only`: the endings of those that are accepted here.
    """

    def __init__(self, *, help_text: str = "", only: Collection[str] = tuple(KINDS), **kwargs: Any) -> None:
        self.only = only
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": ",".join(f".{ending}" for ending in only)}))
        # Django would refuse an empty file too, but with fewer words than the checks have.
        super().__init__(help_text=lazy(_help, str)(help_text, only), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            name = label(upload.name or "")
            if extension(name) not in self.only:
                raise ValidationError(f"“{name}” cannot be accepted. Upload {in_words(self.only)}.", code="kind")
            checks.content_type_of(upload)
        return upload


class PhotoField(forms.FileField):
    """One JPEG or PNG, as a telephone takes it."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": "image/jpeg,image/png"}))
        super().__init__(help_text=lazy(_photo_help, str)(), allow_empty_file=True, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> Any:
        upload = super().clean(data, initial)
        if isinstance(upload, UploadedFile):
            checks.picture_type_of(upload)
        return upload


def _photo_help() -> str:
    return f"JPEG or PNG, up to {checks.largest()}. Where and when it was taken is removed from the file."
