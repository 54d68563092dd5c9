"""What a new lesson can be written from: a risk, an issue, a return or a decision fills in what is known already."""

from dataclasses import dataclass, field

from django.urls import reverse

from foundation.database.ids import id_said
from lessons.themes import LessonStage
from partnerships.models import GateDecision, Issue, Partnership, Risk
from partnerships.themes import Theme
from pilots.models import MonthlyReturn


@dataclass(frozen=True)
class Origin:
    """The words for it, the address of its page for members, and the first values of the form."""

    label: str = ""
    address: str = ""
    texts: dict[str, str] = field(default_factory=dict)


def origin_of(partnership: Partnership, written_from: str) -> Origin:
    """From “risk:<id>” and the like; anything that is not there, or is another partnership's, fills in nothing."""
    kind, _, said = written_from.partition(":")
    make, public_id = _MAKERS.get(kind), id_said(said)
    origin = make(partnership, public_id) if make and public_id else None
    return origin or Origin(texts={"stage": _stage(partnership.stage)})


def _risk(partnership: Partnership, public_id: str) -> Origin | None:
    risk = Risk.objects.filter(partnership=partnership, public_id=public_id).first()
    if risk is None:
        return None
    address = reverse("partnerships:risk", args=[partnership.public_id, risk.public_id])
    happened = f"The risk was: {risk.title}." + (f" {risk.closing_reason}" if risk.closing_reason else "")
    return Origin(
        f"Risk “{risk.title}”",
        address,
        {"what_happened": happened, "advice": risk.mitigation, "stage": _stage(partnership.stage)},
    )


def _issue(partnership: Partnership, public_id: str) -> Origin | None:
    issue = Issue.objects.filter(partnership=partnership, public_id=public_id).first()
    if issue is None:
        return None
    address = reverse("partnerships:issue", args=[partnership.public_id, issue.public_id])
    texts = {"what_happened": issue.what_happened, "advice": issue.resolution, "stage": _stage(partnership.stage)}
    return Origin(f"Issue “{issue.title}”", address, texts)


def _return(partnership: Partnership, public_id: str) -> Origin | None:
    row = MonthlyReturn.objects.filter(partnership=partnership, public_id=public_id).first()
    if row is None:
        return None
    address = reverse("pilots:return", args=[partnership.public_id, row.period])
    theme = _THEMES.get(row.learned_theme.strip().lower(), "")
    texts = {"what_happened": row.learned, "stage": _stage(row.learned_stage or partnership.stage), "theme": theme}
    return Origin(f"Return for {row}", address, texts)


def _decision(partnership: Partnership, public_id: str) -> Origin | None:
    decision = (
        GateDecision.objects.filter(partnership=partnership, public_id=public_id).exclude(decided_at=None).first()
    )
    if decision is None:
        return None
    address = reverse("partnerships:gate_at", args=[partnership.public_id, decision.gate])
    happened = f"{decision.get_outcome_display()} at the gate {decision.get_gate_display()}. {decision.reason}"
    return Origin(f"Decision at {decision}", address, {"what_happened": happened, "stage": _stage(decision.leaves)})


# A return's theme is typed: it counts when it is the name of one.
_THEMES = {str(label).lower(): str(value) for value, label in Theme.choices}
_MAKERS = {"risk": _risk, "issue": _issue, "return": _return, "decision": _decision}


def _stage(stage: str) -> str:
    return stage if stage in LessonStage.values else LessonStage.ANY.value
