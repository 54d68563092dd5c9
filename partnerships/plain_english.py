"""Hints for words that everybody will read. Pure: text in, sentences out; they advise and never refuse.

A sentence of more than 25 words is hard to follow; an abbreviation means something only to whoever knows it already.
"""

import re

LONGEST_SENTENCE = 25
PLAINER = {
    "service users": "people who use the service", "client group": "people", "stakeholders": "the people it concerns",
    "utilise": "use", "in order to": "to", "facilitate": "help", "going forward": "from now on",
    "deliverables": "what is made",
    "co-production": "designing it together", "commissioning": "planning and buying services",
    "signpost": "tell people about",
    "pathway": "steps", "engagement": "talking with people", "outcomes": "what changes for people",
}  # fmt: skip
_SENTENCE = re.compile(r"[^.!?\n]+")
_ABBREVIATION = re.compile(r"(?<![\w@./-])[A-Z]{2,}s?\b")
_EXPLAINED = re.compile(r"\(([A-Z]{2,})s?\)|\b([A-Z]{2,})s? \(")


def hints(text: str) -> list[str]:
    """What would make the text easier to read, most weighty first; empty when nothing was found."""
    return [*_long_sentences(text), *_abbreviations(text), *_jargon(text)]


def _long_sentences(text: str) -> list[str]:
    found = [words for one in _SENTENCE.findall(text) if len(words := one.split()) > LONGEST_SENTENCE]
    return [
        f"The sentence that begins “{' '.join(words[:5])} …” has {len(words)} words. Make two of it." for words in found
    ]


def _abbreviations(text: str) -> list[str]:
    explained = {word for pair in _EXPLAINED.findall(text) for word in pair if word}
    found = dict.fromkeys(word.removesuffix("s") for word in _ABBREVIATION.findall(text))
    return [f"Say in full what “{short}” means." for short in found if short not in explained]


def _jargon(text: str) -> list[str]:
    lower = text.lower()
    return [
        f"Instead of “{word}” you could say “{plainer}”."
        for word, plainer in PLAINER.items()
        if re.search(rf"\b{re.escape(word)}\b", lower)
    ]
