"""The form on which a person with two conflicting roles chooses the one to act in."""

from collections.abc import Sequence
from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from partnerships.roles import PartnershipRole, acting


class ActingForm(PortalForm):
    button = "Act in this role"
    role = forms.ChoiceField(label="I act as", widget=forms.RadioSelect)

    def __init__(self, *args: Any, held: Sequence[PartnershipRole], torn: Sequence[PartnershipRole], **kwargs: Any):
        super().__init__(*args, **kwargs)
        told = [(role.value, _told(role, held)) for role in torn]
        self.fields["role"].choices = told  # type: ignore[attr-defined]


def _told(role: PartnershipRole, held: Sequence[PartnershipRole]) -> str:
    """The role, and what is set aside while one acts in it."""
    off = [other.label for other in dict.fromkeys(held) if other not in acting(held, role)]
    return f"{role.label} (and not as {' or '.join(off)})"
