"""Social accounts: the eight principles ticked with a note, the audit panel and its statement."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import ChangedMeanwhile, stop_if
from partnerships.lifecycle import over_blockers
from partnerships.models import Partnership
from pilots.models import PrincipleNote, SocialAccounts
from pilots.permissions import require_to_write_value
from pilots.principles import Principle

if TYPE_CHECKING:
    from accounts.models import Person

NOT_WRITTEN = 0  # the version of accounts that do not exist yet


@dataclass(frozen=True)
class Done:
    """Whether a principle was followed, and what shows it."""

    done: bool = False
    note: str = ""


@dataclass(frozen=True)
class Accounts:
    """What somebody types: a line for each principle, the panel and its statement."""

    principles: Mapping[str, Done] = field(default_factory=dict)
    panel_chair: str = ""
    panel_members: str = ""
    panel_met_on: date | None = None
    statement: str = ""


def blockers_to_write(partnership: Partnership) -> list[str]:
    """Why the social accounts cannot be changed now."""
    return over_blockers(partnership.stage, "Its social accounts")


@verb("social_accounts.write", on="partnership")
def write_social_accounts(
    *, partnership: Partnership, accounts: Accounts, by: "Person", version: int | None = None
) -> SocialAccounts:
    """Write the social accounts, or change them. A principle keeps the day on which it was ticked."""
    partnership = locked(partnership)
    require_to_write_value(by, partnership)
    stop_if(blockers_to_write(partnership))
    written = SocialAccounts.objects.select_for_update().filter(partnership=partnership).first()
    if version is not None and version != (written.version if written else NOT_WRITTEN):
        raise ChangedMeanwhile(written or partnership)
    _check(accounts)
    before = _facts(written) if written else None
    if written is None:
        written = SocialAccounts(partnership=partnership)
    else:
        written.version += 1
    written.written_by = by
    written.panel_chair, written.panel_members = accounts.panel_chair.strip(), accounts.panel_members.strip()
    written.panel_met_on, written.statement = accounts.panel_met_on, accounts.statement.strip()
    written.save()
    _tick(written, accounts)
    record(
        "social_accounts.write",
        on=written,
        by=by,
        summary="changed the social accounts" if before else "began the social accounts",
        before=before,
        after=_facts(written),
    )
    return written


def _tick(written: SocialAccounts, accounts: Accounts) -> None:
    known = {row.principle: row for row in written.principles.all()}
    for principle in Principle:
        told = accounts.principles.get(principle, Done())
        row = known.get(principle) or PrincipleNote(accounts=written, principle=principle)
        row.note = told.note
        row.done_on = (row.done_on or clock.today()) if told.done else None
        row.save()


def _check(accounts: Accounts) -> None:
    found = {
        f"note_{principle.value}": f"{principle.label}: say what was done, or take the tick away."
        for principle, told in ((p, accounts.principles.get(p, Done())) for p in Principle)
        if told.done and not told.note.strip()
    }
    found |= _panel_faults(accounts)
    if found:
        raise ValidationError(found)


def _panel_faults(accounts: Accounts) -> dict[str, str]:
    found = {}
    has_panel = bool(accounts.panel_chair.strip() or accounts.panel_met_on or accounts.statement.strip())
    if has_panel and not accounts.panel_chair.strip():
        found["panel_chair"] = "Say who chaired the audit panel."
    if has_panel and not accounts.panel_met_on:
        found["panel_met_on"] = "Say on which day the audit panel met."
    if accounts.panel_met_on and accounts.panel_met_on > clock.today():
        found["panel_met_on"] = "The audit panel’s day is still to come: write it down when it has met."
    return found


def _facts(written: SocialAccounts) -> dict[str, Any]:
    rows = written.principles.all()
    return {
        "done": {row.principle: row.done_on.isoformat() for row in rows if row.done_on},
        "panel_chair": written.panel_chair,
        "panel_met_on": written.panel_met_on.isoformat() if written.panel_met_on else None,
        "version": written.version,
    }
