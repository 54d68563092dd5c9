"""The papers of the pilot as documents: what the evaluation pack for a gate tells, and how each paper is printed.

The pack rests on the whole pilot: the evaluation as it was signed off, indicators from baseline to result, money and
unit costs, the SROI ratio (never without its range and its map), what people said, lessons, and the gate's evidence.
"""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from foundation.drawing.chart import Series
from foundation.rendering.jobs import Document
from foundation.rendering.models import RenderJob
from partnerships import gates
from partnerships.lifecycle import Gate, is_behind, passage_through
from partnerships.models import Partnership
from pilots import blocks, rollup
from pilots.blocks import Content, Section
from pilots.measures import Unit, shown
from pilots.models import Evaluation, MonthlyReturn, PaperKind, PilotPaper, SroiMap
from pilots.money_rows import pounds, sum_rows, unit_cost_rows
from pilots.report import (
    involvement_table,
    lesson_rows,
    money_charts,
    standing_section,
    stories_of,
    stories_section,
    voice_rows,
    year_to_date,
)
from pilots.spending import Rows, Spending, rows_of, spending_of
from pilots.standing import IndicatorStanding, Standing, overall_of, standing_of
from pilots.valuation import headline_of, valuation_of

KINDS = {PaperKind.REPORT: "pilot-report", PaperKind.PACK: "evaluation-pack"}  # as the press calls them
OWN_ITEM = "evaluation_pack"  # of the checklist: the pack does not count itself among its evidence
STATES = {"there": "There", "stale": "Out of date", "missing": "Missing"}


def pack_content(partnership: Partnership, gate: Gate) -> Content:
    """Everything the evaluation pack tells, as plain values in the reader's words."""
    standing, rows = standing_of(partnership), rows_of(partnership)
    accepted = rows.accepted
    stories = stories_of(partnership)
    return {
        "title": f"Evaluation pack for gate {gate.label}",
        "partnership": partnership.title,
        "stories": [story.public_id for story in stories],
        "sections": [
            _evaluation(partnership),
            standing_section(overall_of(partnership, standing), standing),
            _indicators(standing, rows),
            _money(spending_of(partnership, rows)),
            _value(partnership),
            _voice(partnership, accepted),
            stories_section(stories),
            blocks.section(
                "lessons", "Lessons",
                blocks.table("What was learned", ("Period", "Lesson"), lesson_rows(accepted), "No lesson is told yet."),
            ),
            _evidence(partnership, gate),
        ],
    }  # fmt: skip


def checksum(content: Content) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def title_of(paper: PilotPaper) -> str:
    return f"{paper.content['title']}: {paper.content['partnership']}"


def paper_document(inputs: dict[str, Any]) -> Document:
    """For the press: the content as it was frozen."""
    paper = PilotPaper.objects.select_related("asked_by").get(public_id=inputs["paper"])
    context = {
        "paper": paper,
        "title": title_of(paper),
        "heading": paper.content["title"],
        "partnership": paper.content["partnership"],
        "sections": blocks.laid_out(paper.content),
        "asked_on": timezone.localdate(paper.created_at),
        "site_name": settings.SITE_NAME,
    }
    html = render_to_string("pdf/pilots/paper.html", context)
    return Document(title=context["title"], html=html, filename=f"{_file_name(paper)}.pdf")


def job_of(paper: PilotPaper) -> RenderJob | None:
    """The job that makes its PDF; None once the paper is withdrawn."""
    return None if paper.withdrawn_on else paper.render_job


def _file_name(paper: PilotPaper) -> str:
    if paper.kind == PaperKind.PACK:
        return f"evaluation-pack-{paper.gate}-edition-{paper.edition}"
    return f"pilot-report-{paper.first:%Y-%m}-to-{paper.last:%Y-%m}-edition-{paper.edition}"


def not_ready(evaluation: Evaluation | None) -> str:
    """Why a pack made now goes without the evaluation; empty when it is signed off."""
    if evaluation is None:
        return "The evaluation is not written yet."
    return "" if evaluation.signed_off_at else "The evaluation is not signed off yet."


def _evaluation(partnership: Partnership) -> Section:
    """Only as it was signed off: what nobody has signed for does not travel."""
    found = Evaluation.objects.filter(partnership=partnership).select_related("signed_off_by").first()
    if found is None or found.signed_off_at is None:
        return blocks.section("evaluation", "Evaluation", blocks.words(not_ready(found)))
    day = timezone.localdate(found.signed_off_at)
    return blocks.section(
        "evaluation",
        "Evaluation",
        blocks.words(f"Version {found.version}, signed off by {found.signed_off_by} on {day:%-d %B %Y}."),
        blocks.words(found.summary),
        blocks.words(found.findings),
        blocks.facts("Found by the evaluator", [("Cost for each person", pounds(found.unit_cost))])
        if found.unit_cost is not None
        else None,
    )


def _indicators(standing: Standing, rows: Rows) -> Section:
    return blocks.section(
        "indicators", "Indicators",
        blocks.words("Over the whole pilot, from the accepted returns. Percentages are worked out from their parts."),
        blocks.table(
            "From baseline to result", ("Indicator", "Baseline", "Target so far", "Result", "State"),
            [_indicator(one) for one in standing.indicators], "No indicator is set up yet.",
        ),
        _trend(rows),
    )  # fmt: skip


def _indicator(one: IndicatorStanding) -> tuple[object, ...]:
    asked = one.indicator
    when = f" ({asked.baseline_on:%B %Y})" if asked.baseline_on else ""
    return (
        str(asked), shown(asked.baseline, asked.unit) + when, shown(one.profile, asked.unit),
        shown(one.result, asked.unit), one.health,
    )  # fmt: skip


def _trend(rows: Rows) -> blocks.Block | None:
    """The headline indicator, period by period."""
    one = next((indicator for indicator in rows.figures if indicator.is_headline), None)
    if one is None:
        return None
    figures = rows.figures[one]
    lines = [Series("Each period", [(day, rollup.result(one.rollup, one.unit, [f])) for day, f in figures.items()])]
    goal = [(day, one.target_over(day, figure.months)) for day, figure in figures.items()]
    if any(target is not None for _, target in goal):
        lines.append(Series("Target", goal, "dashed"))
    return blocks.chart("headline", f"{one}, period by period", str(Unit(one.unit).label), lines)


def _money(spending: Spending) -> Section:
    none = "No return is accepted yet, so nothing tells what was spent."
    return blocks.section(
        "money", "Money and unit costs",
        blocks.facts("The whole pilot so far", sum_rows(spending.sum)) if spending.told else blocks.words(none),
        *year_to_date(spending, spending.told),
        blocks.facts("What a person costs", unit_cost_rows(spending)) if spending.told else None,
        *money_charts(spending.told),
    )  # fmt: skip


def _value(partnership: Partnership) -> Section:
    """The ratio with its range and its map, or not at all."""
    maps = SroiMap.objects.published().filter(partnership=partnership).with_contents()
    newest = maps.first()
    headline = headline_of(valuation_of(newest)) if newest else None
    if newest is None or headline is None:
        return blocks.section("value", "What it is worth", blocks.words("No SROI map is published."))
    url = settings.SITE_URL + reverse("pilots:sroi_map", args=[partnership.public_id, newest.number])
    told = (
        f"{newest}: {headline.ratio}, between {headline.lowest} and {headline.highest} when one thing is assumed "
        "otherwise. The map shows every figure’s source and every step of the arithmetic."
    )
    return blocks.section("value", "What it is worth", blocks.words(told), blocks.link(f"{newest}", url))


def _voice(partnership: Partnership, accepted: list[MonthlyReturn]) -> Section:
    return blocks.section(
        "voice", "Involvement and what people say",
        involvement_table(partnership),
        blocks.table(
            "From the returns", ("Period", "What people said", "What changed because of it"), voice_rows(accepted),
            "The returns tell nothing of what people said.",
        ),
    )  # fmt: skip


def _evidence(partnership: Partnership, gate: Gate) -> Section:
    question = passage_through(gate).question
    if is_behind(gate, partnership.stage):
        told = "The partnership has left this gate behind. Its evidence stands with the decisions, as it was."
        return blocks.section("evidence", "The gate’s evidence", blocks.words(question), blocks.words(told))
    version = gates.checklist_of(gate, partnership)
    lines = gates.evidence(gate, partnership, version)
    rows = [(one.name, STATES[one.state], one.sentence) for one in lines if one.key != OWN_ITEM]
    return blocks.section(
        "evidence", "The gate’s evidence", blocks.words(question),
        blocks.table(
            f"What the gate asks for, by version {version.number} of its checklist",
            ("Item", "State", "What is known"), rows, "Nothing is asked for.",
        ),
    )  # fmt: skip
