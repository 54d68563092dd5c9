"""The form of the training log: beside the training, how many people of each partner took part."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.db.models import Q

from foundation.forms.base import PortalForm
from partnerships.actions.training import MOST_HOURS
from partnerships.skills import Topic

if TYPE_CHECKING:
    from partnerships.models import Partnership, Training

MOST_PEOPLE = 1000


class TrainingForm(PortalForm):
    button = "Save the training"
    title = forms.CharField(max_length=150, help_text="For example “How to answer a tender’s questions”.")
    topic = forms.ChoiceField(choices=[("", "Choose one"), *Topic.choices])
    held_on = forms.DateField(label="Date", help_text="For example, 27/3/2027.")
    given_by = forms.CharField(max_length=150, label="Who gave it", help_text="A person or an organisation.")
    hours = forms.DecimalField(max_digits=4, decimal_places=1, max_value=MOST_HOURS, help_text="For example, 2.5.")

    def __init__(self, *args: Any, partnership: "Partnership", training: "Training | None" = None, **kwargs: Any):
        super().__init__(*args, **kwargs)
        before = {one.partner_id: one.people for one in training.attendances.all()} if training else {}
        today = partnership.partners.current().values("pk")
        partners = partnership.partners.filter(Q(pk__in=today) | Q(pk__in=before)).select_related("organisation")
        self._partners = {f"people_{partner.public_id}": partner for partner in partners}
        for name, partner in self._partners.items():
            self.fields[name] = forms.IntegerField(
                label=f"People of {partner}", required=False, min_value=0, max_value=MOST_PEOPLE,
                initial=before.get(partner.pk),
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        values = super().values()
        people = {partner: values.pop(name) or 0 for name, partner in self._partners.items()}
        return values | {"people": people}


class CorrectTrainingForm(TrainingForm):
    button = "Save"
    versioned = True
