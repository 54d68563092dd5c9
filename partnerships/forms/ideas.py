"""The form for people without an account, its quiet defences, and the forms of the moderators.

The defences ask nobody else and need no script: a box that people do not see, the signed moment at which the form was
shown, and limits of size. Whatever is refused comes back with everything that was typed.
"""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Layout
from django import forms
from django.conf import settings
from django.core import signing
from django.http import QueryDict

from foundation.database import clock
from foundation.forms.base import PortalForm
from partnerships.models.idea import LONGEST_IDEA
from partnerships.moderation import IdeaKind, Rejection

SALT = "partnerships.idea"
LONGEST_HOURS = 24
TRAP = "website"


class OpenForm(PortalForm):
    """A form for people without an account, with its quiet defences. Its layout holds `trap()` and `started`."""

    website = forms.CharField(
        required=False, max_length=200, label="Leave this empty",
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )  # fmt: skip
    started = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput(attrs={"id": False}))

    def __init__(self, *args: Any, page: str, **kwargs: Any) -> None:
        """`page`: the public id of the partnership; a moment signed for one page counts on no other."""
        super().__init__(*args, **kwargs)
        self.page = page
        self.fields["started"].initial = self._stamp

    def trap(self) -> Div:
        return Div(TRAP, css_class="visually-hidden", aria_hidden="true")

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or self.cleaned_data
        again = f"press “{self.button}” once more."
        if given.get(TRAP):
            self._renew(TRAP, "")
            self.add_error(None, f"One box was filled in that only machines see. It is empty again: {again}")
        waited = self._seconds_since(given.get("started", ""))
        if waited is None:
            self._renew("started", self._stamp())
            self.add_error(None, f"The form was opened more than {LONGEST_HOURS} hours ago: {again}")
        elif waited < settings.IDEA_LEAST_SECONDS:
            self.add_error(None, f"That was quicker than people type. Wait a few seconds, then {again}")
        return given

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in super().values().items() if name not in (TRAP, "started")}

    def _stamp(self) -> str:
        return signing.dumps([self.page, clock.now().timestamp()], salt=SALT)

    def _seconds_since(self, stamp: str) -> float | None:
        """Since the form was shown; None when the moment is missing, not ours, or of another day."""
        try:
            page, shown_at = signing.loads(stamp, salt=SALT)
        except signing.BadSignature:
            return None
        waited = clock.now().timestamp() - float(shown_at)
        return waited if page == self.page and waited <= LONGEST_HOURS * 3600 else None

    def _renew(self, name: str, value: str) -> None:
        """What the form holds when it is shown again."""
        self.data = {**self.data.dict()} if isinstance(self.data, QueryDict) else {**self.data}
        self.data[name] = value


class IdeaForm(OpenForm):
    button = "Send"
    kind = forms.ChoiceField(
        choices=IdeaKind.choices, widget=forms.RadioSelect, initial=IdeaKind.IDEA, label="What it is"
    )
    text = forms.CharField(
        max_length=LONGEST_IDEA, widget=forms.Textarea, label="Your idea or comment",
        help_text="Leave out what could tell who somebody is, yourself included.",
    )  # fmt: skip
    name = forms.CharField(max_length=100, required=False, label="Your name", help_text="It is never published.")
    email = forms.EmailField(
        max_length=254, required=False, label="Your e-mail address",
        help_text="Only if you want an answer by e-mail. By giving it you agree that we send you one mail with the "
        "answer; then the address is deleted.",
    )  # fmt: skip
    access_needs = forms.CharField(
        max_length=500, required=False, label="What you need to take part",
        help_text="For example large print, an interpreter or a lift.",
    )  # fmt: skip

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout("kind", "text", "name", "email", "access_needs", self.trap(), "started", "form_token")
        helper.form_action = "#take-part"
        return helper


class PublishIdeaForm(PortalForm):
    button = "Publish with this answer"
    versioned = True
    shown = forms.CharField(
        max_length=LONGEST_IDEA, widget=forms.Textarea, label="The idea as everybody reads it",
        help_text="Take out names, addresses and whatever could tell who somebody is.",
    )  # fmt: skip
    we_did = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}), label="What was done because of it",
        help_text="“We did …”. Fill in this box or the next one.",
    )  # fmt: skip
    we_could_not = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}),
        label="What could not be done, and why", help_text="“We could not … because …”.",
    )  # fmt: skip


class KeepPrivateForm(PortalForm):
    button = "Keep it private"
    versioned = True
    answer = forms.CharField(
        max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}), label="Answer",
        help_text="Only for the mail, if an address was given. It is not kept with the idea.",
    )  # fmt: skip


class RejectIdeaForm(PortalForm):
    button = "Reject it"
    danger = True
    versioned = True
    reason = forms.ChoiceField(
        choices=Rejection.choices, widget=forms.RadioSelect,
        help_text="The first three are mailed to whoever gave an address.",
    )  # fmt: skip


class RemoveDetailsForm(PortalForm):
    button = "Remove them for good"
    danger = True
    versioned = True
    text = forms.CharField(
        max_length=LONGEST_IDEA, widget=forms.Textarea, label="What was sent",
        help_text="Write “[removed]” where something is taken out.",
    )  # fmt: skip
    shown = forms.CharField(
        max_length=LONGEST_IDEA, required=False, widget=forms.Textarea, label="As everybody reads it",
        help_text="Empty for an idea that was never published.",
    )  # fmt: skip
