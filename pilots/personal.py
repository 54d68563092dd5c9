"""What looks like it points at one person: refused in every text of a return, which may name nobody. `domain.md` 3.1.

Patterns find slips, not secrets: a name still has to be left out by whoever types it.
"""

import re

_LOOKS_LIKE = {
    "an e-mail address": re.compile(r"[^\s@]+@[^\s@]+\.[A-Za-z]{2,}"),
    # Day, month and year of birth, then four figures; ten figures beginning with a day would pass for a telephone too.
    "a CHI number": re.compile(r"(?<!\d)(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])\d{2}[ -]?\d{4}(?!\d)"),
    "a telephone number": re.compile(r"(?<![\d.])(?:\+44|0)(?:[ ()-]{0,2}\d){9,10}(?!\d)"),
    "a National Insurance number": re.compile(
        r"\b[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b", re.IGNORECASE
    ),
}


def personal_detail(text: str) -> str | None:
    """Why `text` cannot be kept, as a sentence; None when nothing in it looks like one person's details."""
    for what, pattern in _LOOKS_LIKE.items():
        if pattern.search(text):
            return f"This looks like {what}. Take it out: a return names nobody and holds no personal detail."
    return None
