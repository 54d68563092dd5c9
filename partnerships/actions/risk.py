"""Risks: add, edit, review with a note, close with a reason (`domain.md` 1.5, 3.1)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write, check_member
from partnerships.actions.summary import refresh
from partnerships.models import Partnership, Risk, RiskReview
from partnerships.permissions import Ability, require, require_own_or
from partnerships.risk import score_of

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_change_risk(risk: Risk) -> list[str]:
    """Why a risk cannot be edited, reviewed or closed now."""
    closed = [f"“{risk}” was closed on {risk.closed_on:%-d %B %Y}."] if risk.closed_on else []
    return blockers_to_write(risk.partnership) + closed


@verb("risk.add", on="partnership")
def add_risk(
    *,
    partnership: Partnership,
    title: str,
    likelihood: int,
    impact: int,
    mitigation: str,
    owner: "Person",
    review_on: date,
    by: "Person",
) -> Risk:
    """Write a risk into the register. Its review date is a deadline of its owner."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    score = _score(likelihood, impact)
    check_member(partnership, owner)
    _check_review_date(review_on)
    risk = Risk.objects.create(
        partnership=partnership,
        title=title,
        likelihood=likelihood,
        impact=impact,
        mitigation=mitigation,
        owner=owner,
        review_on=review_on,
    )
    told = f"added the risk “{title}”, score {score} ({risk.colour.label.lower()})"
    refresh(partnership)
    record("risk.add", on=risk, by=by, summary=told, after=_facts(risk))
    return risk


@verb("risk.edit", on="risk")
def edit_risk(
    *,
    risk: Risk,
    title: str,
    likelihood: int,
    impact: int,
    mitigation: str,
    owner: "Person",
    review_on: date,
    by: "Person",
    version: int | None = None,
) -> None:
    """Change what the register says of a risk. A date that has passed may stay as it is, and no other may."""
    partnership = locked(risk.partnership)
    risk = locked(risk, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_risk(risk))
    _score(likelihood, impact)
    if owner.pk != risk.owner_id:
        check_member(partnership, owner)
    if review_on != risk.review_on:
        _check_review_date(review_on)
    before = _facts(risk)
    risk.title, risk.mitigation, risk.owner, risk.review_on = title, mitigation, owner, review_on
    risk.likelihood, risk.impact, risk.version = likelihood, impact, risk.version + 1
    risk.save(update_fields=["title", "mitigation", "owner", "review_on", "likelihood", "impact", "version"])
    refresh(partnership)
    record("risk.edit", on=risk, by=by, summary=f"changed the risk “{risk}”", before=before, after=_facts(risk))


@verb("risk.review", on="risk")
def review_risk(
    *,
    risk: Risk,
    note: str,
    likelihood: int,
    impact: int,
    review_on: date,
    by: "Person",
    version: int | None = None,
) -> None:
    """Look at a risk again: what was found, its score now, and when it is looked at next. Its owner may, too."""
    partnership = locked(risk.partnership)
    risk = locked(risk, version=version)
    require_own_or(by, risk.owner_id, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_risk(risk))
    after = _score(likelihood, impact)
    if not note.strip():
        raise ValidationError({"note": "Say what you found. Everyone in the partnership can read it."})
    if review_on <= clock.today():
        raise ValidationError({"review_on": "Choose a day after today for the next review."})
    before, facts = risk.score, _facts(risk)
    RiskReview.objects.create(risk=risk, note=note, score_before=before, score_after=after, reviewed_by=by)
    risk.likelihood, risk.impact, risk.review_on = likelihood, impact, review_on
    risk.version += 1
    risk.save(update_fields=["likelihood", "impact", "review_on", "version"])
    changed = f"score {before}, unchanged" if before == after else f"score {before} became {after}"
    refresh(partnership)
    record(
        "risk.review",
        on=risk,
        by=by,
        summary=f"reviewed the risk “{risk}”: {changed}",
        reason=note,
        before=facts,
        after=_facts(risk),
    )


@verb("risk.close", on="risk")
def close_risk(*, risk: Risk, reason: str, by: "Person", version: int | None = None) -> None:
    """Close a risk with the reason; it stays in the register and can be read."""
    partnership = locked(risk.partnership)
    risk = locked(risk, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_risk(risk))
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is closed: it happened, it can no longer happen, or else."})
    risk.closed_on, risk.closing_reason, risk.version = clock.today(), reason, risk.version + 1
    risk.save(update_fields=["closed_on", "closing_reason", "version"])
    refresh(partnership)
    record("risk.close", on=risk, by=by, summary=f"closed the risk “{risk}”", reason=reason, after=_facts(risk))


def _score(likelihood: int, impact: int) -> int:
    try:
        return score_of(likelihood, impact)
    except ValueError as error:
        raise ValidationError({"likelihood": str(error)}) from None


def _check_review_date(review_on: date) -> None:
    if review_on < clock.today():
        raise ValidationError({"review_on": "Choose today or a later day: this one has passed."})


def _facts(risk: Risk) -> dict[str, Any]:
    return {
        "title": risk.title,
        "likelihood": risk.likelihood,
        "impact": risk.impact,
        "mitigation": risk.mitigation,
        "owner": str(risk.owner),
        "review_on": risk.review_on.isoformat(),
        "closed_on": risk.closed_on.isoformat() if risk.closed_on else None,
    }
