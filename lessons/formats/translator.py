"""Braille by liblouis: Unified English Braille, contracted or not, from print and back."""

import textwrap
from collections.abc import Sequence

from foundation.rendering.printing import PressBroke
from foundation.rendering.programs import Program, run

LOU_TRANSLATE = Program("lou_translate", "liblouis-bin")
UNCONTRACTED, CONTRACTED = "en-ueb-g1.ctb", "en-ueb-g2.ctb"
_ASCII = "en-us-brf.dis"
LONGEST = 600


def to_braille(lines: Sequence[str], table: str) -> list[str]:
    """A line of cells for each line of print."""
    return _asked("--forward", lines, table)


def to_print(lines: Sequence[str], table: str) -> list[str]:
    """A line of print for each line of cells: how a translation is checked."""
    return _asked("--backward", lines, table)


def _asked(direction: str, lines: Sequence[str], table: str) -> list[str]:
    # The program cuts a line after about 2,000 characters, and answers an empty one with nothing.
    parts = [textwrap.wrap(line, LONGEST, break_on_hyphens=False) for line in lines]
    asked = [part for of_line in parts for part in of_line]
    given = "".join(f"{part}\n" for part in asked)
    told = run(LOU_TRANSLATE, [direction, f"{_ASCII},{table}"], given=given.encode()).decode().splitlines()
    if len(told) != len(asked):
        raise PressBroke(f"the braille translator answered {len(told)} lines for {len(asked)}")
    answers = iter(told)
    return [" ".join(next(answers) for _ in of_line) for of_line in parts]
