"""The forms of a lesson."""

from django import forms

from foundation.forms.base import PortalForm
from lessons.themes import Audience, KindOfService, LessonStage, Strength
from partnerships.themes import Theme


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
    cost = long_text(
        "What it costs not to know it", "In a sentence: what goes wrong for whoever does not.", rows=2, most=1000
    )
    stage = forms.ChoiceField(label="Stage in which it helps", choices=LessonStage.choices)
    theme = forms.ChoiceField(label="Theme", choices=[("", "Choose a theme"), *Theme.choices])
    kind_of_service = forms.ChoiceField(label="Kind of service", choices=KindOfService.choices)
    audience = forms.ChoiceField(label="For whom", choices=Audience.choices, required=False)
    strength = forms.ChoiceField(label="How well it is shown", choices=Strength.choices, required=False)
    year = forms.IntegerField(
        label="Year it was learned", min_value=2000, max_value=2099, required=False, help_text="Empty: this year."
    )
    source_label = forms.CharField(
        label="Source", max_length=200, required=False, help_text="Title, publisher and year, if it is written down."
    )
    source_address = forms.CharField(label="Address of the source", max_length=300, required=False)

    def clean_audience(self) -> str:
        return str(self.cleaned_data["audience"] or Audience.EVERYBODY)

    def clean_strength(self) -> str:
        return str(self.cleaned_data["strength"] or Strength.TOLD)


class NewLessonForm(LessonForm):
    """The same, before there is anything to be out of date against."""

    button = "Add the lesson"
    versioned = False


class RevisionForm(LessonForm):
    button = "Publish the revision"

    change_note = forms.CharField(
        label="What was changed", max_length=300, help_text="Readers see it beside the date of the change."
    )
    names_may_stay = forms.BooleanField(
        label="Names that this change brings in may be published",
        required=False,
        help_text="Only asked when there are some. Names of people and of places should be left out.",
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


class TakeBackForm(PortalForm):
    button = "Take the text back"
    danger = True

    reason = forms.CharField(
        label="Why its text is taken back",
        max_length=300,
        help_text="The text is deleted. Whoever comes to its address reads this instead.",
    )
