"""A form field as the design system's question: label, hint, errors, control. Written in one go, because a template
for each field and its `if`s cost more than the controls themselves. Every text is escaped here.
"""

from html import escape
from typing import Any

from django import forms
from django.contrib.humanize.templatetags.humanize import intcomma
from django.forms.boundfield import BoundField
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from foundation.forms.markup import attributes

SHAPES: tuple[tuple[str, tuple[type[forms.Widget], ...]], ...] = (
    ("hidden", (forms.HiddenInput, forms.MultipleHiddenInput)),
    ("options", (forms.CheckboxSelectMultiple, forms.RadioSelect)),
    ("checkbox", (forms.CheckboxInput,)),
    ("select", (forms.Select,)),
    ("file", (forms.FileInput,)),
    ("textarea", (forms.Textarea,)),
    ("group", (forms.MultiWidget,)),
)
CLASSES = {
    "input": "ds_input",
    "textarea": "ds_input",
    "group": "ds_input",
    "select": "ds_select",
    "file": "ds_file-upload__input",
    "checkbox": "ds_checkbox__input",
}
SHORT = 20  # text fields up to this many characters get a short box


def kind(field: BoundField) -> str:
    """Which of the pack's few shapes a field has."""
    widget = field.field.widget
    return next((shape for shape, widgets in SHAPES if isinstance(widget, widgets)), "input")


def question(field: BoundField) -> SafeString:
    """The whole field; a hidden one is its control alone."""
    shape = kind(field)
    if shape == "hidden":
        return SafeString(field)
    parts = _with_legend if shape in ("options", "group") else _ticked if shape == "checkbox" else _with_label
    wrong = " ds_question--error" if field.errors else ""
    return mark_safe(  # noqa: S308  the id is escaped, the parts are markup
        f'<div id="div_{escape(field.auto_id)}" class="ds_question{wrong}">\n{parts(field, shape)}\n</div>\n'
    )


def _with_legend(field: BoundField, shape: str) -> str:
    described = attributes({"aria-describedby": field.aria_describedby})
    return (
        f'<fieldset{described}><legend class="ds_label">{in_words(field)}</legend>{help_and_errors(field)}'
        f"{_options(field) if shape == 'options' else control(field)}</fieldset>"
    )


def _ticked(field: BoundField, shape: str) -> str:
    return (
        f'{help_and_errors(field)}<div class="ds_checkbox">{control(field)}<label class="ds_checkbox__label" '
        f'for="{escape(field.id_for_label)}">{conditional_escape(field.label)}</label></div>'
    )


def _with_label(field: BoundField, shape: str) -> str:
    around = {"select": _select, "textarea": _textarea}.get(shape, control)
    label = f'<label class="ds_label" for="{escape(field.id_for_label)}">{in_words(field)}</label>'
    return f"{label}{help_and_errors(field)}\n{around(field)}"


def _select(field: BoundField) -> str:
    several = getattr(field.field.widget, "allow_multiple_selected", False)
    arrow = "" if several else '<span class="ds_select-arrow" aria-hidden="true"></span>'
    return f'<div class="ds_select-wrapper">{control(field)}{arrow}</div>'


def _textarea(field: BoundField) -> str:
    most = limit(field)
    if not most:
        return f"<div>{control(field)}</div>"
    return (
        f'<div data-module="ds-character-count" data-maxlength="{most}" data-threshold="80">{control(field)}</div>'
        f'<p class="ds_input__message ds_hint-text psp_limit" id="{escape(field.auto_id)}_limit">'
        f"Up to {intcomma(most)} characters</p>"
    )


def _options(field: BoundField) -> str:
    """The radio buttons or checkboxes of a field: Django would render a template for each."""
    ticks = isinstance(field.field.widget, forms.CheckboxSelectMultiple)
    shape, around = ("ds_checkbox", " ds_checkboxes") if ticks else ("ds_radio", "")
    written = "\n".join(_option(option.data, shape) for option in field.subwidgets)
    return f'<div class="ds_field-group{around}">\n{written}\n</div>'


def _option(about: dict[str, Any], shape: str) -> str:
    value = {} if about["value"] is None else {"value": about["value"]}
    box = {"type": about["type"], "name": about["name"], **value, **about["attrs"], "class": f"{shape}__input"}
    label = f'<label class="{shape}__label" for="{escape(about["attrs"]["id"])}">{escape(str(about["label"]))}</label>'
    return f'<div class="{shape}"><input{attributes(box)}>{label}</div>'


def control(field: BoundField) -> SafeString:
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


def limit(field: BoundField) -> int | None:
    """How many characters a text area takes, when it has a limit."""
    return getattr(field.field, "max_length", None) if kind(field) == "textarea" else None


def in_words(field: BoundField) -> SafeString:
    """The label, and whether the field may be left empty."""
    told = ' <span class="psp_optional">(optional)</span>' if is_optional(field) else ""
    return mark_safe(f"{conditional_escape(field.label)}{told}")  # noqa: S308  escaped


def is_optional(field: BoundField) -> bool:
    """Whether the label says "(optional)": not beside a tick box, in a filter, or where the label says it already."""
    if field.field.required or kind(field) == "checkbox" or not getattr(field.form, "marks_optional", False):
        return False
    return "optional" not in str(field.label).lower()


def help_and_errors(field: BoundField) -> str:
    """What describes a field: its hint, and what is wrong with it."""
    name, told = escape(field.auto_id), ""
    if field.help_text:
        told = f'<div class="ds_hint-text" id="{name}_helptext">{conditional_escape(field.help_text)}</div>'
    if field.errors:
        wrong = "".join(f"<p>{_ERROR}{conditional_escape(str(error))}</p>" for error in field.errors)
        told += f'<div class="ds_question__error-message" id="{name}_error">{wrong}</div>'
    return told


_ERROR = '<span class="visually-hidden">Error: </span>'
