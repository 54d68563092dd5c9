"""What every reader makes of a file: paragraphs in order, each with what its place in the file says of it."""

import re
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


class Unreadable(ValueError):
    """The file cannot be read; the message is for whoever sent it."""


@dataclass(frozen=True)
class Paragraph:
    """`level` is the level of a heading, 0 for none; `links` are pairs of words and address."""

    text: str
    level: int = 0
    bullet: bool = False
    links: tuple[tuple[str, str], ...] = ()


def tidy(text: str) -> str:
    """On one line, without marks that cannot be seen."""
    return _SPACE.sub(" ", _CONTROLS.sub("", text)).strip()
