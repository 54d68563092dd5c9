"""The demo's spreadsheets: a workbook saved as a draft, one that waits to be looked at, and grants as open data."""

import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.actions.organisation import edit_organisation
from foundation.database import clock
from partnerships.actions.grant import describe_grant
from partnerships.models import Fund, Partnership
from partnerships.plan import add_months
from pilots.actions.workbook import Draft, keep_workbook, save_workbook
from pilots.forms.workbook import SHEET, Asking, the_workbook
from pilots.forms.workbook_rows import read_workbook
from pilots.lifecycle import ReturnState
from pilots.models import MonthlyReturn, WorkbookImport, plan_of
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.means import GRANT
from psp_portal.demo.people import organisation, person
from psp_portal.demo.plots import BEFRIENDING, HOUSING

ORG_IDS = {personas.BOARD: "GB-DEMO-CALEDON", BEFRIENDING.lead: "GB-DEMO-SILVERTHREAD"}  # invented, like everybody


def what_comes_by_spreadsheet() -> None:
    """Told last: whoever saves a draft afterwards would make the waiting workbook stale."""
    _open_data()
    partnership = Partnership.objects.get(title=BEFRIENDING.title)
    row = MonthlyReturn.objects.get(partnership=partnership, state=ReturnState.DRAFT, corrects=None)
    asking = Asking(partnership, plan_of(partnership).form, list(partnership.indicators.typed()))
    row.partnership = partnership
    by = person(personas.MANAGER)
    with midday(clock.today() - timedelta(days=1)):
        found, drafts = _upload(asking, row, "returns-first.xlsx", {"Referrals in": 11, "Volunteer hours": 152})
        save_workbook(workbook=found, drafts=drafts, by=by)
    row.refresh_from_db()
    people = {"Active at the start of the month": 30, "New starts": 8, "Planned exits": 4, "Unplanned exits": 1}
    _upload(asking, row, "returns.xlsx", people | {"Active at the end of the month": 34})


def _upload(
    asking: Asking, row: MonthlyReturn, name: str, figures: dict[str, int]
) -> tuple[WorkbookImport, list[Draft]]:
    """Download the workbook of one return, type into its row, and upload it."""
    import openpyxl  # noqa: PLC0415  slow to import

    book, kept = openpyxl.load_workbook(the_workbook(asking, [row])), io.BytesIO()
    sheet = book[SHEET]
    for cell in sheet[1]:
        if cell.value in figures:
            sheet.cell(2, cell.column).value = figures[cell.value]
    book.save(kept)
    drafts, file = read_workbook(kept, asking).drafts, SimpleUploadedFile(name, kept.getvalue())
    return keep_workbook(partnership=asking.partnership, file=file, drafts=drafts, by=person(personas.MANAGER)), drafts


def _open_data() -> None:
    """Two grants are described; one of the two recipients still lacks an org-id."""
    for name, org_id in ORG_IDS.items():
        known = organisation(name)
        edit_organisation(
            organisation=known, name=name, kind=known.kind, org_id=org_id, about=known.about,
            by=person(personas.ADMINISTRATOR),
        )  # fmt: skip
    for plot, title in ((BEFRIENDING, "Befriending pilot, first year"), (HOUSING, "")):
        fund = Fund.objects.get(partnership__title=plot.title, source=GRANT)
        describe_grant(
            fund=fund, title=title, description="", awarded_on=add_months(fund.from_on, 2),
            funder=organisation(personas.BOARD), recipient=organisation(plot.lead), by=person(personas.PROJECT_LEAD),
        )  # fmt: skip
