"""The form of a partner's self-assessment: one choice a topic."""

from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.skills import Topic

CHOICES = [
    ("", "Choose one"), ("0", "0: nothing yet"), ("1", "1: a little"), ("2", "2: some"), ("3", "3: sound"),
    ("4", "4: we could teach others"),
]  # fmt: skip


class SkillsForm(PortalForm):
    button = "Save the assessment"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for topic in Topic:
            self.fields[topic.value] = forms.TypedChoiceField(coerce=int, choices=CHOICES, label=topic.label)
