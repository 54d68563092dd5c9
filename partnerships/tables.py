"""The rows of the portfolio and the plan as ready HTML: fifty cost a tenth of what template loops with includes do.

Everything that comes from people is escaped here (`escape`), and the tests read it back with hostile titles.
"""

from calendar import month_abbr
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from html import escape
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.safestring import SafeString

from foundation.database.ids import NOBODY, address_with
from foundation.sheets.download import Rows
from partnerships.areas import Area
from partnerships.counts import Cell, Row
from partnerships.health import Health
from partnerships.lifecycle import Stage, health_is_told
from partnerships.models import Partnership
from partnerships.plan import extended_in_words, in_days, months_in_stage
from partnerships.templatetags.badges import health_badge, stage_pill

COLUMNS = (
    "public_id", "title", "stage", "stage_since", "health", "health_because", "next_due_on", "next_due_title", "area",
    "public_lead__name", "third_sector_lead__name", "paused_on", "extensions", "extended_months",
)  # fmt: skip

# What a saved file says of a partnership: its header, and the field it comes from.
SHEET = {
    "Partnership": "title", "Stage": "stage", "In this stage since": "stage_since", "Health": "health",
    "Why": "health_because",
    "Next date": "next_due_on", "What is due": "next_due_title", "Council area": "area",
    "Public sector lead": "public_lead__name", "Third sector lead": "third_sector_lead__name", "Began": "starts_on",
    "Milestones done": "done_milestones", "Milestones open": "open_milestones",
}  # fmt: skip

HEADERS = ("Partnership", "Stage", "Health and why", "Next date", "Area and leads")
# On a narrow screen a row is a card, and each cell says its column's name (`foundation.forms.templatetags.cards`).
_CELLS = [f'<td role="cell" data-label="{header}">' for header in HEADERS]
_AREAS = dict(Area.choices)
_AREA_CELLS = {area: f"{_CELLS[4]}{escape(name)}<br>" for area, name in _AREAS.items()}
_STAGE_CELLS = {stage.value: f"{_CELLS[1]}{stage_pill(stage)}<br>" for stage in Stage}
_HEALTH_CELLS = {
    (stage.value, health.value): f"{_CELLS[2]}{health_badge(health) if health_is_told(health, stage) else ''}"
    for stage in Stage
    for health in Health
}
_escaped = lru_cache(maxsize=4096)(escape)  # the same titles, reasons and organisations are read again and again
_MONTHS = tuple(month_abbr)


def portfolio_rows(partnerships: Iterable[tuple[Any, ...]], today: date) -> list[SafeString]:
    """A table row for each partnership, given as the values of `COLUMNS`."""
    before, after = address_with("partnerships:partnership", NOBODY).split(NOBODY)
    return [
        SafeString(  # every value is escaped or our own
            f'<tr role="row"><th scope="row" role="rowheader" data-label="{HEADERS[0]}">'
            f'<a href="{before}{public_id}{after}">{_escaped(title)}</a></th>'
            f"{_STAGE_CELLS[stage]}{months_in_stage(stage, stage_since, today)}"
            f"{_extended(*extended)}{_pause(paused_on)}</td>"
            f"{_health(stage, health, because)}</td>"
            f"{_CELLS[3]}{_next_date(due_on, due, today)}</td>"
            f"{_AREA_CELLS[area]}{_escaped(public_lead)} and {_escaped(third_sector_lead)}</td></tr>"
        )
        for (
            public_id, title, stage, stage_since, health, because, due_on, due, area,
            public_lead, third_sector_lead, paused_on, *extended,
        ) in partnerships
    ]  # fmt: skip


def milestone_rows(partnership: Partnership, rows: Iterable[dict[str, Any]]) -> list[SafeString]:
    """The plan's table: a row for each milestone, as `views.plan` tells it."""
    before, after = reverse("partnerships:milestone", args=[partnership.public_id, NOBODY]).split(NOBODY)
    return [
        SafeString(  # every value is escaped or our own
            f'<tr><th scope="row"><a href="{before}{m.public_id}{after}">{escape(m.title)}</a></th>'
            f'<td>{escape(m.get_kind_display())}</td><td class="psp_date">{_day(m.due_on)}</td>'
            f'<td class="psp_told">{"<br>".join(_told(row))}</td>'
            f'<td class="psp_told">{escape(", ".join(row["waits"]))}</td>'
            f"<td>{escape(str(m.owner or 'Nobody yet'))}</td>"
            f'<td class="psp_date">{_day(m.baseline_on)}</td></tr>'
        )
        for row in rows
        for m in [row["milestone"]]
    ]


def _told(row: dict[str, Any]) -> Iterator[str]:
    """What there is to say of a milestone, line by line."""
    if row["state"] == "done":
        yield f"Done on {_day(row['milestone'].done_on)}"
    else:
        yield f"<strong>{in_days(row['days_late'])} late</strong>" if row["state"] == "late" else "Planned"
    if row["slip"]:
        yield escape(row["slip"])
    if row["early"]:
        yield f"<strong>{escape(row['early'])} too early for what it waits for</strong>"


def counts_rows(rows: Iterable[Row]) -> list[SafeString]:
    """The same for the counts by stage and health: a number is a link to what it counts."""
    return [
        SafeString(  # every value is escaped or our own
            f'<tr><th scope="row">{escape(row.label)}</th>{"".join(_count(cell) for cell in row.cells)}</tr>'
        )
        for row in rows
    ]


def _count(cell: Cell) -> str:
    if not cell.number:
        return '<td class="psp_number">0</td>'
    told = f'{cell.number}<span class="visually-hidden"> {escape(cell.words)}</span>'
    return f'<td class="psp_number"><a href="{escape(cell.address)}">{told}</a></td>'


def portfolio_sheet(partnerships: QuerySet[Partnership]) -> Rows:
    """A row of plain cells for each partnership, read from the database in portions."""
    words = {"stage": dict(Stage.choices), "health": dict(Health.choices), "area": _AREAS}
    for row in partnerships.values_list(*SHEET.values()).iterator(chunk_size=500):
        told = dict(zip(SHEET.values(), row, strict=True))
        if not health_is_told(told["health"], told["stage"]):
            told["health"] = ""
        yield [words[field].get(cell, "") if field in words else cell for field, cell in told.items()]


def _extended(times: int, months: int) -> str:
    return f"<br>{extended_in_words(times, months)}" if times else ""


def _health(stage: str, health: str, because: str) -> str:
    cell = _HEALTH_CELLS[stage, health]
    if cell == _CELLS[2]:
        return cell + (_escaped(because) or "–")
    return f"{cell}<br>{_escaped(because)}" if because else cell


def _pause(paused_on: date | None) -> str:
    return "<br><strong>Paused</strong>" if paused_on else ""


def _next_date(due_on: date | None, due: str, today: date) -> str:
    if due_on is None:
        return "Nothing open"
    late = "<strong>Late:</strong> " if due_on < today else ""
    return f"{late}{_day(due_on)}<br>{_escaped(due)}"


def _day(day: date) -> str:
    """As the templates' `|date` writes it: “27 Mar 2027”."""
    return f"{day.day} {_MONTHS[day.month]} {day.year}"
