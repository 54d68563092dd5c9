"""How mails come: all kinds on one form, or the one kind that a mail's link is about."""

from typing import Any

from django import forms

from foundation.delivery.kinds import How, Kind, changeable
from foundation.forms.base import PortalForm


class MailChoicesForm(PortalForm):
    """One select box for each kind that can be changed, its own default marked as such."""

    button = "Save how your mails come"

    def __init__(self, *args: Any, chosen: dict[str, How], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for kind in changeable():
            self.fields[kind.name] = forms.ChoiceField(
                label=kind.label, help_text=kind.about, choices=_offered(kind), initial=chosen[kind.name].value
            )


class MailHowForm(PortalForm):
    """The same for one kind."""

    button = "Save"
    how = forms.ChoiceField(label="How you get it", widget=forms.RadioSelect)

    def __init__(self, *args: Any, kind: Kind, chosen: How, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["how"].choices = _offered(kind)  # type: ignore[attr-defined]
        self.fields["how"].initial = chosen.value


def _offered(kind: Kind) -> list[tuple[str, str]]:
    return [(how.value, how.label) for how in kind.choices]
