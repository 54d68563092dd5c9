"""What a visitor is shown of a partnership, gathered field by field. Whatever is not named here stays inside.

Internal texts (need, service, reasons, milestones' titles, people's names) are never among it: the page has words of
its own, and dates are told in fixed words.
"""

from dataclasses import dataclass
from typing import Any

from django.utils.timezone import localdate

from foundation.database import clock
from foundation.drawing.lettering import in_words
from foundation.drawing.way import Step, way, way_table
from partnerships import public_sections
from partnerships.lifecycle import THE_WAY, WHAT_HAPPENS, Stage
from partnerships.models import GateDecision, Milestone, Partnership, PilotExtension, PublicPage
from partnerships.plan import Block, extended_in_words, months_in_stage
from partnerships.roles import PartnerPart
from partnerships.said import page_of_said

SAID_SHOWN = 5

# A milestone's title may have been changed to anything: what a block's end is called in public is fixed.
ENDS = {
    Block.DESIGN: "The design is agreed",
    Block.PARTNERSHIP: "The pilot ends",
    Block.EVALUATION: "The evaluation is done and the service redesigned",
    Block.CONTRACT: "The service starts under its contract",
}


@dataclass(frozen=True)
class PublicDate:
    what: str
    on: str
    told: str = ""


def seen_by_visitors(page: PublicPage) -> dict[str, Any]:
    """The context of the public page, its preview included. A constant number of queries."""
    partnership = page.partnership
    steps = steps_of(partnership)
    partners = [(p.organisation.name, p.get_part_display(), p.part) for p in _partners(partnership)]
    said = page_of_said(partnership, 1, in_public=True, size=SAID_SHOWN)
    return {
        "page": page,
        "title": partnership.title,
        "area": partnership.get_area_display(),
        "stage": Stage(partnership.stage),
        "what_happens": WHAT_HAPPENS[Stage(partnership.stage)],
        "since": f"{in_words(partnership.stage_since)}",
        "how_long": _how_long(partnership),
        "paused_on": partnership.paused_on,
        "drawing": way(steps, title=f"The way of {partnership}", id="way"),
        "twin": way_table(steps),
        "dates": dates_of(partnership),
        "extensions": extensions_of(partnership),
        "leads": [lead_of(partners, part) for part in (PartnerPart.PUBLIC_LEAD, PartnerPart.THIRD_SECTOR_LEAD)],
        "partners": [(name, part) for name, part, code in partners if "lead" not in code],
        "vision": partnership.vision if page.shows_vision else "",
        "vision_agreed_on": partnership.vision_agreed_on,
        "sections": public_sections.of(partnership),
        "said": said,
    }


def _partners(partnership: Partnership) -> Any:
    return partnership.partners.current().select_related("organisation").order_by("joined_on", "pk")


def lead_of(partners: list[tuple[str, str, str]], part: PartnerPart) -> tuple[str, str]:
    """The label of a leading part and who holds it today; "" while a successor is looked for."""
    return part.label, next((name for name, _, code in partners if code == part), "")


def _how_long(partnership: Partnership) -> str:
    return months_in_stage(partnership.stage, partnership.stage_since, clock.today())


def steps_of(partnership: Partnership) -> list[Step]:
    """The stages of the way with the day each began the last time; one that stopped ends where it stopped."""
    moves = [
        (Stage(leaves), Stage(enters), localdate(at))
        for leaves, enters, at in GateDecision.objects.filter(partnership=partnership)
        .exclude(decided_at=None)
        .order_by("decided_at", "pk")
        .values_list("leaves", "enters", "decided_at")
        if leaves != enters
    ]
    began = {Stage.DESIGN: partnership.starts_on} | {enters: on for _, enters, on in moves}
    stopped = partnership.stage == Stage.STOPPED
    last = next((leaves for leaves, enters, _ in reversed(moves) if enters == Stage.STOPPED), Stage.DESIGN)
    here = THE_WAY.index(last if stopped else Stage(partnership.stage))
    steps = []
    for place, stage in enumerate(THE_WAY[: here + 1] if stopped else THE_WAY):
        if place > here:
            steps.append(Step(stage.label, "ahead"))
            continue
        since = began.get(stage)
        told = f"from {in_words(since)}" if since else ""
        if place == here and stopped:
            steps.append(Step(stage.label, "stopped", f"{told}, stopped on {in_words(began[Stage.STOPPED])}"
                              if Stage.STOPPED in began else told))  # fmt: skip
        else:
            steps.append(Step(stage.label, "now" if place == here else "done", told))
    return steps


def dates_of(partnership: Partnership) -> list[PublicDate]:
    """The start, and the four dates on which a part of the plan ends; a moved one says so."""
    ends = {Block(m.block): m for m in partnership.milestones.filter(ends_block=True)}
    started = "It started" if partnership.starts_on <= clock.today() else "It starts"
    over = partnership.stage == Stage.STOPPED
    told = [PublicDate(started, in_words(partnership.starts_on))]
    return told + [
        _end(block, ends[block]) for block in Block if block in ends and not (over and not ends[block].done_on)
    ]


def _end(block: Block, end: Milestone) -> PublicDate:
    if end.done_on:
        return PublicDate(ENDS[block], in_words(end.done_on), "Done")
    moved = f"First planned for {in_words(end.baseline_on)}" if end.due_on != end.baseline_on else "Planned"
    late = "; it is late" if end.due_on < clock.today() else ""
    return PublicDate(ENDS[block], in_words(end.due_on), f"{moved}{late}")


def extensions_of(partnership: Partnership) -> str:
    """How often the pilot was extended and from when to when; "" when it never was. No reasons and no money."""
    told = extended_in_words(partnership.extensions, partnership.extended_months)
    if not told:
        return ""
    taken = list(PilotExtension.objects.in_effect().filter(partnership=partnership).order_by("effective_at", "pk"))
    first, last = (taken[0].ended_on, taken[-1].ends_on) if taken else (None, None)
    if not first or not last:
        return f"The pilot was {told} in all."
    return f"The pilot was {told} in all: it was first to end on {in_words(first)}, and now on {in_words(last)}."
