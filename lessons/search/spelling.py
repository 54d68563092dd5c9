"""What a mistyped word may have meant. Pure: a word and the words that are known in, the nearest of them out.

A slip is one letter too many, one too few, another one, or two next to each other swapped (Damerau-Levenshtein, the
form that never edits a swapped pair again). Words of four or five letters may have one slip, longer ones two; shorter
words are left alone, because a slip in three letters is another word.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence

SHORTEST, LONGER, LONGEST = 4, 6, 40
_WORD = re.compile(r"[^\W\d_]{3,40}")


def plain(text: str) -> str:
    """In small letters and without accents: how words are known and compared."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def words_of(text: str) -> frozenset[str]:
    """The words of a text that a searcher may mean."""
    return frozenset(_WORD.findall(plain(text)))


def slips_allowed(word: str) -> int:
    if len(word) < SHORTEST:
        return 0
    return 1 if len(word) < LONGER else 2


def nearest(word: str, known: Iterable[str], most: int = 3) -> Sequence[str]:
    """At most `most` of the known words within the slips that are allowed, nearest first, then with the same first
    letter, then the longer (a letter is left out more often than put in), then by the alphabet; never `word` itself.
    """
    allowed, letters = slips_allowed(word), set(word)
    if not allowed:
        return []
    found = []
    for other in known:
        if other == word or abs(len(other) - len(word)) > allowed or len(letters ^ set(other)) > 2 * allowed:
            continue
        slips = distance(word, other, allowed)
        if slips <= allowed:
            found.append((slips, other[:1] != word[:1], -len(other), other))
    return [other for *_, other in sorted(found)[:most]]


def distance(one: str, other: str, most: int) -> int:
    """How many slips lie between two words; `most` + 1 as soon as it is more than `most`."""
    if abs(len(one) - len(other)) > most:
        return most + 1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != its))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        if min(row) > most and (not last or min(last) > most):
            return most + 1
        before, last = last, row
    return min(last[-1], most + 1)
