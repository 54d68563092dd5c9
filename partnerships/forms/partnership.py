"""Forms about the partnership itself and its plan."""

from typing import Any

from django import forms
from django.db.models import QuerySet

from accounts.models import Organisation
from foundation.forms.base import PortalForm
from foundation.forms.widgets import FixedChoices, QuickSelect
from partnerships.areas import Area
from partnerships.checklist import VARIANT_MEANS, Variant
from partnerships.plan import RECOMMENDED, Block
from partnerships.themes import Theme

# The same for everybody: no form needs a copy of its own.
AREAS = FixedChoices([("", "Choose a council area"), *Area.choices])
THEMES = FixedChoices(Theme.choices)


class DescriptionForm(PortalForm):
    title = forms.CharField(max_length=150, help_text="A short name, for example “Befriending in Fife”.")
    need = forms.CharField(
        max_length=3000, widget=forms.Textarea, help_text="What people need that they do not get today. Plain English."
    )
    service = forms.CharField(
        max_length=3000,
        widget=forms.Textarea,
        required=False,
        help_text="What the service will do, as far as you know. You can add this later.",
    )
    client_group = forms.CharField(
        label="Who it is for", max_length=200, help_text="For example “People over 65 who live alone”."
    )
    area = forms.ChoiceField(choices=AREAS, widget=QuickSelect)
    sponsor = forms.CharField(max_length=200, help_text="The senior person who answers for it: name and post.")
    variant = forms.ChoiceField(
        label="Kind of partnership",
        choices=[(variant.value, f"{variant.label}: {VARIANT_MEANS[variant]}") for variant in Variant],
        initial=Variant.STANDARD,
        widget=forms.RadioSelect,
        help_text="It decides what the gates ask for. You can change it until gate G1 is passed.",
    )
    themes = forms.MultipleChoiceField(
        choices=THEMES,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="What it works on most, in the words of the library of lessons. Others find it by these.",
    )
    versioned = True

    def __init__(self, *args: Any, fixed_variant: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if fixed_variant:
            del self.fields["variant"]


class StartForm(DescriptionForm):
    button = "Propose the partnership"
    versioned = False
    third_sector_lead: Any = forms.ModelChoiceField(
        Organisation.objects.none(),
        label="Third sector lead",
        empty_label="Choose an organisation",
        help_text="The organisation that leads for the third sector. Not in the list? Add it to the register first.",
    )
    starts_on = forms.DateField(label="Start date", help_text="For example, 1/4/2027. The plan is drawn from this day.")

    field_order = (
        "title",
        "need",
        "service",
        "client_group",
        "area",
        "sponsor",
        "variant",
        "third_sector_lead",
        "starts_on",
        "themes",
    )

    def __init__(self, *args: Any, third_sector: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["third_sector_lead"].queryset = third_sector  # type: ignore[attr-defined]


class PlanForm(PortalForm):
    """The four blocks in months, and why they change."""

    button = "Change the plan"
    versioned = True

    def __init__(self, *args: Any, months: dict[Block, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for block in Block:
            advice = RECOMMENDED[block]
            upper = f" to {advice.most}" if advice.most and advice.most != advice.least else ""
            least = f"at least {advice.least}" if advice.most is None else f"{advice.least}{upper}"
            self.fields[block.value] = forms.IntegerField(
                label=f"{block.label} (months)",
                min_value=1,
                max_value=120,
                initial=months.get(block),
                help_text=f"Recommended: {least} months.",
            )
        self.fields["reason"] = forms.CharField(
            max_length=500, widget=forms.Textarea, help_text="Everyone in the partnership can read it."
        )

    def months(self) -> dict[Block, int]:
        return {block: self.cleaned_data[block.value] for block in Block}
