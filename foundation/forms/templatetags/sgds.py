"""What the `sgds` template pack asks of `foundation.forms.question`, and the links of an error summary."""

from collections.abc import Iterator
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.safestring import SafeString

from foundation.forms.question import control, in_words, kind, question

register = template.Library()
register.filter(kind)
register.filter(in_words)
register.filter(question)
register.simple_tag(control, name="widget")

LINK_TARGETS = {"options", "group"}  # their inputs are numbered, and an error link goes to the first


@register.simple_tag
def filter_field(field: BoundField) -> SafeString:
    """A field as `question` writes it; a box or list that says the same to everybody is written once."""
    key = _same_for_everybody(field)
    if key is None or field.help_text or field.errors or kind(field) not in ("input", "select"):
        return question(field)
    if key not in _written:
        _written[key] = question(field)
    return _written[key]


_written: dict[tuple[Any, ...], SafeString] = {}  # a few for each filter: one for each choice at most


def _same_for_everybody(field: BoundField) -> tuple[Any, ...] | None:
    """What the markup depends on, for a field that is empty or says a choice of a list that never changes."""
    value = field.data or ""
    if isinstance(value, list):  # of an order
        value = ",".join(value)
    choices = getattr(field.field.widget, "choices", None)
    if not getattr(field.form, "is_ready", False) or (value and value not in getattr(choices, "keys", ())):
        return None
    return type(field.form), field.form.prefix, field.form.auto_id, field.name, value


@register.simple_tag
def error_links(*forms_or_formsets: Any) -> list[tuple[str, str]]:
    """Every error of the given forms as (link, sentence), in the order of the page; an empty link has no field."""
    links: list[tuple[str, str]] = []
    for form in forms_or_formsets:
        if hasattr(form, "non_form_errors"):
            row = getattr(form, "row_name", "Row")
            links += [("", str(error)) for error in form.non_form_errors()]
            for number, inner in enumerate(form, start=1):
                links += [(target, f"{row} {number}: {text}") for target, text in error_links(inner)]
        elif getattr(form, "errors", None):
            links += _links_of(form)
    return links


def _links_of(form: forms.BaseForm) -> Iterator[tuple[str, str]]:
    yield from (("", str(error)) for error in form.non_field_errors())
    for field in form:
        for error in field.errors:
            yield _target(field), sentence(field, str(error))


def _target(field: BoundField) -> str:
    shape = kind(field)
    if shape == "hidden" or not field.auto_id:
        return ""
    return f"#{field.auto_id}_0" if shape in LINK_TARGETS else f"#{field.id_for_label}"


def sentence(field: BoundField, error: str) -> str:
    """An error away from its field: with the label in front unless the words already name it."""
    label = str(field.label).rstrip("?:. ")
    named = label.lower().removesuffix(" (£)") in error.lower() or not label
    return error if named else f"{label}: {error}"
