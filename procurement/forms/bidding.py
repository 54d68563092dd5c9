"""Forms of a bidder."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms

from foundation.files.fields import UploadField
from foundation.forms.base import PortalForm
from foundation.forms.numbers import AmountField
from procurement.envelopes import Content
from procurement.models import Criterion


class AskForm(PortalForm):
    button = "Ask the question"
    text = forms.CharField(
        label="Your question", max_length=3000, widget=forms.Textarea,
        help_text="Everybody will read the question and its answer. Leave out anything that shows who you are.",
    )  # fmt: skip


class DraftForm(PortalForm):
    """One answer to each criterion, and the price. Nothing is required to save; sending checks."""

    button = "Save the draft"
    secondary = ("check", "Save, then check and send")
    marks_optional = False  # to save it is; to send it is not
    versioned = True

    def __init__(self, *args: Any, criteria: Sequence[Criterion], content: Content, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for criterion in criteria:
            self.fields[f"answer_{criterion.public_id}"] = forms.CharField(
                label=f"{criterion.title} ({criterion.weight.normalize():f}%)", help_text=criterion.guidance,
                max_length=20000, required=False, widget=forms.Textarea,
                initial=content.answers.get(criterion.public_id, ""),
            )  # fmt: skip
        self.fields["price"] = AmountField(
            label="Your price (£)", min_value=Decimal("0.01"), required=False,
            initial=content.price, help_text="For the whole term, without VAT. It is sealed in its own envelope.",
        )  # fmt: skip

    def answers(self) -> Mapping[str, str]:
        return {
            name.removeprefix("answer_"): text for name, text in self.cleaned_data.items() if name.startswith("answer_")
        }


class DocumentForm(PortalForm):
    button = "Add the document"
    file = UploadField(label="Document", help_text="Put no price in it: the panel reads documents before prices.")


class SendForm(PortalForm):
    button = "Send the bid"
    versioned = True
    checked = forms.BooleanField(label="I have checked the bid and may send it for my organisation")
