"""The form that adds a day to the holiday table."""

from typing import Any

from django import forms

from accounts.models import Person
from accounts.permissions import Ability, can
from foundation.forms.base import PortalForm
from foundation.workdays.models import Sort

HINTS = {
    Sort.STATUTORY: "It lengthens the periods of the law (standstill, notices) and moves reminders.",
    Sort.PORTAL: "It moves reminders and returns, and no period of the law.",
    Sort.OWN: "It moves reminders to people of your organisation, and nothing else.",
}


class HolidayForm(PortalForm):
    button = "Add the day"
    on = forms.DateField(label="Day", help_text="For example, 27/3/2027. A day that was added stays in the table.")
    name = forms.CharField(label="Name of the day", max_length=100, help_text="For example, September weekend.")
    sort = forms.ChoiceField(label="Whose day it is", widget=forms.RadioSelect)
    source = forms.CharField(
        label="Where it was announced", max_length=300, required=False, help_text="A bank holiday needs it."
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sorts = list(Sort) if can(person, Ability.KEEP_WORKING_DAYS) else [Sort.OWN]
        own = f"Day off of {person.organisation}"
        self.fields["sort"].choices = [  # type: ignore[attr-defined]
            (sort.value, f"{own if sort == Sort.OWN else sort.label}. {HINTS[sort]}")
            for sort in sorts
            if sort != Sort.OWN or person.organisation
        ]
        if len(sorts) == 1:
            self.fields["sort"].initial = Sort.OWN
