"""The form every form of the portal is: plain text only, sent once, and never against a page that has changed.

A form is laid out by crispy-forms with the `sgds` template pack; templates say `{% crispy form %}` inside nothing else.
"""

import unicodedata
from datetime import date
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Submit
from django import forms
from django.http import QueryDict

from foundation.audit.events import new_form_token
from foundation.forms.defaults import EasyForm
from foundation.forms.numbers import plainly_written

KEPT_CONTROLS = "\n\t"
# A date outside these years is a slip of the finger, and reckoning with it runs off the end of the calendar.
FIRST_YEAR, LAST_YEAR = 1900, 2199


class Button(Submit):
    """A submit button without crispy's own class names: the template pack gives it the design system's."""

    field_classes = ""


NEVER_TEXT = "\u202a\u202b\u202d\u202e\ufffe\uffff"
"""Marks that turn the direction of what follows, and the two that no XML (a feed, a workbook, an EPUB) can hold."""


def plain_text(value: str, *, one_line: bool = False) -> str:
    """`value` with plain line ends; ValidationError for control or bidirectional-override marks, or nothing to see.

    `one_line`: for what was asked in a single-line box, where a line end can only be an attack on a mail's headers.
    """
    kept = "" if one_line else KEPT_CONTROLS
    value = value.replace("\r\n", "\n").replace("\r", "\n")
    for mark in value:
        if (mark not in kept and unicodedata.category(mark) in ("Cc", "Cs")) or mark in NEVER_TEXT:
            raise forms.ValidationError(
                "Remove the invisible control character. It usually comes from copying and pasting."
            )
    if value.strip() and all(mark.isspace() or unicodedata.category(mark) == "Cf" for mark in value):
        raise forms.ValidationError("Nothing that can be seen arrived. Type it again.")
    return value


def likely_date(value: date) -> date:
    """`value`, a date or a moment, when it is of a year that anything here could be about."""
    if not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise forms.ValidationError(f"Check the year: it must be from {FIRST_YEAR} to {LAST_YEAR}")
    return value


class Token(forms.CharField):
    """Makes a form unlike any other; it is not something the person typed, so it never counts as a change."""

    def has_changed(self, initial: Any, data: Any) -> bool:
        return False


class PortalForm(EasyForm):
    """Subclass it and set `button`. With `versioned = True` pass `version=` so that a stale tab is noticed.

    `cancel_url` (an attribute or an argument) puts a way out beside the button; `secondary` is a second button,
    ("name", "Label"), recognised by its name in `form.data`; `danger` marks a button that cannot be taken back.
    """

    button = "Save"
    cancel_url = ""
    secondary: tuple[str, str] | None = None
    danger = False
    marks_optional = True
    form_token = Token(widget=forms.HiddenInput(attrs={"id": False}), max_length=40, required=False)
    versioned = False

    def __init__(self, *args: Any, version: int | None = None, cancel_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.cancel_url = cancel_url or self.cancel_url
        self.fields["form_token"].initial = new_form_token
        if self.versioned:
            hidden = forms.HiddenInput(attrs={"id": False})
            self.fields["version"] = forms.IntegerField(widget=hidden, initial=version)

    def take_version(self, version: int | None) -> None:
        """Whoever was told of a newer version may send the form again, knowing it."""
        if self.versioned and version is not None and isinstance(self.data, QueryDict):
            self.data = self.data.copy()
            self.data[self.add_prefix("version")] = str(version)

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()  # without a layout of its own: the template writes every field in its order
        helper.form_class = "psp_form"
        helper.attrs = {"novalidate": "novalidate"}  # the server's messages are the accessible ones
        helper.add_input(Button("", self.button, css_class="psp_button--danger" if self.danger else ""))
        if self.secondary:
            helper.add_input(Button(*self.secondary, css_class="ds_button--secondary"))
        if self.cancel_url:
            helper.cancel_url = self.cancel_url
        return helper

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            try:
                self.cleaned_data[name] = self._sound(name, value)
            except forms.ValidationError as error:
                self.add_error(name, error)

    def _sound(self, name: str, value: Any) -> Any:
        if isinstance(value, str):
            return plain_text(value, one_line=isinstance(self.fields[name].widget, forms.TextInput))
        if isinstance(self.fields[name], forms.IntegerField) and value is not None:
            plainly_written(self.fields[name], self[name].data)
        return likely_date(value) if isinstance(value, date) else value

    @property
    def version(self) -> int | None:
        """The version the person was looking at when they opened the form."""
        return self.cleaned_data.get("version")

    def values(self) -> dict[str, Any]:
        """What was typed, without the form's own bookkeeping: ready to hand to an action as keyword arguments."""
        return {k: v for k, v in self.cleaned_data.items() if k not in ("form_token", "version")}


class ConfirmForm(PortalForm):
    """Nothing to type: a button that counts once, however often it is pressed.

    `address` is where it goes when it stands on another page. With `version=` a page that is out of date is noticed.
    """

    def __init__(self, *args: Any, button: str, address: str = "", version: int | None = None, **kwargs: Any) -> None:
        self.button, self.address, self.versioned = button, address, version is not None
        super().__init__(*args, version=version, **kwargs)

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        if self.address:
            helper.form_action = self.address
        return helper
