"""Which version of a gate's checklist is in force on a day: the shipped one, or the newest published since."""

from collections.abc import Iterator
from datetime import date
from itertools import groupby

from django.db.models import QuerySet

from foundation.database import clock
from partnerships.checklist import Item, ItemKind, Variant, Version, shipped
from partnerships.lifecycle import Gate, passage_through
from partnerships.models import ChecklistItem, Partnership


def all_versions(gate: Gate) -> list[Version]:
    """Oldest first, those included that are not in force yet. One query."""
    return [shipped()[gate], *_published(ChecklistItem.objects.filter(checklist__gate=gate))]


def in_force_everywhere(on: date) -> dict[Gate, Version]:
    """The version in force on a day, for every gate. One query."""
    rows = ChecklistItem.objects.filter(checklist__in_force_from__lte=on)
    return shipped() | {version.gate: version for version in _published(rows)}


def applying_to(gate: Gate, partnership: Partnership) -> Version:
    """In force on the day the partnership entered the gate's stage; on today while it has not entered it. One query."""
    entered = passage_through(gate).leaves == partnership.stage
    on = min(partnership.stage_since, clock.today()) if entered else clock.today()
    rows = ChecklistItem.objects.filter(checklist__gate=gate, checklist__in_force_from__lte=on)
    return [shipped()[gate], *_published(rows)][-1]


def _published(rows: QuerySet[ChecklistItem]) -> Iterator[Version]:
    ordered = rows.select_related("checklist__published_by").order_by("checklist__gate", "checklist__number", "order")
    for checklist, items in groupby(ordered, key=lambda row: row.checklist):
        yield Version(
            gate=Gate(checklist.gate),
            number=checklist.number,
            items=tuple(_item(row) for row in items),
            in_force_from=checklist.in_force_from,
            why=checklist.why,
            published_by=str(checklist.published_by),
        )


def _item(row: ChecklistItem) -> Item:
    return Item(
        key=row.key,
        name=row.name,
        asks=row.asks,
        kind=ItemKind(row.kind),
        source=row.source,
        fresh_months=row.fresh_months,
        variants=tuple(Variant(variant) for variant in row.variants),
    )
