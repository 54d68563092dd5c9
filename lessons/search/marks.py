"""From a passage with marked words to HTML: escaped, with <mark> around what was found."""

from dataclasses import dataclass

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

# Private-use characters: no form lets them in, and they mean nothing to either engine.
START, STOP = "\ue000", "\ue001"


@dataclass(frozen=True)
class Marked:
    """A title and a passage as an engine returns them; the passage is empty when only the title matched."""

    title: str
    passage: str


def as_html(text: str) -> SafeString:
    """`text` escaped, its marked words in <mark>. A lone mark is dropped."""
    plain, *parts = text.split(START)
    return format_html_join("", "{}{}", [("", plain.replace(STOP, "")), *map(_marked, parts)])


def _marked(part: str) -> tuple[str, str]:
    """What follows a start mark: the marked words, and the rest."""
    found, stop, rest = part.partition(STOP)
    return (format_html("<mark>{}</mark>", found), rest.replace(STOP, "")) if stop else ("", part)
