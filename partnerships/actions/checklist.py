"""Publishing a new version of what a gate asks for: by a portal administrator, from a day on, with the reason."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from accounts.permissions import Ability, require
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.policy.refusals import ChangedMeanwhile, NotNow
from partnerships import gates
from partnerships.categories import DocumentCategory
from partnerships.checklist import COMPUTED, Item, ItemKind
from partnerships.checklists import all_versions
from partnerships.lifecycle import Gate
from partnerships.models import Checklist, ChecklistItem
from partnerships.models.checklist import LONGEST_FRESH

if TYPE_CHECKING:
    from accounts.models import Person

MOST_ITEMS = 20


@verb("checklist.publish", on="by")
def publish_checklist(
    *, gate: Gate, items: Sequence[Item], in_force_from: date, why: str, by: "Person", number: int | None = None
) -> Checklist:
    """Publish the next version. It holds for every partnership that enters the gate's stage from that day on.

    `number` is the newest version the publisher was looking at.
    """
    require(by, Ability.KEEP_CHECKLISTS)
    newest = all_versions(gate)[-1]
    if number is not None and number != newest.number:
        raise _published_meanwhile(gate)
    _check_day(in_force_from, newest.in_force_from)
    if not why.strip():
        raise ValidationError({"why": "Say why it changes. Everybody who works at a gate can read it."})
    check_items(items)
    if tuple(items) == newest.items:
        raise ValidationError("This is the newest version as it is. Change something before you publish it.")
    try:
        with transaction.atomic():
            checklist = Checklist.objects.create(
                gate=gate, number=newest.number + 1, in_force_from=in_force_from, why=why.strip(), published_by=by
            )
    except IntegrityError:  # two at the same moment
        raise _published_meanwhile(gate) from None
    ChecklistItem.objects.bulk_create(_row(checklist, place, item) for place, item in enumerate(items))
    record(
        "checklist.publish",
        on=checklist,
        by=by,
        summary=f"published {checklist}, in force from {in_force_from:%-d %B %Y}",
        reason=why,
        before={"items": [_facts(item) for item in newest.items]},
        after={"items": [_facts(item) for item in items]},
    )
    return checklist


def _published_meanwhile(gate: Gate) -> NotNow:
    newest = Checklist.objects.filter(gate=gate).first()
    return ChangedMeanwhile(newest) if newest else NotNow("There is no such version. Open the page again.")


def check_items(items: Sequence[Item]) -> None:
    """ValidationError beside the box of the first item that cannot be asked for (`name_0` is the first item's name)."""
    if not 1 <= len(items) <= MOST_ITEMS:
        raise ValidationError(f"A checklist has 1 to {MOST_ITEMS} items; this one has {len(items)}.")
    keys = [item.key for item in items]
    for place, item in enumerate(items):
        if keys.index(item.key) != place:
            raise ValidationError({f"name_{place}": f"“{item.name}” is there twice: give one of them another name."})
        _check_item(place, item)


def _check_item(place: int, item: Item) -> None:
    if not item.name.strip() or not item.asks.strip():
        raise ValidationError({f"name_{place}": "Give the item a name, and say what is asked for."})
    if fault := _source_fault(item):
        raise ValidationError({f"source_{place}": fault})
    if item.fresh_months is not None and not 1 <= item.fresh_months <= LONGEST_FRESH:
        raise ValidationError({f"fresh_months_{place}": f"Give 1 to {LONGEST_FRESH} months, or leave it empty."})
    if item.kind in COMPUTED and item.fresh_months is not None:
        raise ValidationError({f"fresh_months_{place}": "What the portal works out is of today: leave it empty."})
    if not item.variants:
        raise ValidationError({f"variants_{place}": "Choose at least one kind of partnership it is asked of."})


def _source_fault(item: Item) -> str:
    known = {fact.key: fact.kind for fact in gates.facts()}
    if item.kind in COMPUTED and known.get(item.source) != item.kind:
        return f"Choose the {item.kind.label.lower()} it is read from."
    if item.kind == ItemKind.DOCUMENT and item.source not in DocumentCategory.values:
        return "Choose the category of the document."
    if item.kind not in (*COMPUTED, ItemKind.DOCUMENT) and item.source:
        return "People write statements and links by hand: choose nothing here."
    return ""


def _check_day(in_force_from: date, newest: date | None) -> None:
    if in_force_from < clock.today():
        raise ValidationError({"in_force_from": "Choose today or a later day: nobody can be asked in hindsight."})
    if newest and in_force_from < newest:
        told = f"The version before it holds from {newest:%-d %B %Y}: choose that day or a later one."
        raise ValidationError({"in_force_from": told})


def _row(checklist: Checklist, place: int, item: Item) -> ChecklistItem:
    return ChecklistItem(
        checklist=checklist, order=place, key=item.key, name=item.name, asks=item.asks, kind=item.kind,
        source=item.source, fresh_months=item.fresh_months, variants=list(item.variants),
    )  # fmt: skip


def _facts(item: Item) -> dict[str, Any]:
    return {
        "key": item.key,
        "name": item.name,
        "asks": item.asks,
        "kind": item.kind.value,
        "source": item.source,
        "fresh_months": item.fresh_months,
        "variants": [variant.value for variant in item.variants],
    }
