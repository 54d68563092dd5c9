"""Issues: open, edit, resolve; and a risk that happened becomes one (`domain.md` 1.5)."""

from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.registers import blockers_to_write, check_member
from partnerships.actions.risk import blockers_to_change_risk, close_risk
from partnerships.models import Issue, IssueImpact, Partnership, Risk
from partnerships.permissions import Ability, require, require_own_or

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_change_issue(issue: Issue) -> list[str]:
    """Why an issue cannot be edited or resolved now."""
    done = [f"“{issue}” was resolved on {issue.resolved_on:%-d %B %Y}."] if issue.resolved_on else []
    return blockers_to_write(issue.partnership) + done


@verb("issue.open", on="partnership")
def open_issue(
    *,
    partnership: Partnership,
    title: str,
    what_happened: str,
    impact: int,
    owner: "Person",
    due_on: date,
    by: "Person",
) -> Issue:
    """Write down what has happened and who settles it by when: a deadline of that person."""
    partnership = locked(partnership)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_write(partnership))
    issue = _opened(partnership, None, title, what_happened, impact, owner, due_on)
    record("issue.open", on=issue, by=by, summary=f"opened the issue “{issue}”, {_impact(issue)}", after=_facts(issue))
    return issue


@verb("risk.happen", on="risk")
def risk_happened(
    *,
    risk: Risk,
    title: str,
    what_happened: str,
    impact: int,
    owner: "Person",
    due_on: date,
    by: "Person",
    version: int | None = None,
) -> Issue:
    """What might happen has happened: the risk is closed, and the issue that it became points back to it."""
    partnership = locked(risk.partnership)
    risk = locked(risk, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_risk(risk))
    issue = _opened(partnership, risk, title, what_happened, impact, owner, due_on)
    record(
        "risk.happen", on=issue, by=by, after=_facts(issue),
        summary=f"opened the issue “{issue}”, {_impact(issue)}: the risk “{risk}” has happened",
    )  # fmt: skip
    close_risk(risk=risk, reason=f"It happened, and is now the issue “{issue}”.", by=by)
    return issue


@verb("issue.edit", on="issue")
def edit_issue(
    *,
    issue: Issue,
    title: str,
    what_happened: str,
    impact: int,
    owner: "Person",
    due_on: date,
    by: "Person",
    version: int | None = None,
) -> None:
    """Change what the register says of an issue. A date that has passed may stay as it is, and no other may."""
    partnership = locked(issue.partnership)
    issue = locked(issue, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_issue(issue))
    _check_impact(impact)
    if owner.pk != issue.owner_id:
        check_member(partnership, owner)
    if due_on != issue.due_on:
        _check_due(due_on)
    before = _facts(issue)
    issue.title, issue.what_happened, issue.impact = title, what_happened, impact
    issue.owner, issue.due_on, issue.version = owner, due_on, issue.version + 1
    issue.save(update_fields=["title", "what_happened", "impact", "owner", "due_on", "version"])
    record("issue.edit", on=issue, by=by, summary=f"changed the issue “{issue}”", before=before, after=_facts(issue))


@verb("issue.resolve", on="issue")
def resolve_issue(*, issue: Issue, resolution: str, by: "Person", version: int | None = None) -> None:
    """Say how it was settled; its owner may, too. It stays in the register and can be read."""
    partnership = locked(issue.partnership)
    issue = locked(issue, version=version)
    require_own_or(by, issue.owner_id, Ability.KEEP_REGISTERS, partnership)
    stop_if(blockers_to_change_issue(issue))
    if not resolution.strip():
        raise ValidationError({"resolution": "Say how it was settled: the next person with this issue will look here."})
    issue.resolution, issue.resolved_on, issue.version = resolution, clock.today(), issue.version + 1
    issue.save(update_fields=["resolution", "resolved_on", "version"])
    record("issue.resolve", on=issue, by=by, summary=f"resolved the issue “{issue}”", reason=resolution)


def _opened(
    partnership: Partnership, risk: Risk | None, title: str, what_happened: str, impact: int, owner: "Person",
    due_on: date,
) -> Issue:  # fmt: skip
    _check_impact(impact)
    check_member(partnership, owner)
    _check_due(due_on)
    if not what_happened.strip():
        raise ValidationError({"what_happened": "Say what happened."})
    return Issue.objects.create(
        partnership=partnership, risk=risk, title=title, what_happened=what_happened, impact=impact, owner=owner,
        due_on=due_on,
    )  # fmt: skip


def _check_impact(impact: int) -> None:
    if impact not in IssueImpact.values:
        raise ValidationError({"impact": "Choose low, medium or high."})


def _check_due(due_on: date) -> None:
    if due_on < clock.today():
        raise ValidationError({"due_on": "Choose today or a later day: this one has passed."})


def _impact(issue: Issue) -> str:
    return f"{IssueImpact(issue.impact).label.lower()} impact"


def _facts(issue: Issue) -> dict[str, Any]:
    return {
        "title": issue.title,
        "what_happened": issue.what_happened,
        "impact": issue.impact,
        "owner": str(issue.owner),
        "due_on": issue.due_on.isoformat(),
    }
