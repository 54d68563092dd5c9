"""The notes' pages: three taps, nothing typed is lost, members only, the return shows what waits for it."""

import re
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.database import clock
from partnerships.roles import PartnershipRole
from pilots.actions.corrections import begin_correction
from pilots.actions.notes import add_note, set_aside_note
from pilots.actions.returns import save_draft
from pilots.entry import Entry
from pilots.models import Note, PilotPlan
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import person_as
from tests.factories.pilots import WHOLE, IndicatorFactory, ReturnFactory, the_two_sides
from tests.foundation import samples
from tests.reading import numbers_in, text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 12, 9, tzinfo=UTC)):
        yield


@pytest.fixture
def row():
    return ReturnFactory()


@pytest.fixture
def third(row, client):
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    return third


def address(row, name="notes", *more):
    return reverse(f"pilots:{name}", args=[row.partnership.public_id, *more])


def fill_in(row):
    return reverse("pilots:return_fill_in", args=[row.partnership.public_id, row.period])


def starts(row, by, number=2, **more):
    return add_note(
        partnership=row.partnership, kind="number", number=Decimal(number), goes_to="new_starts", by=by,
        **{"period": row.period} | more,
    )  # fmt: skip


def photo(content=None):
    return SimpleUploadedFile("IMG_1.jpg", content or samples.jpeg(comment=b"at home"), "image/jpeg")


@pytest.mark.usefixtures("third")
def test_a_number_takes_three_taps_from_home_and_from_the_pilots_page(client, row):
    form = address(row, "note_add", "number")
    for page in (reverse("home"), address(row, "pilot")):
        assert f'href="{form}"' in text(client.get(page))  # the first tap
    choices = dict(client.get(form).context["form"].fields["goes_to"].choices)
    assert choices["new_starts"] == "New starts"
    assert "active_at_end" not in choices
    typed = {"goes_to": "new_starts", "number": "1,200", "period": "2026-10-01"}  # the second tap, and typing
    response = client.post(form, typed, follow=True)  # the third
    assert response.redirect_chain == [(address(row), 302)]
    assert "New starts: 1,200" in text(response)
    assert "1 note waits for a return" in text(client.get(address(row, "pilot")))


def correction_of(row):
    return reverse("pilots:return_correct", args=[row.partnership.public_id, row.period])


@pytest.mark.parametrize("state", ["submitted", "accepted"])
def test_a_number_for_a_month_that_is_sent_is_told_not_to_count_and_leads_to_the_correction(client, state):
    row = ReturnFactory(**{state: True})
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    where = address(row, "note_add", "number")
    assert "October 2026 (its return is sent)" in text(client.get(where))
    typed = {"goes_to": "new_starts", "number": "2", "period": "2026-10-01"}
    saved = text(client.post(where, typed, follow=True))
    assert "The note is kept." in saved
    assert "Its number is not counted: the return for October 2026 is sent." in saved
    assert "Not counted." in saved
    assert "Waits for the return." not in saved
    assert (correction_of(row) in saved) == (state == "accepted")
    assert reverse("pilots:return", args=[row.partnership.public_id, row.period]) in saved
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    read = text(client.get(address(row)))
    assert "Not counted." in read
    assert correction_of(row) not in read


def test_in_the_correction_it_can_be_counted_and_nothing_calls_it_lost(client):
    row = ReturnFactory(accepted=True)
    third, _ = the_two_sides(row.partnership)
    begin_correction(monthly_return=row, reason="Two were noted late.", by=third)
    client.force_login(third)
    typed = {"goes_to": "new_starts", "number": "2", "period": "2026-10-01"}
    saved = text(client.post(address(row, "note_add", "number"), typed, follow=True))
    assert "The note is kept. It waits for the return of its month." in saved
    assert "ot counted" not in saved
    assert "The return says 8 there already." in text(client.get(fill_in(row)))


def test_words_for_a_month_that_is_sent_are_told_to_wait_for_the_next_return(client):
    row = ReturnFactory(accepted=True)
    third, _ = the_two_sides(row.partnership)
    client.force_login(third)
    typed = {"text": "Sundays are long.", "period": "2026-10-01"}
    saved = text(client.post(address(row, "note_add", "quote"), typed, follow=True))
    assert "The return for October 2026 is sent, so it waits for the next one." in saved
    assert "ot counted" not in saved


@pytest.mark.usefixtures("third")
def test_sent_again_it_is_answered_the_same_and_kept_once(client, row):
    where = address(row, "note_add", "quote")
    form = client.get(where).context["form"]
    typed = {"text": "Sundays are long.", "period": "2026-11-01"}
    typed |= {name: form[name].value() for name in ("client_key", "form_token", "noted_on")}
    first, again = (client.post(where, typed, follow=True) for _ in range(2))
    later = client.post(where, typed | {"form_token": ""}, follow=True)
    assert first.redirect_chain == again.redirect_chain == later.redirect_chain == [(address(row), 302)]
    assert "The note is kept." in text(first)
    assert "The note is kept." in text(again)
    assert Note.objects.get().noted_on == date(2026, 11, 12)


@pytest.mark.parametrize(
    ("field", "bad"),
    [
        ("number", "-1"), ("number", "1" + "0" * 30), ("number", "10^30"), ("number", "NaN"), ("number", "1.000,00"),
        ("number", "Infinity"), ("number", "1e3"), ("number", ""), ("number", "1.5"), ("goes_to", "waiting"),
        ("period", "2026-12-01"), ("period", "nonsense"), ("text", "a\x07b"), ("text", "Ring 01592 123456"),
        ("text", "x" * 1001), ("noted_on", "2027-01-01"), ("noted_on", "soon"), ("client_key", "x" * 41),
    ],
)  # fmt: skip
@pytest.mark.usefixtures("third")
def test_bad_input_is_refused_beside_its_field_and_stays_in_the_form(client, row, field, bad):
    typed = {"goes_to": "new_starts", "number": "2", "period": "2026-10-01", "text": "Two sisters."} | {field: bad}
    response = client.post(address(row, "note_add", "number"), typed)
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert "There is a problem" in text(response)
    if field != "text":
        assert "Two sisters." in text(response)
    assert not Note.objects.exists()


@pytest.mark.parametrize("content", [b"", samples.PDF, b"\xff\xd8 no picture", samples.png()])
@pytest.mark.usefixtures("third")
def test_a_disguised_photo_is_refused_and_what_it_shows_stays_typed(client, row, content, settings):
    typed = {"text": "A tea table.", "period": "2026-10-01"}
    where = address(row, "note_add", "photo")
    upload = SimpleUploadedFile("IMG_1.jpg", content, "image/jpeg")
    response = client.post(where, typed | {"photo": upload})
    assert "photo" in response.context["form"].errors
    assert "A tea table." in text(response)
    settings.MAX_UPLOAD_BYTES = 20
    assert "the largest file accepted" in text(client.post(where, typed | {"photo": photo()}))


@pytest.mark.usefixtures("third")
def test_a_photo_is_shown_to_members_bare_and_to_nobody_else(client, row):
    typed = {"text": "A tea table.", "period": "2026-10-01", "photo": photo()}
    assert client.post(address(row, "note_add", "photo"), typed).status_code == 302
    where = address(row, "note_photo", Note.objects.get().public_id)
    assert f'<img class="psp_note__photo" src="{where}" alt="A tea table."' in text(client.get(address(row)))
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    seen = client.get(where)
    assert seen["Content-Type"] == "image/jpeg"
    assert seen["Content-Disposition"].startswith("attachment")
    assert b"at home" not in b"".join(seen.streaming_content)
    client.force_login(PersonFactory())
    assert client.get(where).status_code == client.get(address(row)).status_code == 404
    client.logout()
    assert client.get(where).status_code == 302
    set_aside_note(note=Note.objects.get(), by=Note.objects.get().noted_by)
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    assert where not in text(client.get(address(row)))
    assert client.get(where).status_code == 404, "set aside: nobody looks at it any more"


def test_whoever_only_reads_is_offered_no_form(client, row, third):
    kept = starts(row, third)
    client.force_login(person_as(PartnershipRole.OBSERVER, row.partnership))
    page = text(client.get(address(row)))
    assert "New starts: 2" in page
    assert "Set aside" not in page
    assert "Add a note" not in page + text(client.get(reverse("home"))) + text(client.get(address(row, "pilot")))
    assert client.get(address(row, "note_add", "number")).status_code == 403
    assert client.post(address(row, "note_set_aside", kept.public_id)).status_code == 403
    assert client.get(address(row, "note_photo", kept.public_id)).status_code == 404


def test_a_note_is_set_aside_by_one_button(client, row, third):
    kept = starts(row, third)
    where = address(row, "note_set_aside", kept.public_id)
    assert f'action="{where}"' in text(client.get(address(row)))
    assert "The note is set aside." in text(client.post(where, follow=True))
    assert "was set aside already" in text(client.post(where))
    assert "Noted for this return" not in text(client.get(fill_in(row)))


@pytest.mark.usefixtures("third")
def test_an_unknown_kind_is_no_page(client, row):
    assert client.get(address(row, "note_add", "rumour")).status_code == 404


def test_the_short_form_shows_what_waits_and_brings_it_in_with_what_is_typed(client, row, third):
    starts(row, third)
    page = text(client.get(fill_in(row)))
    assert "Noted for this return" in page
    assert '<button type="submit" form="fill-in" name="bring_in"' in page
    typed = {name: str(value) for name, value in WHOLE.items()} | {"version": "1", "bring_in": "yes"}
    response = client.post(fill_in(row), typed, follow=True)
    assert "What could go in is in the draft for October 2026." in text(response)
    row.refresh_from_db()
    assert (row.new_starts, row.referrals, row.state) == (8, 12, "draft"), "8 are typed: the 2 may be among them"
    assert "The return says 8 there already. Say whether the 2 of this note is in it." in text(response)
    question = f"counting-{Note.objects.get().public_id}"
    assert f'type="radio" id="{question}-add" name="{question}" value="add" form="fill-in"' in text(response)
    again = client.post(fill_in(row), typed | {question: "add", "referrals": "no number"})
    assert 'value="add" form="fill-in" checked' in text(again)
    response = client.post(fill_in(row), typed | {question: "add", "version": str(row.version)}, follow=True)
    row.refresh_from_db()
    assert (row.new_starts, Note.objects.waiting().exists()) == (10, False)
    stale = client.post(fill_in(row), typed | {"referrals": "77"})
    assert "changed this" in text(stale)
    assert 'value="77"' in text(stale)
    read = client.get(reverse("pilots:return", args=[row.partnership.public_id, row.period]))
    assert "Notes it was made from" in text(read)
    assert "Used in the return for October 2026" in text(client.get(address(row)))


def test_the_full_form_brings_them_in_from_the_list_of_its_sections(client, row, third):
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    IndicatorFactory(partnership=row.partnership, code="S3", title="hours of company")
    add_note(
        partnership=row.partnership, kind="number", number=Decimal(4), goes_to="amount-S3", period=row.period, by=third
    )
    add_note(partnership=row.partnership, kind="lesson", text="Ring first.", period=row.period, by=third)
    assert "S3 hours of company: 4" in text(client.get(fill_in(row)))
    response = client.post(fill_in(row), {"bring_in": "yes", "version": "1"}, follow=True)
    assert response.redirect_chain == [(fill_in(row), 302)]
    row.refresh_from_db()
    assert (row.learned, row.entry().figures["S3"].amount) == ("Ring first.", 4)
    again = client.post(fill_in(row), {"bring_in": "yes", "version": str(row.version)})
    assert "No note waits for the return for October 2026." in text(again)


def test_the_full_form_asks_before_a_typed_figure_is_added_to(client, row, third):
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    save_draft(monthly_return=row, entry=Entry(new_starts=3), by=third)
    question = f"counting-{starts(row, third).public_id}"
    page = text(client.get(fill_in(row)))
    assert "The return says 3 there already." in page
    assert f'name="{question}" value="counted" form="bring-in"' in page
    assert re.search('<form[^>]* id="bring-in"', page)
    client.post(fill_in(row), {"bring_in": "yes", "version": "2", question: "counted"})
    row.refresh_from_db()
    assert (row.new_starts, Note.objects.waiting().exists()) == (3, False)


def test_what_stands_still_is_offered_marked_and_a_change_is_told(client, row, third):
    PilotPlan.objects.create(partnership=row.partnership, form="full", version=1)
    ReturnFactory(
        partnership=row.partnership, period=date(2026, 9, 1), submitted=True, submitted_by=third, volunteers=12,
        posts_funded=Decimal("3.5"),
    )  # fmt: skip
    staff = reverse("pilots:return_fill_in_section", args=[row.partnership.public_id, row.period, "staff"])
    page = client.get(staff)
    assert "From September 2026: 12. Change it if it is different." in text(page)
    assert 'name="volunteers" value="12"' in text(page)
    client.post(staff, {"version": "1", "save": "x", "volunteers": "14", "posts_funded": "3.5"})
    assert 'name="volunteers" value="14"' in text(client.get(staff))
    read = client.get(reverse("pilots:return", args=[row.partnership.public_id, row.period]))
    assert "Changed since September 2026" in text(read)
    assert "Volunteers: 14, was 12" in text(read)
    assert "Posts funded: 3.5, was" not in text(read)
    assert {"14", "12"} <= numbers_in(read)


def test_the_same_few_queries_for_1_3_and_300_notes(client, row, third):
    observer = person_as(PartnershipRole.OBSERVER, row.partnership)
    november = ReturnFactory(partnership=row.partnership, period=date(2026, 11, 1))
    counts = []
    for count in (1, 3, 300):
        Note.objects.bulk_create(
            Note(
                partnership=row.partnership, kind="quote", text="Sundays.", period=row.period, noted_by=third,
                noted_on=date(2026, 10, 3), **{"used_in": row, "used_at": clock.now()} if n % 2 else {},
            )
            for n in range(count - Note.objects.count())
        )  # fmt: skip
        with CaptureQueriesContext(connection) as queries:
            for who, pages in ((observer, [address(row)]), (third, [fill_in(row), fill_in(november)])):
                client.force_login(who)
                for page in pages:
                    assert client.get(page).status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
