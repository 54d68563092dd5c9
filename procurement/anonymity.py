"""Keeping names out of published questions. Pure text work; knows no model."""

import re
from collections.abc import Iterable

ALIAS = "[a bidder]"
LEGAL_ENDINGS = re.compile(r"[\s,]+(ltd|limited|plc|llp|cic|c\.i\.c\.|scio|\(scotland\))\.?$", re.IGNORECASE)
SHORTEST = 3  # shorter names would match inside ordinary words


def spellings(names: Iterable[str]) -> list[str]:
    """Each name, also without its legal ending; the longest first."""
    found = {" ".join(name.split()) for name in names}
    found |= {LEGAL_ENDINGS.sub("", name) for name in found}
    return sorted((name for name in found if len(name) >= SHORTEST), key=len, reverse=True)


def named_in(text: str, names: Iterable[str]) -> list[str]:
    """Which of the names a text gives away, whatever their case and spacing."""
    return [name for name in spellings(names) if _pattern(name).search(text)]


def masked(text: str, names: Iterable[str]) -> str:
    """The text with every spelling of the names replaced by the alias."""
    for name in spellings(names):
        text = _pattern(name).sub(ALIAS, text)
    return text


def _pattern(name: str) -> re.Pattern[str]:
    words = r"\s+".join(re.escape(word) for word in name.split())
    return re.compile(rf"(?<!\w){words}(?!\w)", re.IGNORECASE)
