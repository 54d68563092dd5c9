"""What every field gets without its form asking: messages that say what to do, and inputs that keep what was typed.

A form that brings its own message or help text keeps it; only Django's stock ones are replaced.
"""

import re
from collections.abc import Iterator

from django import forms
from django.forms.utils import pretty_name

EXAMPLE_DATE = "27/3/2027"
EXAMPLE_MOMENT = "27/3/2027 14:30"
# A label that begins with one of these takes no further "the": “Enter your name”.
DETERMINERS = {"a", "an", "the", "your", "our", "their", "its", "this", "any", "each", "all", "no"}
# A label that begins or ends like this is no noun, and is quoted: “Fill in “Who it is for””.
OPENINGS = {
    "who", "what", "when", "where", "why", "which", "how", "if", "is", "are", "was", "were", "do", "does", "did", "has",
    "have", "can", "could", "will", "would", "should", "i", "we",
}  # fmt: skip
ENDINGS = {"on", "by", "from", "to", "in", "for", "with"}
# A label that begins with one of these already says what to do.
IMPERATIVES = {
    "describe", "explain", "tell", "give", "enter", "choose", "say", "list", "set", "upload", "add", "confirm", "state",
    "select", "pick", "write", "attach",
}  # fmt: skip
CHOSEN = (forms.ChoiceField, forms.ModelChoiceField, forms.FileField)


class EasyForm(forms.Form):
    """A form whose fields are put at ease when they are first asked for, late additions included."""

    def __getitem__(self, name: str) -> forms.BoundField:
        if name in self.fields and name not in self._bound_fields_cache:  # type: ignore[attr-defined]
            put_at_ease(name, self.fields[name])
        return super().__getitem__(name)


def put_at_ease(name: str, field: forms.Field) -> None:
    """Replace the stock messages, help text and widget settings of one field; doing it twice changes nothing."""
    label = str(field.label if field.label is not None else pretty_name(name))
    for code, text in _messages(field, label):
        if field.error_messages.get(code) == _stock(field, code):
            field.error_messages[code] = text
    if not field.help_text and isinstance(field.widget, forms.DateTimeInput):
        field.help_text = f"For example, {EXAMPLE_MOMENT}"
    elif not field.help_text and isinstance(field.widget, forms.DateInput):
        field.help_text = f"For example, {EXAMPLE_DATE}"
    _keep_what_was_typed(field)


def _keep_what_was_typed(field: forms.Field) -> None:
    """A number input drops letters and a maxlength cuts a paste, both in silence: plain text inputs do neither."""
    widget = field.widget
    if isinstance(widget, forms.NumberInput):
        whole = not isinstance(field, forms.DecimalField | forms.FloatField)
        widget.input_type = "text"
        widget.attrs.setdefault("inputmode", "numeric" if whole else "decimal")
        for limit in ("min", "max", "step"):
            widget.attrs.pop(limit, None)
    widget.attrs.pop("maxlength", None)


def _stock(field: forms.Field, code: str) -> str | None:
    """Django's own message; None for a validator's, which a field does not hold until somebody sets it."""
    for kind in type(field).__mro__:
        if code in getattr(kind, "default_error_messages", {}):
            return str(kind.default_error_messages[code])  # type: ignore[attr-defined]
    return None


def _messages(field: forms.Field, label: str) -> Iterator[tuple[str, str]]:
    yield "required", required_message(field, label)
    if isinstance(field, forms.FileField):
        yield "empty", "The file you chose is empty"
        return
    start = label.replace("%", "%%")  # these texts are filled in with the limit
    yield "max_length", f"{start} must be %(limit_value)d characters or fewer (it has %(show_value)d)"
    yield "min_length", f"{start} must be %(limit_value)d characters or more (it has %(show_value)d)"
    yield "max_value", f"{start} must be %(limit_value)s or less"
    yield "min_value", f"{start} must be %(limit_value)s or more"
    yield "max_digits", f"{start} has too many digits"
    yield "max_whole_digits", f"{start} is too large"
    yield "max_decimal_places", f"{start} must have no more than %(max)s decimal places"
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField):
        yield "invalid_choice", f"Choose {the_thing(start)} from the list"
    # Django fills this message in on some ways and not on others, so a sign that means something to it is spelt out.
    invalid = _invalid(field, label.replace("%", "per cent"))
    if invalid:
        yield "invalid", invalid


def _invalid(field: forms.Field, label: str) -> str:
    thing = the_thing(label)
    if isinstance(field, forms.DateTimeField):
        return f"Enter {thing} as day, month, year and time, for example {EXAMPLE_MOMENT}"
    if isinstance(field, forms.DateField):
        return f"Enter {thing} as day, month and year, for example {EXAMPLE_DATE}"
    if isinstance(field, forms.DecimalField | forms.FloatField):
        return f"{label} must be a number, for example 1250 or 1250.50"
    if isinstance(field, forms.IntegerField):
        return f"{label} must be a whole number, for example 12"
    if isinstance(field, forms.EmailField):
        return "Enter an e-mail address in full, for example name@example.org"
    if isinstance(field, forms.URLField):
        return "Enter a web address in full, for example https://example.org/page"
    return ""


def required_message(field: forms.Field, label: str) -> str:
    """What to do about an empty field: “Enter the title”, “Choose the area”, “Fill in “Who it is for””."""
    if isinstance(field, forms.BooleanField):
        return f"Tick “{label}” to continue"
    words = re.findall(r"[\w'-]+", label.lower()) or [""]
    if words[0] in IMPERATIVES and len(words) > 1:
        return label.rstrip(".: ")
    if label.endswith("?") or words[0] in OPENINGS or words[-1] in ENDINGS:
        return f"Choose an answer to “{label}”" if isinstance(field, CHOSEN) else f"Fill in “{label}”"
    return f"{'Choose' if isinstance(field, CHOSEN) else 'Enter'} {the_thing(label)}"


def the_thing(label: str) -> str:
    """A label inside a sentence: “Start date” is “the start date”, “SROI ratio” is “the SROI ratio”."""
    text = label.removesuffix(" (£)").rstrip(".:? ")
    first, _, rest = text.partition(" ")
    if first[1:] == first[1:].lower():
        text = f"{first.lower()} {rest}".strip()
    return text if text.split(" ")[0] in DETERMINERS else f"the {text}"
