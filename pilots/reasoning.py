"""The logic model drawn from data: what the partners wrote, with what the portal knows of each column."""

from collections.abc import Iterator
from decimal import Decimal

from foundation.drawing.steps import Box
from foundation.drawing.steps import Column as Drawn
from partnerships.models import Fund, Partnership
from partnerships.models.outcome import chosen_by
from partnerships.money import pounds
from pilots.logic import Column, column_of
from pilots.measures import shown
from pilots.models import LogicModel, LogicStatement, MonthlyReturn
from pilots.standing import IndicatorStanding, standing_of

Standings = dict[str, IndicatorStanding]


def drawn_from(partnership: Partnership, model: LogicModel) -> list[Drawn]:
    """Every column: its statements first, then what stands elsewhere in the portal. Constant queries."""
    standings = {one.indicator.code: one for one in standing_of(partnership).indicators}
    written = model.columns()
    named = {code for rows in written.values() for row in rows for code in row.told().codes}
    alone = {code: one for code, one in standings.items() if code not in named}
    known = {
        Column.NEED: list(_need(partnership)),
        Column.INPUTS: list(_inputs(partnership)),
        Column.ACTIVITIES: [],
        Column.OUTPUTS: list(_indicators(alone, Column.OUTPUTS)),
        Column.OUTCOMES: [*_indicators(alone, Column.OUTCOMES), *_national(partnership)],
    }
    return [
        Drawn(str(column.label), [*(_statement(row, standings) for row in written[column]), *known[column]])
        for column in Column
    ]


def _statement(row: LogicStatement, standings: Standings) -> Box:
    return Box(row.text, [_told(standings[code]) for code in row.told().codes if code in standings])


def _told(one: IndicatorStanding) -> str:
    """“R1 People starting: 120 so far, on track”."""
    if one.result is None:
        return f"{one.indicator}: no figure yet"
    return f"{one.indicator}: {shown(one.result, one.indicator.unit)} so far, {one.health.label.lower()}"


def _need(partnership: Partnership) -> Iterator[Box]:
    yield Box(partnership.need, [f"For: {partnership.client_group}"], from_elsewhere=True)


def _inputs(partnership: Partnership) -> Iterator[Box]:
    for fund in Fund.objects.filter(partnership=partnership):
        what = fund.what if fund.in_kind else f"{fund.get_kind_display()}"
        told = f"{pounds(fund.amount)}{' in kind' if fund.in_kind else ''}, {fund.get_certainty_display().lower()}"
        yield Box(f"{fund.source}: {what}", [f"{told} (budget)"], from_elsewhere=True)
    posts = MonthlyReturn.objects.accepted().filter(partnership=partnership).order_by("-period").first()
    if posts and posts.posts_funded is not None:
        funded, filled = shown(posts.posts_funded, "count"), shown(posts.in_post or Decimal(0), "count")
        yield Box(f"{funded} funded posts", [f"{filled} filled (return for {posts.month})"], from_elsewhere=True)


def _indicators(alone: Standings, column: Column) -> Iterator[Box]:
    """Indicators that no statement names stand for themselves."""
    for code, one in alone.items():
        if column_of(code) == column:
            yield Box(one.indicator.title, [_told(one)], from_elsewhere=True)


def _national(partnership: Partnership) -> Iterator[Box]:
    for outcome in chosen_by(partnership):
        yield Box(outcome.name, [f"National outcome ({outcome.outcome_set})"], from_elsewhere=True)
