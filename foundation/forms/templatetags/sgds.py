"""How a form field becomes the design system's markup: the Python half of the `sgds` template pack."""

from collections.abc import Iterator
from html import escape
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.loader import render_to_string
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from foundation.forms.markup import attributes

register = template.Library()

CLASSES = {
    "input": "ds_input",
    "textarea": "ds_input",
    "group": "ds_input",
    "select": "ds_select",
    "file": "ds_file-upload__input",
    "checkbox": "ds_checkbox__input",
}
SELECT = '<div class="ds_select-wrapper">', '<span class="ds_select-arrow" aria-hidden="true"></span></div>'
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


@register.simple_tag
def filter_field(field: BoundField) -> SafeString:
    """A field as `sgds/field.html` writes it; a plain box or list without a hint or an error is written in one go."""
    shape = kind(field)
    several = getattr(field.field.widget, "allow_multiple_selected", False)
    if shape not in ("input", "select") or several or field.help_text or field.errors:
        return render_to_string("sgds/field.html", {"field": field})
    key = _same_for_everybody(field)
    if key is None:
        return _plain_field(field, shape)
    if key not in _written:
        _written[key] = _plain_field(field, shape)
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


def _plain_field(field: BoundField, shape: str) -> SafeString:
    control = widget(field)
    before, after = SELECT if shape == "select" else ("", "")
    return mark_safe(  # noqa: S308  ids and label are escaped, the control is markup
        f'<div id="div_{escape(field.auto_id)}" class="ds_question">'
        f'<label class="ds_label" for="{escape(field.id_for_label)}">{escape(str(field.label))}</label>'
        f"{before}{control}{after}</div>"
    )


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
def in_words(field: BoundField) -> SafeString:
    """The label, and whether the field may be left empty."""
    told = ' <span class="psp_optional">(optional)</span>' if is_optional(field) else ""
    return mark_safe(f"{conditional_escape(field.label)}{told}")  # noqa: S308  escaped


@register.filter
def help_and_errors(field: BoundField) -> SafeString:
    """What describes a field: its hint, and what is wrong with it."""
    if not (field.help_text or field.errors):
        return SafeString("")
    return render_to_string("sgds/help_text_and_errors.html", {"field": field})


@register.filter
def options(field: BoundField) -> SafeString:
    """The radio buttons or checkboxes of a field, in one go: Django would render a template for each."""
    shape = option_class(field)
    return mark_safe("\n".join(_option(option.data, shape) for option in field.subwidgets))  # noqa: S308  escaped


def _option(about: dict[str, Any], shape: str) -> str:
    value = {} if about["value"] is None else {"value": about["value"]}
    control = {"type": about["type"], "name": about["name"], **value, **about["attrs"], "class": f"{shape}__input"}
    label = f'<label class="{shape}__label" for="{escape(about["attrs"]["id"])}">{escape(str(about["label"]))}</label>'
    return f'<div class="{shape}"><input{attributes(control)}>{label}</div>'


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
