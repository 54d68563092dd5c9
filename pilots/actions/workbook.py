"""A workbook of returns: kept when nothing is wrong in it, saved as drafts all at once, and undone.

What stands in it was read and checked by the form of each return (`pilots.forms.workbook`), as if it had been typed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.template.defaultfilters import filesizeformat

from foundation.audit.events import last_change, record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.files import store
from foundation.policy.refusals import stop_if
from partnerships.actions.document import room_left
from partnerships.actions.summary import refresh
from partnerships.permissions import Ability, require
from pilots.actions.returns import blockers_to_plan, save_draft
from pilots.entry import NUMBERS, TYPED, Entry
from pilots.lifecycle import ReturnState
from pilots.models import ImportedDraft, ImportState, MonthlyReturn, WorkbookImport
from pilots.rollup import Figure

if TYPE_CHECKING:
    from django.core.files.uploadedfile import UploadedFile

    from accounts.models import Person
    from partnerships.models import Partnership

NOTHING_NEW = "Nothing in this workbook differs from what the portal has, so there is nothing to save."
Changes = Sequence[Sequence[str]]


@dataclass(frozen=True)
class Draft:
    """One row of a workbook: the return, what is to be in it, the version it was downloaded with, and what is new."""

    monthly_return: MonthlyReturn
    entry: Entry
    version: int
    changes: Changes


def blockers_to_save(found: WorkbookImport) -> list[str]:
    """Why a workbook cannot be saved as drafts now."""
    if found.state != ImportState.WAITING:
        return [f"This workbook is “{found.get_state_display()}” already."]
    return blockers_to_plan(found.partnership)


def blockers_to_undo(found: WorkbookImport) -> list[str]:
    """Why an import cannot be undone now: it never was saved, or not one of its drafts is still as it left it."""
    if found.state != ImportState.SAVED:
        return [f"This workbook is “{found.get_state_display()}”: there is nothing to undo."]
    stays = [kept_because(one) for one in drafts_of(found)]
    if not stays:
        return ["Nothing that this workbook changed is there any more: there is nothing to undo."]
    return blockers_to_plan(found.partnership) or ([] if "" in stays else stays)


def drafts_of(found: WorkbookImport) -> list[ImportedDraft]:
    """The returns that an import changed, in the order of their periods. One query."""
    drafts = list(found.drafts.select_related("monthly_return"))
    for one in drafts:
        one.monthly_return.partnership = found.partnership
    return drafts


def kept_because(draft: ImportedDraft) -> str:
    """Why undoing leaves a return as it is: it was changed or sent since; empty when it will be restored."""
    row = draft.monthly_return
    if not row.is_to_fill_in:
        return f"{row.month} is “{row.get_state_display()}”, so its figures are fixed."
    if row.version != draft.version_after:
        change = last_change(row)
        who = f", by {change.actor_name} on {clock.local(change.at)}" if change else ""
        return f"{row.month} was changed after the import{who}."
    return ""


@verb("workbook.upload", on="partnership")
def keep_workbook(
    *, partnership: "Partnership", file: "UploadedFile[bytes]", drafts: Sequence[Draft], by: "Person"
) -> WorkbookImport:
    """Keep a workbook in which nothing is wrong, to be looked at once more. No return is changed yet."""
    partnership = locked(partnership)
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_plan(partnership))
    if not drafts:
        raise ValidationError({"file": NOTHING_NEW})
    if (file.size or 0) > (room := room_left(partnership)):
        raise ValidationError({"file": f"Only {filesizeformat(room)} are left for files of this partnership."})
    try:
        kept = store.keep_upload(file, scope=partnership.audit_scope, by=by)
    except ValidationError as error:
        raise ValidationError({"file": error.messages}) from None
    found = WorkbookImport.objects.create(partnership=partnership, file=kept, uploaded_by=by)
    told = f"uploaded the workbook “{kept.name}” with {_returns(len(drafts))}"
    record("workbook.upload", on=found, by=by, summary=told, after=_facts(found, drafts))
    return found


@verb("workbook.save", on="workbook")
def save_workbook(
    *,
    workbook: WorkbookImport,
    drafts: Sequence[Draft],
    by: "Person",
    wrong: Sequence[str] = (),
    version: int | None = None,
) -> None:
    """Save every row as the draft of its return, or none of them. `wrong`: what no longer fits since the upload."""
    found = _locked(workbook, by, version)
    stop_if([*blockers_to_save(found), *wrong])
    if not drafts:
        raise ValidationError(NOTHING_NEW)
    for draft in drafts:
        _save(found, draft, by)
    found.state, found.saved_by, found.saved_at = ImportState.SAVED, by, clock.now()
    _close(found, "saved_by", "saved_at")
    told = f"saved {_returns(len(drafts))} from the workbook “{found.file.name}” as drafts"
    record("workbook.save", on=found, by=by, summary=told, after=_facts(found, drafts))


@verb("workbook.undo", on="workbook")
def undo_workbook(*, workbook: WorkbookImport, by: "Person", version: int | None = None) -> int:
    """Make each draft what it was before the import; how many were. What was changed or sent since stays as it is."""
    found = _locked(workbook, by, version)
    stop_if(blockers_to_undo(found))
    drafts = drafts_of(found)
    stays = [said for one in drafts if (said := kept_because(one))]
    for draft in drafts:
        if not kept_because(draft):
            _restore(draft, by)
    found.state, found.undone_by, found.undone_at = ImportState.UNDONE, by, clock.now()
    _close(found, "undone_by", "undone_at")
    refresh(found.partnership)
    restored = len(drafts) - len(stays)
    told = f"undid the import of the workbook “{found.file.name}”: {_returns(restored)} restored"
    record("workbook.undo", on=found, by=by, summary=told, reason=" ".join(stays), after=_facts(found, ()))
    return restored


def _locked(workbook: WorkbookImport, by: "Person", version: int | None) -> WorkbookImport:
    """The workbook, locked with its partnership, once this person may save or undo it."""
    partnership = locked(workbook.partnership)
    found = locked(workbook, version=version)
    found.partnership = partnership
    require(by, Ability.LOG_PROGRESS, partnership)
    return found


def _close(found: WorkbookImport, *columns: str) -> None:
    found.version += 1
    found.save(update_fields=["state", "version", *columns])


def _save(found: WorkbookImport, draft: Draft, by: "Person") -> None:
    row = MonthlyReturn.objects.select_related("partnership").get(pk=draft.monthly_return.pk)
    before = _before(row)
    save_draft(monthly_return=row, entry=draft.entry, by=by, version=draft.version)
    ImportedDraft.objects.create(
        source=found,
        monthly_return=row,
        before=before,
        changes=[list(change) for change in draft.changes],
        version_after=draft.version + 1,
    )


def _before(row: MonthlyReturn) -> dict[str, Any]:
    entry = row.entry()
    return {
        "state": row.state,
        "typed": {name: _plain(getattr(entry, name)) for name in KEPT},
        "figures": {code: [_plain(f.amount), _plain(f.out_of)] for code, f in entry.figures.items()},
    }


# What a workbook can change: the figures, and the two explanations that figures may need.
KEPT = tuple(name for name in TYPED if name in NUMBERS or name in ("reach_explanation", "variance_reason"))


def _plain(value: Any) -> Any:
    return str(value) if isinstance(value, Decimal) else value


def _restore(draft: ImportedDraft, by: "Person") -> None:
    row, before = draft.monthly_return, draft.before
    typed = {name: _as_typed(name, value) for name, value in before["typed"].items()}
    figures = {code: Figure(_number(amount), _number(out_of)) for code, (amount, out_of) in before["figures"].items()}
    entry = replace(row.entry(), **typed, figures=figures, story=None)
    save_draft(monthly_return=row, entry=entry, by=by, version=draft.version_after)
    row.values.exclude(indicator__code__in=figures).delete()
    if before["state"] == ReturnState.PLANNED:
        MonthlyReturn.objects.filter(pk=row.pk).update(state=ReturnState.PLANNED)
    draft.restored = True
    draft.save(update_fields=["restored"])


def _as_typed(name: str, value: Any) -> Any:
    column: Any = MonthlyReturn._meta.get_field(name)
    return column.to_python(value)


def _number(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _returns(count: int) -> str:
    return "1 return" if count == 1 else f"{count} returns"


def _facts(found: WorkbookImport, drafts: Iterable[Draft]) -> dict[str, Any]:
    periods = [draft.monthly_return.period.isoformat() for draft in drafts]
    return {"file": found.file.name, "sha256": found.file.sha256, "state": found.state, "periods": periods}
