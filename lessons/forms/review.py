"""Asking the partners, answering them, checking, and saying how a lesson did."""

from typing import Any

from django import forms

from accounts.models import Organisation
from foundation.forms.base import PortalForm
from lessons.forms.lesson import long_text
from partnerships.themes import Theme


class AskForm(PortalForm):
    """For a lesson its partners are named already; for a learning point the publisher ticks them.

    `named`: others are asked besides, so that no partner need be ticked.
    """

    button = "Ask the partners"
    versioned = True

    until = forms.DateField(
        label="Day until which they are waited for",
        help_text="After this day it can be published without a partner’s sign-off. At most 90 days from now.",
    )

    def __init__(
        self, *args: Any, offered: list[Organisation], choose: bool, named: bool = False, **kwargs: Any
    ) -> None:
        self.button = "Ask them" if named else self.button
        super().__init__(*args, **kwargs)
        self.offered = offered
        if choose and offered:
            self.fields["organisations"] = forms.MultipleChoiceField(
                label="Partners who contributed",
                required=not named,
                choices=[(row.public_id, row.name) for row in offered],
                initial=[row.public_id for row in offered],
                widget=forms.CheckboxSelectMultiple,
            )

    def asked(self) -> list[Organisation]:
        """The organisations that were ticked, or all when there was nothing to tick."""
        ticked = self.cleaned_data.get("organisations")
        return [row for row in self.offered if ticked is None or row.public_id in ticked]


def part_key(heading: str) -> str:
    """What a comment keeps of the heading of the part it is about."""
    return heading[:20]


class CommentForm(PortalForm):
    button = "Send the comment"

    text = long_text("What should change", "The writers read it. It is not published.", most=2000, needed=True)

    def __init__(self, *args: Any, parts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "All of it"), *((part_key(label), label) for label in parts)]
        self.fields["part"] = forms.ChoiceField(label="Which part", choices=choices, required=False)
        self.order_fields(["part", "text"])


class CheckForm(PortalForm):
    button = "It passes the check"
    versioned = True

    names_may_stay = forms.BooleanField(
        label="I have looked at the names listed here. They may be published.", required=False
    )

    def __init__(self, *args: Any, names: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not names:
            self.fields["names_may_stay"].widget = forms.HiddenInput()


class JudgeForm(PortalForm):
    button = "Save"

    worked = forms.TypedChoiceField(
        label="How it went",
        choices=[("yes", "It worked"), ("no", "It did not work")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label="What happened", max_length=500, required=False, help_text="Needed if it did not work. Name no person."
    )


class ThemesForm(PortalForm):
    button = "Save"

    themes = forms.MultipleChoiceField(
        label="Themes to follow", choices=Theme.choices, required=False, widget=forms.CheckboxSelectMultiple
    )
