"""The sections of a return and the fields of each; which of them the short form has. Pure. `domain.md` 3.1."""

from django.db import models

from pilots.entry import MONEY, MORE_MONEY, SAFETY, STAFF


class ReturnForm(models.TextChoices):
    """How much a return asks: in proportion to the money (a small award, a short form)."""

    SHORT = "short", "Short: one page"
    FULL = "full", "Full: sections, filled in one by one"


class Section(models.TextChoices):
    PEOPLE = "people", "People"
    WHO = "who", "Who they are"
    OUTCOMES = "outcomes", "Outcomes"
    MONEY = "money", "Money"
    STAFF = "staff", "Staff and volunteers"
    SAFETY = "safety", "Safeguarding and incidents"
    VOICE = "voice", "What people say"
    STORY = "story", "A story"
    LESSON = "lesson", "One thing you learned"
    PARTNERS = "partners", "Partners’ data"


FIELDS: dict[Section, tuple[str, ...]] = {
    Section.PEOPLE: (
        "active_at_start", "referrals", "referrals_accepted", "new_starts", "planned_exits", "unplanned_exits",
        "active_at_end", "waiting", "longest_wait", "reach_explanation",
    ),
    Section.WHO: (),
    Section.OUTCOMES: ("reviewed", "improved", "same", "worse"),
    Section.MONEY: (*MONEY, *MORE_MONEY, "variance_reason"),
    Section.STAFF: STAFF,
    Section.SAFETY: (*SAFETY, "reported", "incident_note"),
    Section.VOICE: ("users_said", "changed_because", "what_changed", "risks"),
    Section.STORY: ("story", "may_use", "anonymised", "may_publish"),
    Section.LESSON: ("learned", "learned_stage", "learned_theme"),
    Section.PARTNERS: ("received",),
}  # fmt: skip
SHORT = (Section.PEOPLE, Section.OUTCOMES, Section.MONEY, Section.VOICE, Section.LESSON, Section.PARTNERS)
NOT_ASKED_IN_SHORT = frozenset(MORE_MONEY)


def sections_of(form: str) -> tuple[Section, ...]:
    return SHORT if form == ReturnForm.SHORT else tuple(Section)


def fields_asked(form: str) -> set[str]:
    """The names of the fields that a return of this form asks for, without the indicators' boxes."""
    without = NOT_ASKED_IN_SHORT if form == ReturnForm.SHORT else frozenset()
    return {name for section in sections_of(form) for name in FIELDS[section]} - without


def section_of(name: str) -> Section:
    """The section of a form field; an indicator's boxes (`amount-R1`) stand with the outcomes."""
    if name.startswith("who_"):
        return Section.WHO
    return next((section for section, names in FIELDS.items() if name in names), Section.OUTCOMES)


def next_after(section: Section) -> Section | None:
    order = list(Section)
    place = order.index(section) + 1
    return order[place] if place < len(order) else None
