"""The verbs of a workbook: allowed, refused with the reason, nothing half-done, side effects."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from hypothesis import given
from hypothesis import strategies as st

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.files.models import StoredFile
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.sheets.reading import ReadCell
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from pilots.actions.returns import save_draft, submit
from pilots.actions.workbook import KEPT, Draft, keep_workbook, save_workbook, undo_workbook
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import ImportedDraft, ImportState, MonthlyReturn, WorkbookImport
from pilots.rollup import Figure
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, whole_entry

pytestmark = pytest.mark.django_db

LOGGERS = (PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD, PartnershipRole.PARTNER_MANAGER)
OTHERS = sorted(set(PartnershipRole) - set(LOGGERS))


@pytest.fixture(autouse=True)
def _december():
    with clock.at(datetime(2026, 12, 3, 9, tzinfo=UTC)):
        yield


def a_file(name="returns.csv"):
    return SimpleUploadedFile(name, b"Period,Referrals in\n")


def drafts_for(partnership, **entry):
    rows = MonthlyReturn.objects.filter(partnership=partnership).select_related("partnership").order_by("period")
    return [Draft(row, replace(row.entry(), **entry), row.version, [("Referrals in", "empty", "7")]) for row in rows]


@pytest.fixture
def pilot():
    partnership = PartnershipFactory(in_pilot=True)
    ReturnFactory(partnership=partnership, period=date(2026, 10, 1), draft=True)
    ReturnFactory(partnership=partnership, period=date(2026, 11, 1))
    return partnership


def kept(partnership, by=None):
    by = by or person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    return keep_workbook(partnership=partnership, file=a_file(), drafts=drafts_for(partnership), by=by)


def saved(partnership, **entry):
    by = person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership)
    found = kept(partnership, by)
    save_workbook(workbook=found, drafts=drafts_for(partnership, **{"referrals": 7} | entry), by=by)
    found.refresh_from_db()
    return found


@pytest.mark.parametrize("role", LOGGERS)
def test_whoever_logs_the_pilot_uploads_saves_and_undoes(pilot, role):
    by = person_as(role, pilot)
    found = kept(pilot, by)
    save_workbook(workbook=found, drafts=drafts_for(pilot, referrals=7), by=by, version=1)
    assert list(MonthlyReturn.objects.values_list("referrals", "state")) == [(7, "draft")] * 2
    assert undo_workbook(workbook=found, by=by, version=2) == 2
    assert set(MonthlyReturn.objects.values_list("period__month", "referrals", "state")) == {
        (10, 12, "draft"), (11, None, "planned"),
    }  # fmt: skip
    found.refresh_from_db()
    assert (found.state, found.saved_by, found.undone_by, found.version) == (ImportState.UNDONE, by, by, 3)
    events = AuditEvent.objects.filter(action__startswith="workbook.").order_by("pk").values_list("summary", flat=True)
    assert list(events) == [
        "uploaded the workbook “returns.csv” with 2 returns",
        "saved 2 returns from the workbook “returns.csv” as drafts",
        "undid the import of the workbook “returns.csv”: 2 returns restored",
    ]


def test_other_roles_are_refused_and_that_is_recorded(pilot):
    found = saved(pilot)
    for role in OTHERS:
        by = person_as(role, pilot)
        with pytest.raises(NotPermitted, match="You may not log the pilot's progress"):
            keep_workbook(partnership=pilot, file=a_file(), drafts=drafts_for(pilot), by=by)
        for verb, more in ((save_workbook, {"drafts": []}), (undo_workbook, {})):
            with pytest.raises(NotPermitted, match="You may not log the pilot's progress"):
                verb(workbook=found, by=by, **more)
    assert StoredFile.objects.count() == 1
    assert AuditEvent.objects.filter(outcome=Outcome.REFUSED).count() == 3 * len(OTHERS)


def test_each_verb_is_refused_in_every_other_state_with_the_reason(pilot):
    by = person_as(PartnershipRole.PROJECT_LEAD, pilot)
    found = kept(pilot, by)
    with pytest.raises(NotNow, match="“Checked, not saved”: there is nothing to undo"):
        undo_workbook(workbook=found, by=by)
    save_workbook(workbook=found, drafts=drafts_for(pilot, referrals=7), by=by)
    with pytest.raises(NotNow, match="This workbook is “Saved as drafts” already"):
        save_workbook(workbook=found, drafts=drafts_for(pilot, referrals=8), by=by)
    undo_workbook(workbook=found, by=by)
    with pytest.raises(NotNow, match="This workbook is “Undone” already"):
        save_workbook(workbook=found, drafts=drafts_for(pilot, referrals=8), by=by)
    with pytest.raises(NotNow, match="“Undone”: there is nothing to undo"):
        undo_workbook(workbook=found, by=by)


def test_nothing_is_kept_saved_or_undone_in_a_closed_partnership(pilot):
    by, found = person_as(PartnershipRole.PROJECT_LEAD, pilot), saved(pilot)
    pilot.stage = Stage.CLOSED
    pilot.save()
    with pytest.raises(NotNow, match="closed"):
        keep_workbook(partnership=pilot, file=a_file(), drafts=drafts_for(pilot), by=by)
    with pytest.raises(NotNow, match="closed"):
        undo_workbook(workbook=found, by=by)


def test_a_workbook_that_changes_nothing_or_finds_no_room_is_refused_beside_the_file(pilot, settings):
    by = person_as(PartnershipRole.PROJECT_LEAD, pilot)
    with pytest.raises(ValidationError) as refusal:
        keep_workbook(partnership=pilot, file=a_file(), drafts=[], by=by)
    assert "nothing to save" in refusal.value.message_dict["file"][0]
    settings.PARTNERSHIP_QUOTA_BYTES = 3
    with pytest.raises(ValidationError) as refusal:
        keep_workbook(partnership=pilot, file=a_file(), drafts=drafts_for(pilot), by=by)
    assert "3\xa0bytes are left" in refusal.value.message_dict["file"][0]
    assert not WorkbookImport.objects.exists()


def test_one_stale_or_unfit_row_leaves_every_row_as_it_was(pilot):
    by = person_as(PartnershipRole.PROJECT_LEAD, pilot)
    found = kept(pilot, by)
    first, second = drafts_for(pilot, referrals=7)
    unfit = replace(second, entry=Entry(reach_explanation="Ask on 07700 900123."))
    with pytest.raises(ValidationError, match="telephone"):
        save_workbook(workbook=found, drafts=[first, unfit], by=by)
    save_draft(monthly_return=second.monthly_return, entry=Entry(referrals=1), by=by)
    with pytest.raises(NotNow, match="You changed this yourself"):
        save_workbook(workbook=found, drafts=[first, second], by=by)
    with pytest.raises(NotNow, match="It is out of date"):
        save_workbook(workbook=found, drafts=[first], wrong=["It is out of date."], by=by)
    found.refresh_from_db()
    assert (found.state, ImportedDraft.objects.count()) == (ImportState.WAITING, 0)
    assert set(MonthlyReturn.objects.values_list("referrals", flat=True)) == {12, 1}


def test_undoing_is_refused_when_everything_was_changed_or_submitted_since(pilot):
    found, by = saved(pilot), person_as(PartnershipRole.PROJECT_LEAD, pilot)
    october, november = MonthlyReturn.objects.order_by("period")
    save_draft(monthly_return=october, entry=Entry(referrals=8), by=by)
    submit(monthly_return=november, entry=whole_entry(), by=by)
    with pytest.raises(NotNow) as refusal:
        undo_workbook(workbook=found, by=by)
    changed, sent = refusal.value.reasons
    assert changed.startswith(f"October 2026 was changed after the import, by {by}")
    assert sent.startswith("November 2026 is “Submitted")
    october.refresh_from_db()
    assert october.referrals == 8


def test_undoing_gives_back_the_figures_of_indicators_and_what_a_workbook_does_not_ask(pilot):
    IndicatorFactory(partnership=pilot, code="R3", days=True)
    by = person_as(PartnershipRole.PROJECT_LEAD, pilot)
    october = MonthlyReturn.objects.get(period=date(2026, 10, 1))
    before = Entry(
        referrals=5, budget=Decimal("10.50"), variance_reason="Late invoices.", learned="Mornings are better.",
        figures={"R3": Figure(Decimal("4.50"), Decimal(2))}, counts={("sex", "female"): 3},
    )  # fmt: skip
    save_draft(monthly_return=october, entry=before, by=by)
    found = saved(pilot, budget=None, variance_reason="", figures={"R3": Figure(Decimal(9), None)})
    october.refresh_from_db()
    assert (october.entry().figures["R3"], october.budget) == (Figure(Decimal(9), None), None)
    undo_workbook(workbook=found, by=by)
    october.refresh_from_db()
    assert october.entry() == before


def test_a_draft_that_was_sent_back_stays_sent_back_with_its_note(pilot):
    row = ReturnFactory(partnership=pilot, period=date(2026, 9, 1), returned=True)
    undo_workbook(workbook=saved(pilot), by=person_as(PartnershipRole.PROJECT_LEAD, pilot))
    row.refresh_from_db()
    assert (row.state, row.referrals) == (ReturnState.RETURNED, 12)
    assert row.returned_note == "Please check the number of exits."


def test_the_figures_that_come_back_are_figures_and_two_explanations():
    assert {"referrals", "lowest_pay", "reach_explanation", "variance_reason"} <= set(KEPT)
    assert not {"users_said", "incident_note", "learned"} & set(KEPT)


@given(st.decimals(min_value=-9_999_999, max_value=9_999_999, places=2))
def test_a_cell_is_told_as_somebody_would_type_it(value):
    told = ReadCell("A1", value).typed
    assert "E" not in told
    assert Decimal(told) == value
