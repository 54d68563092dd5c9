"""The portfolio's rows as ready HTML: fifty of them cost a tenth of what template loops with includes do.

Everything that comes from people is escaped here (`escape`), and the tests read it back with hostile titles.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from foundation.database.ids import LENGTH
from foundation.forms.templatetags.page import health_badge, stage_pill
from foundation.sheets.download import Rows
from partnerships.areas import Area
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import Partnership
from partnerships.plan import extended_in_words, months_in_stage

COLUMNS = (
    "public_id", "title", "stage", "stage_since", "health", "next_due_on", "next_due_title", "area",
    "extensions", "extended_months", "public_lead__name", "third_sector_lead__name", "paused_on",
)  # fmt: skip

# What a saved file says of a partnership: its header, and the field it comes from.
SHEET = {
    "Partnership": "title", "Stage": "stage", "In this stage since": "stage_since", "Health": "health",
    "Next date": "next_due_on", "What is due": "next_due_title", "Council area": "area",
    "Public sector lead": "public_lead__name", "Third sector lead": "third_sector_lead__name", "Began": "starts_on",
    "Milestones done": "done_milestones", "Milestones open": "open_milestones",
}  # fmt: skip

NOBODY = "0" * LENGTH  # stands in the address until a row's own id takes its place
_AREAS = dict(Area.choices)


def portfolio_rows(partnerships: Iterable[dict[str, Any]], today: date) -> list[SafeString]:
    """A table row for each partnership, given as `COLUMNS`."""
    address = reverse("partnerships:partnership", args=[NOBODY])
    stages = {stage.value: stage_pill(stage) for stage in Stage}
    healths = {health.value: health_badge(health) for health in Health}
    return [
        mark_safe(  # noqa: S308  every value is escaped or our own
            f'<tr><th scope="row"><a href="{address.replace(NOBODY, p["public_id"])}">{escape(p["title"])}</a></th>'
            f"<td>{stages[p['stage']]}<br>{_time_in_stage(p, today)}{_pause(p)}</td>"
            f"<td>{healths[p['health']]}</td>"
            f"<td>{_next_date(p, today)}</td>"
            f"<td>{escape(_AREAS[p['area']])}<br>{escape(p['public_lead__name'])} and "
            f"{escape(p['third_sector_lead__name'])}</td></tr>"
        )
        for p in partnerships
    ]


def portfolio_sheet(partnerships: QuerySet[Partnership]) -> Rows:
    """A row of plain cells for each partnership, read from the database in portions."""
    words = {"stage": dict(Stage.choices), "health": dict(Health.choices), "area": _AREAS}
    for row in partnerships.values_list(*SHEET.values()).iterator(chunk_size=500):
        yield [words[field][cell] if field in words else cell for field, cell in zip(SHEET.values(), row, strict=True)]


def _time_in_stage(partnership: dict[str, Any], today: date) -> str:
    told = months_in_stage(partnership["stage"], partnership["stage_since"], today)
    if partnership["extensions"]:
        told += f"<br>{extended_in_words(partnership['extensions'], partnership['extended_months'])}"
    return told


def _pause(partnership: dict[str, Any]) -> str:
    return "<br><strong>Paused</strong>" if partnership["paused_on"] else ""


def _next_date(partnership: dict[str, Any], today: date) -> str:
    due = partnership["next_due_on"]
    if due is None:
        return "Nothing open"
    late = "<strong>Late:</strong> " if due < today else ""
    return f"{late}{due.day} {due:%b %Y}<br>{escape(partnership['next_due_title'])}"
