"""What the papers of a pilot are made of: sections of blocks, as plain values that can be frozen. Pure.

A block is words, facts, a table, a drawing's figures or a story. The page and the PDF lay the same blocks out.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from foundation.drawing.chart import Series, chart_table, line_chart
from partnerships.health import Health

Block = dict[str, Any]
Section = dict[str, Any]
Content = dict[str, Any]


def section(key: str, title: str, *blocks: Block | None) -> Section:
    return {"key": key, "title": title, "blocks": [block for block in blocks if block]}


def words(text: str) -> Block | None:
    return {"kind": "words", "text": text} if text else None


def facts(caption: str, rows: Iterable[tuple[str, Any]]) -> Block | None:
    """Names with what is known of each; a row of nothing is left out."""
    told = [[name, cell(value)] for name, value in rows if value not in ("", None)]
    return {"kind": "facts", "caption": caption, "rows": told} if told else None


def table(caption: str, headers: Sequence[str], rows: Iterable[Sequence[Any]], empty: str = "") -> Block | None:
    """A table, or `empty` as words when it has no row."""
    told = [[cell(value) for value in row] for row in rows]
    return {"kind": "table", "caption": caption, "headers": list(headers), "rows": told} if told else words(empty)


def cell(value: Any) -> Any:
    """A health keeps its code beside its word, so that it can be shown with its colour and shape."""
    if isinstance(value, Health):
        return {"health": value.value, "word": value.label}
    return "–" if value is None or value == "" else str(value)


def link(text: str, url: str) -> Block:
    return {"kind": "link", "text": text, "url": url}


def story(key: str, month: str, text: str) -> Block:
    return {"kind": "story", "story": key, "month": month, "text": text}


def chart(key: str, caption: str, unit: str, series: Sequence[Series]) -> Block | None:
    """The figures of a drawing; none when no period has one."""
    if not any(value is not None for one in series for _, value in one.points):
        return None
    lines = [{"label": one.label, "style": one.style, "points": _kept(one)} for one in series]
    return {"kind": "chart", "key": key, "caption": caption, "unit": unit, "series": lines}


def _kept(one: Series) -> list[list[str | None]]:
    return [[day.isoformat(), None if value is None else str(value)] for day, value in one.points]


def laid_out(content: Content) -> list[Section]:
    """The sections with every drawing drawn: ready for a template."""
    return [one | {"blocks": [_drawn(block) for block in one["blocks"]]} for one in content["sections"]]


def _drawn(block: Block) -> Block:
    if block["kind"] != "chart":
        return block
    series = [
        Series(one["label"], [(date.fromisoformat(day), _number(value)) for day, value in one["points"]], one["style"])
        for one in block["series"]
    ]
    svg = line_chart(series, title=block["caption"], unit=block["unit"], id=block["key"])
    return block | {"svg": svg, "twin": chart_table(series, unit=block["unit"])}


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def without_stories(content: Content, gone: Iterable[str]) -> Content:
    """The content with the stories of these ids taken out."""
    taken = set(gone)
    return content | {
        "sections": [
            one | {"blocks": [block for block in one["blocks"] if block.get("story") not in taken]}
            for one in content["sections"]
        ]
    }
