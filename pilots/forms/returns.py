"""The form of a return, whole or one section of it."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div, Fieldset, Layout
from django import forms

from foundation.forms.base import PortalForm
from partnerships.lifecycle import THE_WAY, Stage
from partnerships.models import Partner
from pilots import breakdown
from pilots.carried import carried_over
from pilots.entry import NUMBERS, TYPED, Entry, Part, Telling
from pilots.forms.numbers import FigureField, PeopleField
from pilots.measures import Rollup, Unit
from pilots.models import Indicator, MonthlyReturn
from pilots.rollup import Figure
from pilots.sections import FIELDS, ReturnForm, Section, fields_asked
from pilots.tools import Scale


def _words(label: str, help_text: str, *, most: int = 2000, rows: int = 3) -> forms.CharField:
    return forms.CharField(
        label=label,
        help_text=help_text,
        max_length=most,
        required=False,
        widget=forms.Textarea(attrs={"rows": rows}),
    )


def _amount(label: str, help_text: str = "") -> FigureField:
    money = label.endswith("(£)")
    return FigureField(label=label, money=money, min_value=Decimal(0), help_text=help_text)


# Side by side where there is room: figures on a phone too, words only at a desk.
PAIRS = (
    ("referrals", "referrals_accepted"), ("planned_exits", "unplanned_exits"), ("active_at_end", "waiting"),
    ("reviewed", "improved"), ("same", "worse"), ("budget", "actual"), ("forecast", "in_kind"),
    ("posts_funded", "in_post"), ("vacancies", "sickness_days"), ("training_days", "lowest_pay"),
    ("volunteers", "volunteer_hours"), ("safeguarding", "incidents"), ("learned_stage", "learned_theme"),
)  # fmt: skip
FORM_ID = "fill-in"  # a button outside the form names it
STORY = ("story", "may_use", "anonymised", "may_publish")


class FillInForm(PortalForm):
    """One period, in the order it is asked: all of the short form, or one section of the full one.

    Everything may be missing: the action says what a submission lacks. What is not asked here is kept as it was.
    """

    versioned = True
    marks_optional = False  # a draft may leave anything out; what a submission needs is said when it is missing

    active_at_start = PeopleField(label="Active at the start of the month")
    referrals = PeopleField(label="Referrals in")
    referrals_accepted = PeopleField(label="Referrals accepted")
    new_starts = PeopleField(label="New starts")
    planned_exits = PeopleField(label="Planned exits")
    unplanned_exits = PeopleField(label="Unplanned exits")
    active_at_end = PeopleField(
        label="Active at the end of the month", help_text="Active at the start, plus new starts, minus exits."
    )
    waiting = PeopleField(label="On the waiting list at the end of the month")
    longest_wait = PeopleField(label="Longest wait (days)", help_text="Of those on the waiting list.")
    reach_explanation = _words("Explanation", "Only if the people above do not add up: say why.", most=1000, rows=2)

    reviewed = PeopleField(label="People reviewed this month", help_text="Improved, plus the same, plus worse.")
    improved = PeopleField(label="Improved")
    same = PeopleField(label="The same")
    worse = PeopleField(label="Worse")

    budget = _amount("Budget of this month (£)")
    actual = _amount("Spent this month (£)")
    forecast = _amount("Forecast for the whole financial year (£)", "What you now expect to have spent by 31 March.")
    in_kind = _amount("In-kind value (£)", "Rooms, time and goods that nobody was charged for.")
    variance_reason = _words(
        "Reason for the difference",
        "Only if spend of the financial year so far is too far over or under its budget.",
        most=1000,
        rows=2,
    )

    posts_funded = _amount("Posts funded", "Full-time equivalents: two half posts are 1.")
    in_post = _amount("In post", "Full-time equivalents.")
    vacancies = _amount("Vacancies", "Full-time equivalents.")
    sickness_days = _amount("Sickness days")
    training_days = _amount("Training days")
    lowest_pay = _amount("Lowest hourly pay (£)")
    volunteers = PeopleField(label="Volunteers")
    volunteer_hours = _amount("Volunteer hours")

    safeguarding = PeopleField(label="Safeguarding concerns")
    incidents = PeopleField(label="Incidents and accidents")
    reported = forms.ChoiceField(
        label="Were they reported?",
        required=False,
        choices=[("", "Not applicable"), ("yes", "Yes"), ("no", "No, not all of them")],
        help_text="To the regulator, or to the adult or child protection team.",
    )
    incident_note = _words(
        "What was learned from them",
        "No personal detail: no name, address, telephone, CHI or National Insurance number. Those belong in the "
        "service’s own records.",
        most=1000,
    )

    users_said = _words("What people who use the service said", "In their words if you can. Name no person.")
    changed_because = _words("What changed because of it", "Or what could not be changed, and why.")
    what_changed = _words("What else changed", "Staff, places, ways of working. Name no person.")
    risks = _words("Issues and risks", "New ones, and what is done about them.")

    story = _words("The story", "How the service helped one person. Change or leave out what would give them away.",
                   most=4000, rows=8)  # fmt: skip
    may_use = forms.BooleanField(label="The person agreed that the partners use it", required=False)
    anonymised = forms.BooleanField(label="It is anonymised: nobody can tell who it is about", required=False)
    may_publish = forms.BooleanField(label="The person agreed that it is published", required=False)

    learned = _words("One thing you learned", "It goes to the partnership’s lessons. Name no person.")
    learned_stage = forms.ChoiceField(
        label="Stage it belongs to",
        required=False,
        choices=[("", "No particular stage"), *((s.value, s.label) for s in THE_WAY if s != Stage.PROPOSED)],
    )
    learned_theme = forms.CharField(label="Theme", required=False, max_length=100, help_text="For example, referrals.")

    received = forms.MultipleChoiceField(
        label="Partners whose data you have",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="Tick each one whose figures for this period have arrived.",
    )

    def __init__(
        self,
        *args: Any,
        monthly_return: MonthlyReturn,
        indicators: Sequence[Indicator],
        partners: Sequence[Partner],
        sections: Sequence[Section],
        form: str = ReturnForm.FULL,
        told: dict[str, str] | None = None,
        **kwargs: Any,
    ) -> None:
        """`indicators` are those whose figure is typed; the return fills in the others itself.

        `told` adds a sentence to a field's hint.
        """
        self.monthly_return, self.kept, self.asked = monthly_return, monthly_return.entry(), list(sections)
        self.indicators = indicators if Section.OUTCOMES in sections else ()
        self.partners = partners if Section.PARTNERS in sections else ()
        before = monthly_return.before()
        self.offered = _offered(self.kept, before, monthly_return)
        initial = _initial(self.kept) | self.offered
        super().__init__(*args, initial=initial, version=monthly_return.version, **kwargs)
        self._keep_only_what_is_asked(form, monthly_return)
        for indicator in self.indicators:
            for part, field in _fields_of(indicator).items():
                self.fields[part.field_of(indicator.code)] = field
        if self.partners:
            self.fields["received"] = self._received(partners)
        _carry_over(self.fields, before, self.offered)
        for name, sentence in (told or {}).items():
            _add_hint(self.fields, name, sentence)
        for name, remark in monthly_return.marks.items():
            _add_hint(self.fields, name, f"Sent back with this remark: {remark}", first=True)

    def _received(self, partners: Sequence[Partner]) -> forms.MultipleChoiceField:
        stock = self.fields["received"]
        choices = [(p.public_id, str(p)) for p in partners]
        return forms.MultipleChoiceField(
            label=stock.label, required=False, widget=stock.widget, help_text=stock.help_text, choices=choices
        )

    def _keep_only_what_is_asked(self, form: str, monthly_return: MonthlyReturn) -> None:
        asked = {name for section in self.asked for name in FIELDS[section]} & fields_asked(form)
        if not self.partners:
            asked -= {"received"}
        for name in {name for names in FIELDS.values() for name in names} - asked:
            del self.fields[name]
        if Section.WHO in self.asked:
            for dimension, category in breakdown.ALL:
                label = f"{dimension.label}: {breakdown.CATEGORIES[dimension][category]}"
                self.fields[breakdown.field_of(dimension, category)] = PeopleField(label=label)
        if monthly_return.months > 1:
            for field in self.fields.values():
                field.label = str(field.label).replace(" month", " quarter")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        groups = [
            Fieldset(section.label if len(self.asked) > 1 else "", *rows)
            for section in self.asked
            if (rows := self._rows_of(section))
        ]
        helper.layout = Layout("form_token", "version", *groups)
        helper.form_id = FORM_ID
        helper.attrs["data-autosave"] = ""  # static/js/autosave.js
        return helper

    def _rows_of(self, section: Section) -> list[Any]:
        names = [name for name in FIELDS[section] if name in self.fields]
        if section == Section.WHO:
            return [
                Fieldset(dimension.label, *(breakdown.field_of(dimension, category) for category in categories))
                for dimension, categories in breakdown.CATEGORIES.items()
            ]
        rows: list[Any] = []
        for name in names:
            pair = next((pair for pair in PAIRS if name in pair and set(pair) <= set(names)), None)
            if pair is None:
                rows.append(name)
            elif name == pair[0]:
                figures = " psp_pair--figures" if name in NUMBERS else ""
                rows.append(Div(*pair, css_class=f"psp_pair{figures}"))
        typed = [name for name in self.fields if "-" in name] if section == Section.OUTCOMES else []
        return rows + ([Fieldset("Other indicators", *typed)] if typed else [])

    def entry(self) -> Entry:
        """What was typed; a field in which something is wrong is left as it was kept before."""
        typed = {name: self.cleaned_data[name] for name in TYPED if name in self.cleaned_data}
        figures = {i.code: self._figure(i) for i in self.indicators}
        ticked = self.cleaned_data.get("received")
        received = {p.public_id: p.public_id in ticked for p in self.partners} if ticked is not None else {}
        return replace(
            self.kept,
            **typed,
            figures={**self.kept.figures, **figures},
            counts=self._counts() if Section.WHO in self.asked else self.kept.counts,
            received=received or self.kept.received,
            story=self._story() if "story" in self.fields else None,
        )

    def _figure(self, indicator: Indicator) -> Figure:
        kept = self.kept.figures.get(indicator.code, Figure())
        amount = self.cleaned_data.get(Part.AMOUNT.field_of(indicator.code), kept.amount)
        if not indicator.in_pairs:
            return Figure(amount)
        return Figure(amount, self.cleaned_data.get(Part.OUT_OF.field_of(indicator.code), kept.out_of))

    def _counts(self) -> dict[tuple[str, str], int]:
        kept = self.kept.counts
        typed = {key: self.cleaned_data.get(breakdown.field_of(*key), kept.get(key)) for key in breakdown.ALL}
        return {key: count for key, count in typed.items() if count is not None}

    def _story(self) -> Telling | None:
        if "story" not in self.cleaned_data:
            return None  # something is wrong with its words
        text, *consents = (self.cleaned_data[name] for name in STORY)
        return Telling(text, *consents)


class ShortForm(FillInForm):
    """Everything on one page, with two ways out."""

    button = "Submit"
    secondary = ("save", "Save draft")

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        helper.inputs.reverse()  # Enter presses the first button, and a draft can be taken back
        return helper


class SectionForm(FillInForm):
    """One section of the full form. Both buttons save the draft."""

    button = "Save and go on"
    secondary = ("save", "Save draft")


def label_of(name: str) -> str:
    """What a field of the return is called on the form; an indicator's code for its boxes."""
    field = FillInForm.base_fields.get(name)
    if field is not None:
        return str(field.label)
    return name.partition("-")[2] or name


def _offered(entry: Entry, before: MonthlyReturn | None, row: MonthlyReturn) -> dict[str, Any]:
    return carried_over(entry, before.typed(), same_length=before.months == row.months) if before else {}


def _initial(entry: Entry) -> dict[str, Any]:
    initial: dict[str, Any] = {name: getattr(entry, name) for name in TYPED}
    for code, figure in entry.figures.items():
        initial[Part.AMOUNT.field_of(code)] = figure.amount
        initial[Part.OUT_OF.field_of(code)] = figure.out_of
    for (dimension, category), count in entry.counts.items():
        initial[breakdown.field_of(dimension, category)] = count
    initial["received"] = [partner for partner, received in entry.received.items() if received]
    if entry.story:
        initial |= dict(
            zip(STORY, (entry.story.text, entry.story.may_use, entry.story.anonymised, entry.story.may_publish),
                strict=True)
        )  # fmt: skip
    return initial


def _carry_over(fields: dict[str, forms.Field], before: MonthlyReturn | None, offered: Collection[str]) -> None:
    """Each number is shown beside what it was in the period before; what stands still is typed already, and says so."""
    if before is None:
        return
    if before.active_at_end is not None:
        said = f"Carried over from {before.month}, which ended with {before.active_at_end}."
        _add_hint(fields, "active_at_start", said)
    word = "month" if before.months == 1 else "quarter"
    for name in NUMBERS:
        value = getattr(before, name)
        if value is not None and name != "active_at_start":
            shown = f"{value:,}" if isinstance(value, int) else f"{value:,.2f}".removesuffix(".00")
            carried = f"From {before.month}: {shown}. Change it if it is different."
            _add_hint(fields, name, carried if name in offered else f"Last {word}: {shown}.")


def _add_hint(fields: dict[str, forms.Field], name: str, sentence: str, *, first: bool = False) -> None:
    if field := fields.get(name):
        hints = [sentence, field.help_text] if first else [field.help_text, sentence]
        field.help_text = " ".join(str(hint) for hint in hints if hint)


def _hint_of(indicator: Indicator) -> str:
    """The tool, what its scale allows, and where an answer that is no score goes."""
    tool = indicator.measured_with
    if tool is None:
        return ""
    scale = f" {'Change' if indicator.of_change else 'Scale'}: {indicator.scale}." if indicator.scale else ""
    return f"{tool.name}.{scale} {tool.not_applicable}"


def _on_scale(scale: Scale) -> Callable[[Decimal], None]:
    def check(figure: Decimal) -> None:
        if fault := scale.fault(figure):
            raise forms.ValidationError(fault)

    return check


def _fields_of(indicator: Indicator) -> dict[Part, forms.Field]:
    """One box, or two for a ratio and a mean; each says what to type."""
    name, least = str(indicator), None if indicator.unit == Unit.POINTS else Decimal(0)
    scale, hint = indicator.scale, _hint_of(indicator)
    fits = [_on_scale(scale)] if scale else []
    money = indicator.unit == Unit.POUNDS
    if not indicator.in_pairs:
        told = hint or indicator.get_unit_display()
        return {Part.AMOUNT: FigureField(label=name, money=money, min_value=least, help_text=told, validators=fits)}
    first, second = (
        ("how many of them", "out of how many")
        if indicator.rollup == Rollup.RATIO
        else ("mean of the month", "people behind the mean")
    )
    return {
        Part.AMOUNT: FigureField(
            label=f"{name}: {first}", money=money, min_value=least, help_text=hint, validators=fits
        ),
        Part.OUT_OF: FigureField(label=f"{name}: {second}", min_value=Decimal(0)),
    }
