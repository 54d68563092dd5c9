"""The forms of a lesson."""

from django import forms

from foundation.forms.base import PortalForm
from lessons.themes import KindOfService, LessonStage, Theme


def long_text(label: str, help_text: str = "", *, most: int = 3000, rows: int = 4, needed: bool = False) -> forms.Field:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, help_text=help_text, max_length=most, widget=area, required=needed)


class LessonForm(PortalForm):
    """A draft may be unfinished: only its title and its theme are needed."""

    button = "Save the draft"
    versioned = True

    title = forms.CharField(
        label="The lesson in one line", max_length=150, help_text="For example: “Start preparing the tender early”."
    )
    what_happened = long_text("What happened", "No names of people. Anybody can read it once it is published.")
    why = long_text("Why it happened")
    advice = long_text("What others should do", "In fewer than 60 words a learning point can use it as it is.")
    evidence = long_text("What shows it", "A figure, a report, minutes, or who says so.")
    stage = forms.ChoiceField(label="Stage in which it helps", choices=LessonStage.choices)
    theme = forms.ChoiceField(label="Theme", choices=[("", "Choose a theme"), *Theme.choices])
    kind_of_service = forms.ChoiceField(label="Kind of service", choices=KindOfService.choices)
    source_label = forms.CharField(
        label="Source", max_length=200, required=False, help_text="Title, publisher and year, if it is written down."
    )
    source_address = forms.CharField(label="Address of the source", max_length=300, required=False)


class NewLessonForm(LessonForm):
    """The same, before there is anything to be out of date against."""

    button = "Add the lesson"
    versioned = False


class RevisionForm(LessonForm):
    button = "Publish the revision"

    change_note = forms.CharField(
        label="What was changed", max_length=300, help_text="Readers see it beside the date of the change."
    )


class WithdrawForm(PortalForm):
    button = "Withdraw"
    danger = True
    versioned = True

    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=300,
        help_text="Its address stays. Whoever comes there reads this instead of the text.",
    )
