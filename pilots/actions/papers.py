"""Asking for a paper of the pilot, frozen at that moment and printed by the worker; and taking back what tells a story.

The same content is the same paper. Everybody who may read the pilot may have it on paper.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from foundation.rendering import jobs
from partnerships import ladder
from partnerships.lifecycle import Gate, Stage, has_reached
from partnerships.models import GateDecision, Partnership, roles_of
from pilots.blocks import Content, without_stories
from pilots.models import GATES_WITH_A_PACK, MonthlyReturn, PaperKind, PilotPaper, Story
from pilots.packs import KINDS, checksum, pack_content
from pilots.report import Range, content_of

if TYPE_CHECKING:
    from accounts.models import Person

MOST_MONTHS = 120


def blockers_to_print(partnership: Partnership, accepted: bool | None = None) -> list[str]:
    """Why no paper of the pilot can be made now; `accepted`: whether a return is, for whoever knows it already."""
    if not has_reached(partnership.stage, Stage.PILOT):
        return ["The pilot has not begun, so there is nothing to report yet."]
    if accepted is None:
        accepted = MonthlyReturn.objects.accepted().filter(partnership=partnership).exists()
    if not accepted:
        return ["No return has been accepted yet, so there is nothing to report."]
    return []


def blockers_to_pack(gate: Gate, decision: GateDecision | None) -> list[str]:
    """Why no evaluation pack is made for a gate any more: `decision` passed it, and the pack would come too late."""
    if decision is None or decision.decided_at is None:
        return []
    day = timezone.localdate(decision.decided_at)
    return [f"Gate {gate.value} was passed on {day:%-d %B %Y}, so no more packs are made for it."]


@verb("pilot.report", on="partnership")
def request_report(*, partnership: Partnership, asked: Range, by: "Person") -> PilotPaper:
    """Freeze the report of these months and queue its PDF."""
    partnership = _locked(partnership, by)
    if asked.last < asked.first:
        raise ValidationError({"last": "The last month cannot come before the first one."})
    if asked.months > MOST_MONTHS or asked.last > clock.today():
        raise ValidationError({"last": f"A report tells of at most {MOST_MONTHS} months, none of which lies ahead."})
    paper = _paper(
        partnership, content_of(partnership, asked), by, kind=PaperKind.REPORT, first=asked.first, last=asked.last
    )
    told = f"asked for the report of the pilot, {asked.name}, edition {paper.edition}"
    record("pilot.report", on=paper, by=by, summary=told, after={"checksum": paper.checksum})
    return paper


@verb("pilot.evaluation_pack", on="partnership")
def request_evaluation_pack(*, partnership: Partnership, gate: Gate, by: "Person") -> PilotPaper:
    """Freeze the evaluation pack for the gate and queue its PDF."""
    partnership = _locked(partnership, by)
    if gate not in GATES_WITH_A_PACK:
        raise ValidationError({"gate": "Only gates G2 and G3 have an evaluation pack."})
    stop_if(blockers_to_pack(gate, ladder.passed(gate, partnership)))
    paper = _paper(partnership, pack_content(partnership, gate), by, kind=PaperKind.PACK, gate=gate)
    told = f"asked for the evaluation pack for gate {gate.value}, edition {paper.edition}"
    record("pilot.evaluation_pack", on=paper, by=by, summary=told, after={"checksum": paper.checksum})
    return paper


def withdraw_papers_telling(story: Story) -> list[str]:
    """Take back every paper that tells the story, inside the transaction that withdraws it; what they were called."""
    papers = list(PilotPaper.objects.in_use().filter(stories=story).select_related("render_job"))
    for paper in papers:
        paper.content = without_stories(paper.content, [story.public_id])
        paper.withdrawn_on = clock.today()
        paper.save(update_fields=["content", "withdrawn_on"])
        if paper.render_job:
            jobs.discard(paper.render_job)
    return [str(paper) for paper in papers]


def _locked(partnership: Partnership, by: "Person") -> Partnership:
    partnership = locked(partnership)
    if not roles_of(by, partnership):
        raise NotPermitted("Only somebody with a part in this partnership can have the papers of its pilot.")
    stop_if(blockers_to_print(partnership))
    return partnership


def _paper(partnership: Partnership, content: Content, by: "Person", **of: object) -> PilotPaper:
    """The paper with this content: the one that is there, or the next edition."""
    seal = checksum(content)
    editions = PilotPaper.objects.filter(partnership=partnership, kind=of["kind"])
    paper = editions.in_use().filter(**of, checksum=seal).first()
    if paper is None:
        number = (editions.aggregate(newest=Max("edition"))["newest"] or 0) + 1
        paper = PilotPaper.objects.create(
            partnership=partnership, content=content, checksum=seal, asked_by=by, edition=number, **of
        )
        paper.stories.set(Story.objects.filter(public_id__in=content["stories"]))
    paper.render_job = jobs.request(
        kind=KINDS[PaperKind(paper.kind)],
        inputs={"paper": paper.public_id},
        key=f"pilot-paper:{paper.public_id}",
        title=str(paper),
        by=by,
        scope=partnership.audit_scope,
    )
    paper.save(update_fields=["render_job"])
    return paper
