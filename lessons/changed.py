"""What changed between the lessons of one edition and those of another, or as they are in the library now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# What a reader would notice, and what it is called.
FIELDS = {
    "title": "title", "what_happened": "what happened", "why": "why", "advice": "what to do",
    "evidence": "what shows it", "stage": "stage", "theme": "theme", "kind_of_service": "kind of service",
    "source_label": "source", "source_address": "address of the source",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """A lesson, and what became of it, as half a sentence: “was added”, “has other words: what to do”."""

    number: int
    title: str
    told: str
    path: str


def between(before: Sequence[Mapping[str, Any]], after: Sequence[Mapping[str, Any]]) -> list[Change]:
    """By lesson, in the order of the later edition; those that were left out come last."""
    old = {lesson["number"]: lesson for lesson in before}
    new = {lesson["number"] for lesson in after}
    changes = []
    for lesson in after:
        earlier = old.get(lesson["number"])
        told = "was added" if earlier is None else _reworded(earlier, lesson)
        if told:
            changes.append(_change(lesson, told))
    changes += [_change(lesson, "was left out") for lesson in before if lesson["number"] not in new]
    kept_before = [lesson["number"] for lesson in before if lesson["number"] in new]
    kept_after = [lesson["number"] for lesson in after if lesson["number"] in old]
    moved = {number for number, other in zip(kept_before, kept_after, strict=True) if number != other}
    told_of = {change.number for change in changes}
    return changes + [
        _change(lesson, "stands in another place")
        for lesson in after
        if lesson["number"] in moved and lesson["number"] not in told_of
    ]


def _reworded(before: Mapping[str, Any], after: Mapping[str, Any]) -> str:
    fields = [name for field, name in FIELDS.items() if before[field] != after[field]]
    return f"has other words: {', '.join(fields)}" if fields else ""


def _change(lesson: Mapping[str, Any], told: str) -> Change:
    return Change(lesson["number"], lesson["title"], told, lesson["path"])
