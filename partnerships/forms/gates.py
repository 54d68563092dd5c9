"""Forms about what a gate asks for: a statement or a link, and a new version of the checklist."""

from collections.abc import Sequence
from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout, Row
from django import forms
from django.utils.text import slugify

from foundation.forms.base import PortalForm
from partnerships import gates
from partnerships.actions.checklist import MOST_ITEMS
from partnerships.categories import DocumentCategory
from partnerships.checklist import Item, ItemKind, Variant
from partnerships.models.checklist import LONGEST_FRESH

SPARE_ITEMS = 3
PARTS = ("name", "asks", "kind", "source", "fresh_months", "variants")
READ_BY_ALL = "Everybody with a part in this partnership can read it, those who may bid among them."


class StatementForm(PortalForm):
    button = "Save the statement"
    versioned = True
    text = forms.CharField(
        label="Statement", max_length=3000, widget=forms.Textarea(attrs={"rows": 8}), help_text=READ_BY_ALL
    )


class LinkForm(PortalForm):
    button = "Save the link"
    versioned = True
    url = forms.CharField(
        label="Address", max_length=500, help_text=f"The whole address, beginning with https://. {READ_BY_ALL}"
    )
    text = forms.CharField(label="What is to be found there", max_length=300, required=False)


class ChecklistForm(PortalForm):
    """Every item of the newest version, with spare ones at the end. An empty name leaves an item out."""

    button = "Publish the new version"
    marks_optional = False
    versioned = True
    in_force_from = forms.DateField(
        label="In force from",
        help_text="Partnerships that enter the gate’s stage from that day on are asked for it. For example, 27/3/2027",
    )
    why = forms.CharField(
        label="Reason for the change", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Everybody who works at a gate can read it.",
    )  # fmt: skip

    def __init__(self, *args: Any, items: Sequence[Item], **kwargs: Any) -> None:
        self._places = min(len(items) + SPARE_ITEMS, MOST_ITEMS)
        self._known = list(items)
        super().__init__(*args, **kwargs)
        for place in range(self._places):
            self.fields |= self._boxes(place, items[place] if place < len(items) else None)

    @staticmethod
    def _boxes(place: int, known: Item | None) -> dict[str, forms.Field]:
        fields: tuple[forms.Field, ...] = (
            forms.CharField(label="Name", max_length=80, required=False, initial=known.name if known else ""),
            forms.CharField(
                label="What is asked for", max_length=300, required=False, initial=known.asks if known else "",
                widget=forms.Textarea(attrs={"rows": 2}),
            ),
            forms.ChoiceField(
                label="Kind", choices=ItemKind.choices, required=False,
                initial=known.kind if known else ItemKind.STATEMENT,
            ),
            forms.ChoiceField(
                label="Read from", choices=_sources, required=False, initial=known.source if known else ""
            ),
            forms.IntegerField(
                label="Fresh for (months)", required=False, min_value=1, max_value=LONGEST_FRESH,
                initial=known.fresh_months if known else None, help_text="Empty: it never gets stale.",
            ),
            forms.MultipleChoiceField(
                label="Asked of", choices=Variant.choices, required=False, widget=forms.CheckboxSelectMultiple,
                initial=list(known.variants) if known else Variant.values,
            ),
        )  # fmt: skip
        return {_name(part, place): field for part, field in zip(PARTS, fields, strict=True)}

    @property
    def helper(self) -> FormHelper:
        helper = super().helper
        rows = [
            Fieldset(
                f"Item {place + 1}", _name("name", place), _name("asks", place),
                Row(_name("kind", place), _name("fresh_months", place)),
                _name("source", place),
                _name("variants", place),
            )
            for place in range(self._places)
        ]  # fmt: skip
        helper.layout = Layout("form_token", "version", *rows, "in_force_from", "why")
        return helper

    def values(self) -> dict[str, Any]:
        typed = super().values()
        named = [place for place in range(self._places) if typed[_name("name", place)].strip()]
        items = [self._item(place, {part: typed[_name(part, place)] for part in PARTS}) for place in named]
        return {"items": items, "in_force_from": typed["in_force_from"], "why": typed["why"]}

    def _item(self, place: int, typed: dict[str, Any]) -> Item:
        """An item keeps its key, and with it what was given for it; a new one is called by its name."""
        known = self._known[place].key if place < len(self._known) else ""
        return Item(
            key=known or slugify(typed["name"])[:50],
            name=typed["name"].strip(),
            asks=typed["asks"].strip(),
            kind=ItemKind(typed["kind"] or ItemKind.STATEMENT),
            source=typed["source"],
            fresh_months=typed["fresh_months"],
            variants=tuple(Variant(variant) for variant in typed["variants"]),
        )


def _sources() -> list[tuple[str, Any]]:
    """Asked when the form is made: upper floors have registered their facts by then."""
    return [
        ("", "Nothing: people write it by hand"),
        ("Facts the portal knows", [(fact.key, fact.label) for fact in gates.facts()]),
        ("Documents of the register", list(DocumentCategory.choices)),
    ]


def _name(part: str, place: int) -> str:
    return f"{part}_{place}"
