"""The form of a logic model: a box for each column."""

from typing import Any

from django import forms

from foundation.forms.base import PortalForm
from pilots.logic import ASKS, LONGEST, MEASURED, MOST, Column, typed_as
from pilots.models import LogicModel

HOW = "One statement a line."
HOW_LINKED = f"{HOW} End a line with the codes of the indicators that show it, in brackets: [R1, S2]."


class LogicModelForm(PortalForm):
    button = "Save the logic model"
    versioned = True
    marks_optional = False  # any column may stay empty

    def __init__(self, *args: Any, model: LogicModel, **kwargs: Any) -> None:
        kept = {column: typed_as([row.told() for row in rows]) for column, rows in model.columns().items()}
        super().__init__(*args, initial=kept, version=model.version, **kwargs)
        for column in Column:
            self.fields[column] = forms.CharField(
                label=column.label,
                required=False,
                max_length=MOST * (LONGEST + 50),
                widget=forms.Textarea(attrs={"rows": 5}),
                help_text=f"{ASKS[column]} {HOW_LINKED if column in MEASURED else HOW}",
            )

    def columns(self) -> dict[str, str]:
        return {column.value: self.cleaned_data[column] for column in Column}
