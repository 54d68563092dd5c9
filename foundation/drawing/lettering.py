"""Text in a drawing: what may be written, how wide it is, where its lines break, how dates read.

SVG breaks no lines and a server has no browser to ask, so widths are estimated from Roboto and Arial, whichever is
wider: a line is broken a little early rather than clipped.
"""

import unicodedata
from datetime import date
from functools import lru_cache

SIZE = 15.5  # 11.3 px where the drawing's 480 units fill the 350 px column of a phone
LINE = 20.0

_EMS = {
    **dict.fromkeys(" !',.:;|ijlI", 0.28),
    **dict.fromkeys('"()-[]`frt', 0.37),
    **dict.fromkeys("cksvxyz", 0.53),
    **dict.fromkeys("#ABCDEFHJKLNPRSTUVXYZ~", 0.73),
    **dict.fromkeys("GOQw", 0.78),
    **dict.fromkeys("%&@MWmÆŒ½—…", 1.02),
}
_BY_SCRIPT = (("\x7f", 0.59), ("\u0370", 0.79), ("\U0010ffff", 1.1))  # the rest: ASCII, other Latin, everything else
_BOLD = 1.1


def clean(text: str) -> str:
    """One line without the characters XML refuses (controls, halves of surrogate pairs, U+FFFE and U+FFFF)."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    seen = "".join(c if unicodedata.category(c) not in ("Cc", "Cs") and c not in "\ufffe\uffff" else " " for c in text)
    return " ".join(seen.split())


def width(text: str, *, bold: bool = False) -> float:
    """No narrower than the text will be, in the drawing's units."""
    return sum(map(_ems, text)) * SIZE * (_BOLD if bold else 1)


@lru_cache(maxsize=1024)
def _ems(character: str) -> float:
    return _EMS.get(character) or next(ems for last, ems in _BY_SCRIPT if character <= last)


def wrap(text: str, room: float, *, bold: bool = False) -> list[str]:
    """Lines no wider than `room`, broken between words, and inside a word only where it fills a line alone."""
    lines = [""]
    for word in clean(text).split():
        longer = f"{lines[-1]} {word}".strip()
        if width(longer, bold=bold) <= room:
            lines[-1] = longer
            continue
        *full, rest = _pieces(word, room, bold)
        lines += [*full, rest]
    return [line for line in lines if line] or [""]


def _pieces(word: str, room: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and width(pieces[-1] + character, bold=bold) > room:
            pieces.append("")
        pieces[-1] += character
    return pieces


def shortened(text: str, room: float) -> str:
    """The text, or as much of its beginning as there is room for."""
    text = clean(text)
    if width(text) <= room:
        return text
    while text and width(f"{text}…") > room:
        text = text[:-1]
    return f"{text.rstrip()}…"


def in_words(day: date) -> str:
    return f"{day:%-d %B %Y}"
