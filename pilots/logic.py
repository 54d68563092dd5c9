"""The logic model as plain values: its columns from need to outcomes, and how their statements are typed. Pure."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.db import models

LONGEST = 200
MOST = 12
# “Weekly visits [R1, S2]”: a statement, and the codes of the indicators that show it.
_LINE = re.compile(r"(?P<text>.*?)\s*(?:\[(?P<codes>[^\[\]]*)\])?")
# Codes of the starter set that tell of money and of running the partnership, not of the service (domain.md 3.2).
NOT_OF_THE_SERVICE = "MKD"
OUTCOMES_CODE = "O"


class Column(models.TextChoices):
    NEED = "need", "Need"
    INPUTS = "inputs", "Inputs"
    ACTIVITIES = "activities", "Activities"
    OUTPUTS = "outputs", "Outputs"
    OUTCOMES = "outcomes", "Outcomes"


ASKS = {
    Column.NEED: "What people need that they do not get today.",
    Column.INPUTS: "What is put in: money, posts, volunteers, rooms.",
    Column.ACTIVITIES: "What is done with it.",
    Column.OUTPUTS: "What comes of it directly: who is reached, how often.",
    Column.OUTCOMES: "What changes for people.",
}
MEASURED = (Column.ACTIVITIES, Column.OUTPUTS, Column.OUTCOMES)


@dataclass(frozen=True)
class Statement:
    """One short sentence of a column, with the codes of the indicators that show it."""

    text: str
    codes: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.text} [{', '.join(self.codes)}]" if self.codes else self.text


def statements_of(text: str, known: Collection[str]) -> list[Statement]:
    """One statement a line; ValueError, in words for the person who typed it. `known` are the indicators' codes."""
    found = [_statement(line, known) for line in map(str.strip, text.splitlines()) if line]
    if len(found) > MOST:
        raise ValueError(f"Write at most {MOST} statements: a logic model is read at a glance.")
    return found


def typed_as(statements: Sequence[Statement]) -> str:
    return "\n".join(map(str, statements))


def column_of(code: str) -> Column | None:
    """Where an indicator stands that no statement names; None for those of money and of running the partnership."""
    if code[0] in NOT_OF_THE_SERVICE:
        return None
    return Column.OUTCOMES if code[0] == OUTCOMES_CODE else Column.OUTPUTS


def _statement(line: str, known: Collection[str]) -> Statement:
    parts = _LINE.fullmatch(line)
    text = parts["text"] if parts else ""
    if parts is None or not text or len(text) > LONGEST:
        raise ValueError(f"Each line is a statement of at most {LONGEST} characters: look at “{line[:40]}”.")
    codes = tuple(filter(None, (code.strip() for code in (parts["codes"] or "").split(","))))
    if strange := [code for code in codes if code not in known]:
        raise ValueError(f"“{strange[0]}” is not the code of an indicator here: look at “{text[:40]}”.")
    return Statement(text, tuple(dict.fromkeys(codes)))
