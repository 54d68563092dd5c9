"""`{% cards %} <table>…</table> {% endcards %}`: a table that becomes cards on a narrow screen, without a script.

Each cell gets its column's name as `data-label`, which `portal.css` prints before it, and every part of the table its
role, because a table laid out as blocks would otherwise be no table to a screen reader. It reads what our own template
wrote: one `<thead>` row of `<th scope="col">`, and in text the people's words are escaped, so `<td` is always a cell.
"""

import re
from collections.abc import Callable
from html import unescape

from django import template
from django.utils.html import escape, strip_tags
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

_HEAD = re.compile(r"<thead.*?</thead>", re.DOTALL)
_HEADER = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
_OPENING = re.compile(r"<(table|thead|tbody|tfoot|tr|td|th)\b([^>]*)>")
_SPAN = re.compile(r'colspan="(\d+)"')
_CLASS = re.compile(r'class="')
_ROLES = {"table": "table", "thead": "rowgroup", "tbody": "rowgroup", "tfoot": "rowgroup", "tr": "row", "td": "cell"}


@register.simple_block_tag
def cards(content: str) -> SafeString:
    """The table with the names of its columns on each cell."""
    return mark_safe(_OPENING.sub(_writer(names_of(content)), content))  # noqa: S308  our own markup, read and widened


def names_of(table: str) -> list[str]:
    """The columns' names as plain text, tags and runs of blanks taken out."""
    head = _HEAD.search(table)
    names = _HEADER.findall(head.group()) if head else []
    return [" ".join(unescape(strip_tags(name)).split()) for name in names]


def _writer(names: list[str]) -> Callable[[re.Match[str]], str]:
    """Rewrites one opening tag after the other; it counts the columns of the row it is in."""
    place = {"column": 0, "in_head": False}

    def written(tag: re.Match[str]) -> str:
        name, attributes = tag.groups()
        if name in ("thead", "tbody", "tfoot"):
            place["in_head"] = name == "thead"
        if name == "tr":
            place["column"] = 0
        if name == "table":
            attributes = _CLASS.sub('class="psp_cards ', attributes, count=1)
        if name not in ("td", "th"):
            return f'<{name}{attributes} role="{_ROLES[name]}">'
        column = place["column"]
        span = _SPAN.search(attributes)
        place["column"] += int(span.group(1)) if span else 1
        if place["in_head"]:
            return f'<th{attributes} role="columnheader">'
        role = "rowheader" if name == "th" else "cell"
        label = names[column] if column < len(names) else ""
        return f'<{name}{attributes} role="{role}"' + (f' data-label="{escape(label)}">' if label else ">")

    return written
