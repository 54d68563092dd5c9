"""Forms of the panel and of the officer who writes down what it agreed."""

from collections.abc import Callable, Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from accounts.models import Person
from foundation.forms.base import PortalForm
from procurement.actions.evaluation import Mark
from procurement.lifecycle import Interest
from procurement.models import Bid, ConsensusScore, Score
from procurement.scoring import SCALE

SCORES = [(str(score), f"{score} {word}") for score, word in SCALE.items()]


class Shown:
    """Something to read between the fields of a layout: already rendered, with everything in it escaped."""

    def __init__(self, html: SafeString) -> None:
        self.html = html

    def render(self, *args: Any, **kwargs: Any) -> SafeString:
        return self.html


class Named(Fieldset):
    """A fieldset whose legend is somebody's words: crispy would read them as a template."""

    def render(self, form: Any, context: Any, *args: Any, **kwargs: Any) -> SafeString:
        fields = self.get_rendered_fields(form, context, *args, **kwargs)
        return render_to_string(
            "sgds/layout/fieldset.html", {"fieldset": self, "legend": self.legend, "fields": fields}
        )


class MarksForm(PortalForm):
    """For each bid: what `beside` shows (the answer, the members' scores), then a score and a comment."""

    button = "Save the scores"
    marks_optional = False  # a bid is scored or left for later, whole

    def __init__(
        self,
        *args: Any,
        bids: Sequence[Bid],
        current: dict[int, Score] | dict[int, ConsensusScore],
        beside: Callable[[Bid], SafeString],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._bids, self._beside = bids, beside
        for bid in bids:
            known = current.get(bid.pk)
            self.fields[f"score_{bid.public_id}"] = forms.ChoiceField(
                label="Score", choices=SCORES, widget=forms.RadioSelect, required=False,
                initial=str(known.score) if known else None,
            )  # fmt: skip
            self.fields[f"comment_{bid.public_id}"] = forms.CharField(
                label="What the score stands on", max_length=2000, required=False,
                widget=forms.Textarea(attrs={"rows": 4}), initial=known.comment if known else "",
            )  # fmt: skip

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.layout = Layout(
            "form_token",
            *(
                Named(
                    bid.organisation.name,
                    Shown(self._beside(bid)),
                    f"score_{bid.public_id}",
                    f"comment_{bid.public_id}",
                )
                for bid in self._bids
            ),
        )
        return helper

    def clean(self) -> None:
        for bid in self._bids:
            scored = self.cleaned_data.get(f"score_{bid.public_id}")
            if self.cleaned_data.get(f"comment_{bid.public_id}") and not scored and not self.errors:
                self.add_error(f"score_{bid.public_id}", "Choose a score from 0 to 4.")

    def marks(self) -> list[Mark]:
        """The bids that were given a score."""
        data = self.cleaned_data
        return [
            Mark(bid, int(data[f"score_{bid.public_id}"]), data[f"comment_{bid.public_id}"])
            for bid in self._bids
            if data[f"score_{bid.public_id}"]
        ]


class AgreeForm(MarksForm):
    button = "Save the agreed scores"


class PanelMemberForm(PortalForm):
    button = "Name to the panel"
    email = forms.EmailField(label="E-mail address", help_text="Of somebody who can sign in to the portal.")

    def clean_email(self) -> Person:
        found = Person.objects.filter(email__iexact=self.cleaned_data["email"], is_active=True).first()
        if found is None:
            raise forms.ValidationError("Nobody with this address can sign in to the portal. Invite them first.")
        return found


class RemoveMemberForm(PortalForm):
    button = "Take off the panel"
    danger = True
    reason = forms.CharField(max_length=500, widget=forms.Textarea)


class DeclareForm(PortalForm):
    button = "Declare"
    interest = forms.ChoiceField(
        label="Have you, or has anyone close to you, an interest in one of these bidders?",
        widget=forms.RadioSelect,
        choices=[(Interest.CLEAR, "No, I have no interest to declare"), (Interest.CONFLICT, "Yes")],
    )
    statement = forms.CharField(
        label="If yes, what it is", max_length=2000, widget=forms.Textarea, required=False,
        help_text="For example “My sister-in-law is on the board of …”. The bids close to you at once.",
    )  # fmt: skip
