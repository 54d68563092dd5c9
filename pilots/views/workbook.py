"""The open returns as a workbook: download it, upload it filled in, look at what would change, save it, undo that."""

from collections.abc import Callable
from typing import IO, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.database import clock
from foundation.files import store
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted
from foundation.sheets.download import TYPE_OF, XLSX
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_page, partnership_to
from pilots.actions.returns import blockers_to_fill_in, blockers_to_plan
from pilots.actions.workbook import (
    blockers_to_save,
    blockers_to_undo,
    drafts_of,
    keep_workbook,
    kept_because,
    save_workbook,
    undo_workbook,
)
from pilots.forms.workbook import Asking, WorkbookForm, the_workbook
from pilots.forms.workbook_rows import Reading, read_workbook
from pilots.models import ImportState, MonthlyReturn, WorkbookImport, plan_of
from pilots.views.shared import indicators_of, returns_of

LISTED = 20
CHECKED = "Nothing is wrong in the workbook. Look at what it changes, then save it."
SAVED = "The rows are saved as drafts. Nobody is asked to check them until you submit them."
UNDONE = "The import is undone, as far as nobody has changed or submitted its returns since."


def workbook(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Download and upload, and what was uploaded before."""
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    asking = _asking(request, partnership)

    def read(file: IO[bytes]) -> Reading:
        return read_workbook(file, asking)

    form = WorkbookForm(posted(request), request.FILES or None, read=read)
    kept: list[WorkbookImport] = []

    def action() -> None:
        drafts = form.reading.drafts if form.reading else []
        kept.append(
            keep_workbook(partnership=partnership, file=form.cleaned_data["file"], drafts=drafts, by=person_of(request))
        )

    if request.method == "POST" and carry_out(request, form, action, done=CHECKED):
        if not kept:  # sent twice: the first one counted
            return redirect("pilots:workbook", partnership.public_id)
        return redirect("pilots:workbook_import", partnership.public_id, kept[0].public_id)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/workbook.html",
        form=form,
        rows=form.reading.rows if form.reading else [],
        open=[row.month for row in _open(request, partnership)],
        imports=_imports(request, partnership).select_related("file", "uploaded_by")[:LISTED],
        blockers=blockers_to_plan(partnership),
    )


def workbook_file(request: HttpRequest, partnership_id: str) -> FileResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    rows = _open(request, partnership)
    if not rows:
        raise Http404
    name = f"returns-{clock.today().isoformat()}.xlsx"
    file = the_workbook(_asking(request, partnership), rows)
    return FileResponse(file, as_attachment=True, filename=name, content_type=TYPE_OF[XLSX])


def workbook_import(request: HttpRequest, partnership_id: str, import_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    found = _import(request, partnership, import_id)
    return _import_page(request, found, _confirm(request, found))


def workbook_save(request: HttpRequest, partnership_id: str, import_id: str) -> HttpResponse:
    """The stored file is read and checked once more: what was fine when it was uploaded may be stale by now."""
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    found = _import(request, partnership, import_id)
    form = _confirm(request, found)

    def action() -> None:
        reading, wrong = _again(request, found)
        drafts = reading.drafts if reading else []
        save_workbook(workbook=found, drafts=drafts, wrong=wrong, by=person_of(request), version=form.version)

    return _carried_out(request, found, form, action, SAVED)


def workbook_undo(request: HttpRequest, partnership_id: str, import_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    found = _import(request, partnership, import_id)
    form = _confirm(request, found)

    def action() -> None:
        undo_workbook(workbook=found, by=person_of(request), version=form.version)

    return _carried_out(request, found, form, action, UNDONE)


def _carried_out(
    request: HttpRequest, found: WorkbookImport, form: ConfirmForm, action: Callable[[], None], done: str
) -> HttpResponse:
    if carry_out(request, form, action, done=done):
        return redirect("pilots:workbook_import", found.partnership.public_id, found.public_id)
    return _import_page(request, _import(request, found.partnership, found.public_id), form)


def _import_page(request: HttpRequest, found: WorkbookImport, form: ConfirmForm) -> HttpResponse:
    waiting = found.state == ImportState.WAITING
    reading, wrong = _again(request, found) if waiting else (None, [])
    undoing = [] if waiting else blockers_to_undo(found)
    return partnership_page(
        request,
        found.partnership,
        "pilot",
        "pilots/workbook_import.html",
        found=found,
        form=form,
        rows=[row for row in reading.rows if row.changes or row.faults] if reading else [],
        same=[row.name for row in reading.rows if not row.changes and not row.faults] if reading else [],
        wrong=wrong + blockers_to_save(found) if waiting else [],
        drafts=[] if waiting else _drafts(found),
        no_undo=undoing,
    )


def _drafts(found: WorkbookImport) -> list[dict[str, Any]]:
    """What an import changed, and what undoing it would leave or has left as it is."""
    undone = found.state == ImportState.UNDONE
    return [
        {
            "name": one.monthly_return.month,
            "href": reverse("pilots:return", args=[found.partnership.public_id, one.monthly_return.period]),
            "changes": one.changes,
            "stays": "" if undone else kept_because(one),
            "restored": one.restored,
        }
        for one in drafts_of(found)
    ]


def _again(request: HttpRequest, found: WorkbookImport) -> tuple[Reading | None, list[str]]:
    """The stored workbook against the returns as they are now, and all that is wrong with it by now."""
    if found.state != ImportState.WAITING:
        return None, []
    try:
        with store.path_of(found.file).open("rb") as file:
            reading = read_workbook(file, _asking(request, found.partnership))
    except FileNotFoundError:
        return None, ["The file is missing from the portal’s store. Upload the workbook again."]
    except ValidationError as error:
        return None, error.messages
    return reading, [said for row in reading.rows for said in row.faults]


def _confirm(request: HttpRequest, found: WorkbookImport) -> ConfirmForm:
    act, button = (
        ("save", "Save as drafts") if found.state == ImportState.WAITING else ("undo", "Undo this import")
    )  # fmt: skip
    address = reverse(f"pilots:workbook_{act}", args=[found.partnership.public_id, found.public_id])
    return ConfirmForm(posted(request), button=button, address=address, version=found.version)


def _asking(request: HttpRequest, partnership: Partnership) -> Asking:
    return Asking(partnership, plan_of(partnership).form, list(indicators_of(request, partnership).typed()))


def _open(request: HttpRequest, partnership: Partnership) -> list[MonthlyReturn]:
    """The newest revisions that somebody may fill in now, oldest first."""
    rows = returns_of(request, partnership).current().order_by("period", "revision").select_related("corrects")
    newest = {row.period: row for row in rows.begun(clock.today())}
    for row in newest.values():
        row.partnership = partnership
    return [row for row in newest.values() if not blockers_to_fill_in(row)]


def _imports(request: HttpRequest, partnership: Partnership) -> QuerySet[WorkbookImport]:
    return WorkbookImport.objects.visible_to(person_of(request)).filter(partnership=partnership)


def _import(request: HttpRequest, partnership: Partnership, import_id: str) -> WorkbookImport:
    rows = _imports(request, partnership).select_related("file", "uploaded_by", "saved_by", "undone_by")
    found = rows.filter(public_id=import_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
