"""What a gate asks for, as plain values: version 1 is shipped as data, later versions are rows (`domain.md` 1.7)."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from django.db import models

from partnerships.lifecycle import Gate
from partnerships.plan import add_months

SHIPPED = Path(__file__).parent / "data" / "checklists.toml"
FIRST = 1


class Variant(models.TextChoices):
    """The kind of partnership: an item of a checklist says for which of them it is asked."""

    STANDARD = "standard", "Standard partnership"
    SHORT = "short", "Short pilot"
    STRATEGIC = "strategic", "Strategic partnership"


VARIANT_MEANS = {
    Variant.STANDARD: "a pilot with a review in the middle",
    Variant.SHORT: "a pilot too short for a review in the middle, and fewer papers",
    Variant.STRATEGIC: "a large new service: a business case is asked for too",
}


class ItemKind(models.TextChoices):
    """How an item is met, and by whom."""

    DOCUMENT = "document", "Document"
    LINK = "link", "Link"
    AGREEMENT = "agreement", "Signed agreement"
    FACT = "fact", "Fact the portal knows"
    STATEMENT = "statement", "Statement"


# These are written on the gate's own page.
GIVEN = (ItemKind.STATEMENT, ItemKind.LINK)
# These are read from what the portal holds.
COMPUTED = (ItemKind.FACT, ItemKind.AGREEMENT)
EVERYBODY = tuple(Variant)


@dataclass(frozen=True)
class Item:
    """One thing a gate asks for. `source`: a fact's key or a document's category; no `fresh_months`: never stale."""

    key: str
    name: str
    asks: str
    kind: ItemKind
    source: str = ""
    fresh_months: int | None = None
    variants: tuple[Variant, ...] = EVERYBODY


@dataclass(frozen=True)
class Version:
    """A gate's checklist as it was published; version 1 has no day, because it always held before the others."""

    gate: Gate
    number: int
    items: tuple[Item, ...]
    in_force_from: date | None = None
    why: str = ""
    published_by: str = ""

    def asked_of(self, variant: str) -> list[Item]:
        return [item for item in self.items if variant in item.variants]


@cache
def shipped() -> dict[Gate, Version]:
    """Version 1 of every gate, read once."""
    rows = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))["item"]
    return {gate: Version(gate, FIRST, tuple(_item(row) for row in rows if row["gate"] == gate)) for gate in Gate}


def _item(row: dict[str, Any]) -> Item:
    return Item(
        key=row["key"],
        name=row["name"],
        asks=row["asks"],
        kind=ItemKind(row["kind"]),
        source=row.get("source", ""),
        fresh_months=row.get("fresh_months"),
        variants=tuple(Variant(variant) for variant in row.get("variants", Variant.values)),
    )


def is_fresh(confirmed_on: date, months: int | None, today: date) -> bool:
    """Not older than the limit: what was confirmed on 3 May is fresh for six months up to and with 3 November."""
    return months is None or today <= add_months(confirmed_on, months)
