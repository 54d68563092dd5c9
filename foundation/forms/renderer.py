"""Django writes each control by a template, and for each option of a list one or two more: 22 tick boxes cost as much
as all else on their page. The controls whose templates are Django's own are written here in one go, to the same HTML.
"""

from collections.abc import Callable
from html import escape
from typing import Any

from django.forms.renderers import TemplatesSetting
from django.http import HttpRequest
from django.utils.html import conditional_escape

from foundation.forms.markup import attributes

Widget = dict[str, Any]


class QuickRenderer(TemplatesSetting):
    """Values and labels are escaped here; what it does not know it leaves to the template engine."""

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        written = _WRITERS.get(template_name.removeprefix("django/forms/widgets/").removesuffix(".html"))
        if written is None:
            return super().render(template_name, context, request)
        return written(context["widget"])


def _input(widget: Widget) -> str:
    value = widget["value"]
    given = {} if value is None else {"value": value}
    return f"<input{attributes({'type': widget['type'], 'name': widget['name'], **given, **widget['attrs']})}>"


def _textarea(widget: Widget) -> str:
    around = attributes({"name": widget["name"], **widget["attrs"]})
    return f"<textarea{around}>\n{conditional_escape(widget['value'] or '')}</textarea>"


def _select(widget: Widget) -> str:
    around = attributes({"name": widget["name"], **widget["attrs"]})
    return f"<select{around}>{''.join(_group(*group) for group in widget['optgroups'])}</select>"


def _group(name: Any, options: list[Widget], index: int) -> str:
    written = "".join(
        f"<option{attributes({'value': option['value'], **option['attrs']})}>"
        f"{conditional_escape(option['label'])}</option>"
        for option in options
    )
    return f'<optgroup label="{escape(str(name))}">{written}</optgroup>' if name else written


def _option(widget: Widget) -> str:
    """A radio button or a tick box of several, inside its label when it is asked to be."""
    if not widget.get("wrap_label"):
        return _input(widget)
    target = widget["attrs"].get("id")
    whose = f' for="{escape(str(target))}"' if target else ""
    return f"<label{whose}>{_input(widget)} {conditional_escape(widget['label'])}</label>"


_BOXES = (
    "text",
    "number",
    "email",
    "url",
    "password",
    "hidden",
    "date",
    "datetime",
    "time",
    "checkbox",
    "search",
    "tel",
)
_WRITERS: dict[str, Callable[[Widget], str]] = {
    **dict.fromkeys(_BOXES, _input),
    "textarea": _textarea,
    "select": _select,
    "radio_option": _option,
    "checkbox_option": _option,
}
