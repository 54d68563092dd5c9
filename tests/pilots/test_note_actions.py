"""Notes: kept once, brought in once, set aside; refused with the reason; nothing half-done."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.files.models import StoredFile
from foundation.files.store import path_of
from foundation.policy.refusals import ChangedMeanwhile, NotNow, NotPermitted
from partnerships.lifecycle import Stage
from partnerships.roles import PartnershipRole
from pilots.actions.corrections import begin_correction, drop_correction
from pilots.actions.notes import add_note, bring_in_notes, set_aside_note
from pilots.actions.returns import save_draft
from pilots.entry import Entry
from pilots.lifecycle import ReturnState
from pilots.models import Note
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, the_two_sides
from tests.foundation import samples

pytestmark = pytest.mark.django_db
LOGGERS = {PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PROJECT_LEAD, PartnershipRole.PARTNER_MANAGER}
OCTOBER, NOVEMBER = date(2026, 10, 1), date(2026, 11, 1)


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 12, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def row():
    return ReturnFactory()


@pytest.fixture
def third(row):
    return the_two_sides(row.partnership)[0]


def note(row, by, kind="quote", **more):
    given = {"text": "Sundays are long.", "period": OCTOBER} | more
    return add_note(partnership=row.partnership, kind=kind, by=by, **given)


def starts(row, by, number="2", **more):
    return note(row, by, "number", number=Decimal(number), goes_to="new_starts", text="", **more)


def events(action):
    return list(AuditEvent.objects.filter(action=action, outcome=Outcome.ALLOWED).order_by("seq"))


# Adding


def test_a_note_has_its_author_day_and_period_and_its_event_holds_no_words(row, third):
    kept = note(row, third, noted_on=date(2026, 10, 30))
    assert (kept.noted_by, kept.noted_on, kept.period, kept.is_waiting) == (third, date(2026, 10, 30), OCTOBER, True)
    (event,) = events("note.add")
    assert event.summary == "noted a quote for October 2026"
    assert "Sundays" not in str([event.after, event.object_name, event.reason])


@pytest.mark.parametrize("role", PartnershipRole)
def test_only_whoever_logs_progress_may_note_or_set_aside(row, third, role):
    kept, who = note(row, third), person_as(role, row.partnership)
    if role in LOGGERS:
        note(row, who)
        set_aside_note(note=kept, by=who)
        return
    for act in (lambda: note(row, who), lambda: set_aside_note(note=kept, by=who),
                lambda: bring_in_notes(monthly_return=row, by=who)):  # fmt: skip
        with pytest.raises(NotPermitted):
            act()
    assert Note.objects.waiting().count() == 1


@pytest.mark.parametrize("stage", Stage)
def test_notes_are_taken_from_the_pilot_on_until_it_is_over(stage):
    partnership = PartnershipFactory(in_pilot=True)
    third, _ = the_two_sides(partnership)
    type(partnership).objects.filter(pk=partnership.pk).update(stage=stage)
    too_early, over = (Stage.PROPOSED, Stage.DESIGN), (Stage.CLOSED, Stage.STOPPED)
    if stage in (*too_early, *over):
        with pytest.raises(NotNow, match="pilot is not running" if stage in too_early else "Its notes"):
            add_note(partnership=partnership, kind="lesson", text="Ring first.", by=third)
    else:
        add_note(partnership=partnership, kind="lesson", text="Ring first.", by=third)
    assert Note.objects.exists() == (stage not in (*too_early, *over))


def test_the_same_key_again_is_the_same_note_and_no_second_event(row, third):
    first = starts(row, third, client_key="k1")
    again = starts(row, third, client_key="k1", number="9")
    assert again == first
    assert again.number == 2
    assert len(events("note.add")) == 1
    starts(row, person_as(PartnershipRole.PROJECT_LEAD, row.partnership), client_key="k1")
    assert Note.objects.count() == 2
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.update(client_key="k1", noted_by=third)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("number", {"number": Decimal(-1)}), ("number", {"number": Decimal("NaN")}), ("number", {"number": None}),
        ("number", {"number": Decimal(10) ** 30}), ("number", {"number": Decimal("1.5")}),
        ("goes_to", {"goes_to": "active_at_end"}), ("goes_to", {"goes_to": "amount-NO"}), ("goes_to", {"goes_to": ""}),
        ("goes_to", {"goes_to": "training_days"}),  # the short form does not ask for it
        ("period", {"period": date(2026, 12, 1)}), ("period", {"period": date(2026, 10, 2)}),
        ("period", {"period": date(1999, 1, 1)}),
        ("noted_on", {"noted_on": date(2026, 11, 13)}), ("noted_on", {"noted_on": date(2026, 1, 1)}),
        ("text", {"text": "Ring 01592 123456."}), ("text", {"text": "CHI 0101501234"}),
        ("text", {"text": "x" * 1001}), ("text", {"kind": "quote", "text": "  "}), ("kind", {"kind": "rumour"}),
        ("photo", {"kind": "photo", "text": "A"}),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_at_its_field_and_nothing_is_left(row, third, field, bad):
    good = {"kind": "number", "number": Decimal(2), "goes_to": "new_starts", "text": "", "period": OCTOBER}
    with pytest.raises(ValidationError) as refused:
        add_note(partnership=row.partnership, by=third, **good | bad)
    assert field in refused.value.message_dict
    assert not Note.objects.exists()
    assert not AuditEvent.objects.filter(action="note.add").exists()


def test_a_photo_is_kept_for_the_partnership_within_its_room(row, third, settings):
    photo = SimpleUploadedFile("IMG 1.jpg", samples.jpeg(comment=b"at home"), "image/jpeg")
    kept = note(row, third, "photo", photo=photo, text="A tea table.")
    assert kept.photo.scope == row.partnership.audit_scope
    settings.PARTNERSHIP_QUOTA_BYTES = 10
    with pytest.raises(ValidationError, match="left for files"):
        note(row, third, "photo", photo=photo, text="A tea table.")
    settings.PARTNERSHIP_QUOTA_BYTES = 10**9
    with pytest.raises(ValidationError, match="damaged"):
        note(row, third, "photo", photo=SimpleUploadedFile("a.jpg", b"%PDF-1.7"), text="A tea table.")
    assert (Note.objects.count(), StoredFile.objects.count()) == (1, 1)


# Bringing in


def test_notes_are_brought_in_once_and_know_by_which_return(row, third):
    indicator = IndicatorFactory(partnership=row.partnership, code="S2")
    starts(row, third, "3")
    bring_in_notes(monthly_return=row, by=third)
    row.refresh_from_db()
    used = [
        starts(row, third), note(row, third), note(row, third, "lesson", text="Ring first."),
        note(row, third, "number", number=Decimal("1.5"), goes_to="amount-S2", text=""),
    ]  # fmt: skip
    stays = note(row, third, "lesson", text="And a second one.")
    brought = bring_in_notes(monthly_return=row, by=third, version=row.version)
    row.refresh_from_db()
    assert (row.new_starts, row.users_said, row.learned) == (5, "“Sundays are long.”", "Ring first.")
    assert row.values.get(indicator=indicator).amount == Decimal("1.5")
    assert {n.public_id for n in used} == set(brought.used)
    assert row.notes.count() == 5
    assert [key for key, _ in brought.left] == [stays.public_id]
    assert events("note.bring_in")[1].summary == "brought 4 notes into the return for October 2026, 1 not"
    bring_in_notes(monthly_return=row, by=third)
    row.refresh_from_db()
    assert row.new_starts == 5


def test_what_is_typed_is_saved_with_the_notes(row, third):
    starts(row, third)
    bring_in_notes(monthly_return=row, by=third, entry=Entry(referrals=10, risks="Vans are old."), version=1)
    row.refresh_from_db()
    assert (row.new_starts, row.referrals, row.risks, row.state) == (2, 10, "Vans are old.", ReturnState.DRAFT)


@pytest.mark.parametrize(("counting", "figure"), [("counted", 3), ("add", 5)])
def test_a_number_whose_figure_is_typed_waits_for_an_answer_and_the_event_keeps_it(row, third, counting, figure):
    kept = starts(row, third)
    brought = bring_in_notes(monthly_return=row, by=third, entry=Entry(new_starts=3))
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.new_starts, kept.is_waiting, brought.asked) == (3, True, (kept.public_id,))
    bring_in_notes(monthly_return=row, by=third, counting={kept.public_id: counting, "another": "add"})
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.new_starts, kept.used_in) == (figure, row)
    assert events("note.bring_in")[1].after["counting"] == {kept.public_id: counting}


def test_a_stale_page_brings_nothing_in(row, third):
    kept = starts(row, third)
    save_draft(monthly_return=row, entry=Entry(new_starts=1), by=third)
    with pytest.raises(ChangedMeanwhile):
        bring_in_notes(monthly_return=row, by=third, entry=Entry(), version=1)
    row.refresh_from_db()
    kept.refresh_from_db()
    assert (row.new_starts, kept.is_waiting) == (1, True)


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_a_return_that_is_sent_takes_no_notes(state):
    row = ReturnFactory(**{state: True})
    third, _ = the_two_sides(row.partnership)
    kept = starts(row, third)
    with pytest.raises(NotNow, match="figures are fixed"):
        bring_in_notes(monthly_return=row, by=third)
    kept.refresh_from_db()
    assert kept.is_waiting


def test_without_notes_there_is_nothing_to_bring_in(row, third):
    with pytest.raises(NotNow, match="No note waits"):
        bring_in_notes(monthly_return=row, by=third, entry=Entry(new_starts=1))
    row.refresh_from_db()
    assert (row.state, row.new_starts) == (ReturnState.PLANNED, None)


def test_a_late_note_waits_for_the_next_return_and_its_number_stays_out(row, third):
    november = ReturnFactory(partnership=row.partnership, period=NOVEMBER)
    quote, number = note(row, third), starts(row, third)
    coming = starts(row, third, period=NOVEMBER)
    assert Note.objects.waiting_for(row) == [quote, number]
    assert Note.objects.waiting_for(november) == [coming]
    sent = {"submitted_by": third, "submitted_at": clock.now(), "first_submitted_on": clock.today()}
    type(row).objects.filter(pk=row.pk).update(state="submitted", **sent)
    assert Note.objects.waiting_for(november) == [quote, number, coming]
    brought = bring_in_notes(monthly_return=november, by=third)
    assert set(brought.used) == {quote.public_id, coming.public_id}
    assert "earlier month" in dict(brought.left)[number.public_id]


def test_the_notes_of_a_dropped_correction_wait_again():
    row = ReturnFactory(accepted=True)
    third, _ = the_two_sides(row.partnership)
    kept = starts(row, third)
    new = begin_correction(monthly_return=row, reason="A miscount.", by=third)
    bring_in_notes(monthly_return=new, by=third, counting={kept.public_id: "add"})
    new.refresh_from_db()
    assert new.new_starts == 10
    drop_correction(monthly_return=new, by=third)
    kept.refresh_from_db()
    assert kept.is_waiting


# Setting aside


def test_a_note_set_aside_is_used_by_no_return_and_told_once(row, third):
    kept = starts(row, third)
    set_aside_note(note=kept, by=third)
    kept.refresh_from_db()
    assert (kept.set_aside_by, kept.set_aside_at) == (third, clock.now())
    assert Note.objects.waiting_for(row) == []
    with pytest.raises(NotNow, match="set aside already"):
        set_aside_note(note=kept, by=third)
    assert len(events("note.set_aside")) == 1


def test_the_photo_of_a_note_set_aside_is_deleted_once_that_is_certain(row, third, django_capture_on_commit_callbacks):
    photo = SimpleUploadedFile("IMG 1.jpg", samples.jpeg(), "image/jpeg")
    kept = note(row, third, "photo", photo=photo, text="A tea table.")
    where = path_of(kept.photo)
    with django_capture_on_commit_callbacks() as afterwards:
        set_aside_note(note=kept, by=third)
    assert where.exists(), "it may still roll back"
    for callback in afterwards:
        callback()
    assert not where.exists()
    kept.refresh_from_db()
    assert (kept.photo, kept.text) == (None, "A tea table.")
    assert not StoredFile.objects.exists()
    assert events("note.set_aside")[0].summary == "set aside a photo for October 2026 and deleted its file"


def test_a_photo_stays_when_setting_it_aside_is_refused(row, third):
    kept = note(row, third, "photo", photo=SimpleUploadedFile("a.jpg", samples.jpeg(), "image/jpeg"), text="A table.")
    with pytest.raises(NotPermitted):
        set_aside_note(note=kept, by=person_as(PartnershipRole.OBSERVER, row.partnership))
    kept.refresh_from_db()
    assert path_of(kept.photo).exists()


def test_a_used_note_is_not_set_aside(row, third):
    kept = starts(row, third)
    bring_in_notes(monthly_return=row, by=third)
    with pytest.raises(NotNow, match="was used in the return for October 2026"):
        set_aside_note(note=kept, by=third)
    kept.refresh_from_db()
    assert kept.set_aside_at is None
