"""How a form field becomes the design system's markup: the Python half of the `sgds` template pack."""

from collections.abc import Iterator
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField, BoundWidget
from django.utils.safestring import SafeString

register = template.Library()

CLASSES = {
    "input": "ds_input",
    "textarea": "ds_input",
    "group": "ds_input",
    "select": "ds_select",
    "file": "ds_file-upload__input",
    "checkbox": "ds_checkbox__input",
}
SHORT = 20  # text fields up to this many characters get a short box
LINK_TARGETS = {"options", "group"}  # their inputs are numbered, and an error link goes to the first


@register.filter
def kind(field: BoundField) -> str:
    """Which of the pack's few shapes a field has."""
    widget = field.field.widget
    for shape, widgets in (
        ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput)),
        ("options", (forms.CheckboxSelectMultiple, forms.RadioSelect)),
        ("checkbox", (forms.CheckboxInput,)),
        ("select", (forms.Select,)),
        ("file", (forms.FileInput,)),
        ("textarea", (forms.Textarea,)),
        ("group", (forms.MultiWidget,)),
    ):
        if isinstance(widget, widgets):
            return shape
    return "input"


@register.simple_tag
def widget(field: BoundField) -> SafeString:
    """The field's control with its class, its state and the ids of everything that describes it."""
    shape = kind(field)
    classes = [CLASSES.get(shape, ""), field.field.widget.attrs.get("class", ""), _width(field)]
    if field.errors and shape != "checkbox":
        classes.append(f"{CLASSES[shape]}--error")
    attrs: dict[str, str | bool] = {"class": " ".join(name for name in classes if name)}
    if shape == "group":
        _name_the_parts(field)
    if limit(field):
        attrs["aria-describedby"] = f"{field.aria_describedby or ''} {field.auto_id}_limit".strip()
    return field.as_widget(attrs=attrs)


def _name_the_parts(field: BoundField) -> None:
    """A legend names the group; each input of it still needs a name of its own."""
    for number, part in enumerate(field.field.widget.widgets, start=1):
        known = {forms.DateInput: "date", forms.TimeInput: "time"}
        part.attrs.setdefault("aria-label", f"{field.label}: {known.get(type(part), f'part {number}')}")


def _width(field: BoundField) -> str:
    if kind(field) != "input" or "class" in field.field.widget.attrs:
        return ""
    if isinstance(field.field, forms.DateField | forms.IntegerField):
        return "ds_input--fixed-10"
    longest = getattr(field.field, "max_length", None) or SHORT + 1
    return "ds_input--fixed-20" if longest <= SHORT or isinstance(field.field, forms.DateTimeField) else ""


@register.filter
def limit(field: BoundField) -> int | None:
    """How many characters a text area takes, when it has a limit."""
    return getattr(field.field, "max_length", None) if kind(field) == "textarea" else None


@register.filter
def options(field: BoundField) -> Iterator[BoundWidget]:
    """The radio buttons or checkboxes of a field, each with its class."""
    name = "ds_radio__input" if option_class(field) == "ds_radio" else "ds_checkbox__input"
    for option in field.subwidgets:
        option.data["attrs"]["class"] = name
        yield option


@register.filter
def option_class(field: BoundField) -> str:
    return "ds_checkbox" if isinstance(field.field.widget, forms.CheckboxSelectMultiple) else "ds_radio"


@register.filter
def is_optional(field: BoundField) -> bool:
    """Whether the label says "(optional)": not beside a tick box, in a filter, or where the label says it already."""
    if field.field.required or kind(field) == "checkbox" or not getattr(field.form, "marks_optional", False):
        return False
    return "optional" not in str(field.label).lower()


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
