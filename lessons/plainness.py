"""Whether everybody can read a text: what must change before it is published, and what would make it easier. Pure.

Must change (`domain.md` 6.1, 6.2): abbreviations nobody explained, links that say nothing alone, shouting in capitals.
Advice only: the reading age, and the hints of `partnerships.plain_english`.
"""

import re
from collections.abc import Iterator, Mapping

from lessons.checklist import unexplained
from partnerships import plain_english

OLDEST_READER = 14
"""The learning points are written for people who read as well as at about 12 to 14 years (`domain.md` 6.1)."""
FEWEST_WORDS = 30
"""Fewer say nothing about the reading age."""
_ADDRESS = re.compile(r"\b(?:https?://|www\.)\S+")
_NOTHING = re.compile(r"\b(?:click here|read more here|see here|this link)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"[^.!?\n]+")
_LETTERS = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")


def problems(texts: Mapping[str, str]) -> list[str]:
    """What must change; `texts` are the parts by the heading that readers see, in reading order."""
    parts = [sentence for part, text in texts.items() for sentence in _of_part(part, text)]
    short = unexplained("\n".join(texts.values()))
    return parts + [f"The abbreviation {one} is not explained where it is first used." for one in short]


def advice(texts: Mapping[str, str]) -> list[str]:
    """What would make it easier to read; it never stops anybody."""
    whole = "\n".join(texts.values())
    age = reading_age(whole) or 0
    old = f"It reads as for people of {age:.0f}. Shorter sentences and words would open it to people of 12 to 14."
    return [*([old] if age > OLDEST_READER else []), *plain_english.hints(whole)]


def reading_age(text: str) -> float | None:
    """Years: the Flesch-Kincaid grade (Kincaid et al. 1975: 0.39 words per sentence + 11.8 syllables per word − 15.59)
    plus five, the age at which the first grade ends being the sixth year. None for too little text.
    """
    words = _LETTERS.findall(text)
    sentences = [one for one in _SENTENCE.findall(text) if _LETTERS.search(one)]
    if len(words) < FEWEST_WORDS:
        return None
    grade = 0.39 * len(words) / len(sentences) + 11.8 * sum(map(syllables, words)) / len(words) - 15.59
    return grade + 5


def syllables(word: str) -> int:
    """Groups of vowels, a silent e at the end not counted: right for most English words, which is enough for a mean."""
    low = word.lower()
    count = len(_VOWELS.findall(low))
    silent = low.endswith("e") and not low.endswith(("le", "ee")) and count > 1
    return max(1, count - silent)


def _of_part(part: str, text: str) -> Iterator[str]:
    if _ADDRESS.search(text):
        yield f"“{part}” shows a web address: say what it leads to, and put the address into the source."
    if found := _NOTHING.search(text):
        yield f"“{part}” says “{found.group()}”, which tells nothing when it is read alone."
    for line in text.splitlines():
        words = _LETTERS.findall(line)
        if len(words) >= 4 and line.upper() == line:
            yield f"“{part}” has a line in capitals: “{line.strip()[:40]}”. A screen reader may spell it."
