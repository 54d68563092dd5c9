"""The form of the social accounts: eight principles, the panel, its statement."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from pilots.actions.social_accounts import Accounts, Done
from pilots.models import SocialAccounts
from pilots.principles import ASKS, Principle


class SocialAccountsForm(PortalForm):
    button = "Save the social accounts"
    marks_optional = False
    versioned = True
    panel_chair = forms.CharField(
        label="Chair of the audit panel", max_length=150, required=False,
        help_text="The approved social auditor, and for whom they work.",
    )  # fmt: skip
    panel_members = forms.CharField(
        label="Other members of the panel", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="A line for each.",
    )  # fmt: skip
    panel_met_on = forms.DateField(label="Day of the panel", required=False)
    statement = forms.CharField(
        label="Statement of the panel", max_length=5000, required=False, widget=forms.Textarea(attrs={"rows": 6}),
        help_text="As the panel worded it.",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for principle in Principle:
            self.fields[f"note_{principle.value}"] = forms.CharField(
                label="What was done", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
                help_text=ASKS[principle],
            )  # fmt: skip
            self.fields[f"done_{principle.value}"] = forms.BooleanField(
                label=f"Done: {principle.label[0].lower()}{principle.label[1:]}", required=False
            )

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        rows = [
            Fieldset(f"{n}. {principle.label}", f"note_{principle.value}", f"done_{principle.value}")
            for n, principle in enumerate(Principle, start=1)
        ]
        panel = Fieldset("Audit panel and statement", "panel_chair", "panel_members", "panel_met_on", "statement")
        helper.layout = Layout("form_token", "version", *rows, panel)
        return helper

    def accounts(self) -> Accounts:
        data = self.cleaned_data
        done = {p.value: Done(data[f"done_{p.value}"], data[f"note_{p.value}"]) for p in Principle}
        return Accounts(done, data["panel_chair"], data["panel_members"], data["panel_met_on"], data["statement"])


def initial_of(written: SocialAccounts | None) -> dict[str, Any]:
    if written is None:
        return {}
    names = ("panel_chair", "panel_members", "panel_met_on", "statement")
    initial = {name: getattr(written, name) for name in names}
    for row in written.principles.all():
        initial |= {f"note_{row.principle}": row.note, f"done_{row.principle}": row.done_on is not None}
    return initial
