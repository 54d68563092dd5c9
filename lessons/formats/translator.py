"""Braille by liblouis: Unified English Braille, contracted or not, from print and back.

Web and e-mail addresses are never contracted (Rules of Unified English Braille, 10.12): in contracted braille too they
are translated by the uncontracted table, and a letter in them that would be read as a whole word gets its sign.
"""

import re
import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from itertools import groupby

from foundation.rendering.printing import PressBroke
from foundation.rendering.programs import Program, Wanted, always, run

LOU_TRANSLATE = Program("lou_translate", "liblouis-bin")
UNCONTRACTED, CONTRACTED = "en-ueb-g1.ctb", "en-ueb-g2.ctb"
_ASCII = "en-us-brf.dis"
LONGEST = 600
# Lines and a table in, a line for each out.
Ask = Callable[[Sequence[str], str], list[str]]
GRADE_1, _MARK = ";", "\0"

# What makes a word of print an address; and a word of cells: two slashes, an at sign, a full stop between letters.
_ADDRESS = re.compile(r"://|\bwww\.|\w@[\w-]+\.\w|\w\.(?:scot|uk|org|com|net|eu|info|example)\b", re.IGNORECASE)
_ADDRESS_IN_CELLS = re.compile(r"_/_/|@A|[A-Z]4,*[A-Z]")
# Letters between hyphens, whatever punctuation stands around the address, are read as a word by themselves.
_ALONE = re.compile(r"(?:^[(\[“‘\"']*|(?<=-))([A-Za-z]+)(?=-|[)\]”’\"'.,:;!?…]*$)")


def to_braille(lines: Sequence[str], table: str, wanted: Wanted = always) -> list[str]:
    """A line of cells for each line of print. `wanted` is asked every second and may stop the work."""
    ask = partial(_asked, "--forward", wanted=wanted)
    if table != CONTRACTED:
        return ask(lines, table)
    return _by_parts(ask, lines, _ADDRESS, partial(addresses_to_braille, ask=ask))


def to_print(lines: Sequence[str], table: str) -> list[str]:
    """A line of print for each line of cells: how a translation is checked."""
    ask = partial(_asked, "--backward", wanted=always)
    if table != CONTRACTED:
        return ask(lines, table)
    return _by_parts(ask, lines, _ADDRESS_IN_CELLS, lambda found: ask(found, UNCONTRACTED))


def addresses_to_braille(addresses: Sequence[str], ask: Ask) -> list[str]:
    """Uncontracted cells for contracted surroundings: “a-b” has the sign before its b, which would be “but”."""
    alone = sorted({word for address in addresses for word in _ALONE.findall(address)})
    plain = dict(zip(alone, ask(alone, UNCONTRACTED), strict=True))
    # The contracted table itself says which letters need it.
    read_as_words = {
        word for word, cells in zip(alone, ask(alone, CONTRACTED), strict=True) if cells == GRADE_1 + plain[word]
    }
    # Only the letters' own cells change, so the sign is put where their print stands.
    marked = [_ALONE.sub(lambda found: _mark(found, read_as_words), address) for address in addresses]
    pieces = [address.split(_MARK) for address in marked]
    cells = iter(ask([piece for of_address in pieces for piece in of_address], UNCONTRACTED))
    return [GRADE_1.join(next(cells) for _ in of_address) for of_address in pieces]


def _mark(found: re.Match[str], read_as_words: set[str]) -> str:
    whole, word = found[0], found[1]
    return whole.removesuffix(word) + _MARK + word if word in read_as_words else whole


def _by_parts(
    ask: Ask, lines: Sequence[str], address: re.Pattern[str], uncontracted: Callable[[Sequence[str]], list[str]]
) -> list[str]:
    """The lines with every address translated by `uncontracted` and all else by the contracted table."""
    parts = [_parts(line, address) for line in lines]
    addresses = iter(uncontracted([part for of_line in parts for is_address, part in of_line if is_address]))
    words = iter(ask([part for of_line in parts for is_address, part in of_line if not is_address], CONTRACTED))
    return [" ".join(next(addresses if is_address else words) for is_address, _ in of_line) for of_line in parts]


def _parts(line: str, address: re.Pattern[str]) -> list[tuple[bool, str]]:
    """Each address by itself, and the words between; True for an address."""
    parts: list[tuple[bool, str]] = []
    for is_address, together in groupby(line.split(), key=lambda word: bool(address.search(word))):
        words = list(together)
        parts += [(True, word) for word in words] if is_address else [(False, " ".join(words))]
    return parts


def _asked(direction: str, lines: Sequence[str], table: str, *, wanted: Wanted) -> list[str]:
    # The program cuts a line after about 2,000 characters, and answers an empty one with nothing.
    parts = [textwrap.wrap(line, LONGEST, break_on_hyphens=False) for line in lines]
    asked = [part for of_line in parts for part in of_line]
    if not asked:
        return [""] * len(lines)
    # A backslash begins an escape there, and one that it does not know empties the line; in cells it is “ou”.
    given = "".join(f"{part}\n" for part in asked).replace("\\", "\\\\")
    answer = run(LOU_TRANSLATE, [direction, f"{_ASCII},{table}"], given=given.encode(), wanted=wanted)
    told = answer.decode().splitlines()
    if len(told) != len(asked):
        raise PressBroke(f"the braille translator answered {len(told)} lines for {len(asked)}")
    answers = iter(told)
    return [" ".join(next(answers) for _ in of_line) for of_line in parts]
