"""The desk: anybody asks for a format or a language and gets a reference; staff see a dated task and settle it."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts import todo
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.delivery.models import MailState, OutboxMail
from foundation.policy.refusals import NotNow, NotPermitted
from lessons.actions.desk import ask_for_format, forget_details, forget_details_of, settle_request
from lessons.models import FormatRequest, LearningPoint, RequestState
from lessons.models.desk import DETAILS_KEPT_DAYS
from lessons.receipts import ON_THE_PAGE, receipts_of
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory
from tests.reading import text

pytestmark = pytest.mark.django_db
WANTED = {"wanted": "Polish", "name": "Ola", "email": "ola@example.org", "contact": ""}
SETTLED = {"state": "delivered", "supplier": "Words Ltd", "cost": Decimal("120.50"), "note": "Sent as a PDF."}


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def asked():
    return ask_for_format(row=LearningPointFactory(published=True), sender="192.0.2.1", **WANTED)


def test_s89_a_visitor_without_an_account_gets_a_reference_and_staff_a_dated_task(client, publisher, settings):
    settings.IDEA_LEAST_SECONDS = 0
    point = LearningPoint.objects.get(number=1)
    address = f"/lessons/formats/learning-point/{point.public_id}/ask/"
    assert address in text(client.get(point.get_absolute_url()))
    form = client.get(address).context["form"]
    sent = client.post(address, WANTED | {"wanted": "Gaelic", "started": form["started"].value()})
    asked = FormatRequest.objects.get()
    assert sent.url == f"/lessons/formats/asked/{asked.public_id}/"
    page = text(client.get(sent.url))
    assert asked.reference in page
    assert f"{asked.promised_on:%-d %B %Y}" in page
    assert "ola@example.org" not in page
    assert "Gaelic" not in page
    task = next(one for one in todo.of(publisher) if asked.reference in one.title)
    assert task.due_on == asked.promised_on
    assert not [one for one in todo.of(PersonFactory()) if asked.reference in one.title]
    client.force_login(publisher)
    assert "Gaelic" in text(client.get("/lessons/format-requests/"))
    assert "ola@example.org" in text(client.get(task.url))
    assert client.post(task.url, {"state": "delivered", "version": asked.version}).status_code == 302
    assert "Delivered" in text(client.get("/lessons/format-requests/"))


def test_ten_working_days_are_promised_over_holidays(monkeypatch):
    monkeypatch.setattr(clock, "today", lambda: date(2026, 11, 25))  # a Wednesday; Monday 30 November is a holiday
    asked = ask_for_format(row=LearningPointFactory(published=True), sender="192.0.2.1", **WANTED)
    assert asked.promised_on == date(2026, 12, 10)


def test_a_request_is_confirmed_by_mail_and_nothing_typed_enters_the_history(asked):
    mail = OutboxMail.objects.get()
    assert (mail.to_address, mail.kind) == ("ola@example.org", "answer")
    assert asked.reference in mail.subject
    event = AuditEvent.objects.get(action="format_request.ask")
    told = f"{event.summary} {event.before} {event.after} {event.reason}"
    assert "Ola" not in told
    assert "Polish" not in told


@pytest.mark.parametrize(("changed", "field"), [({"wanted": " "}, "wanted"), ({"email": "", "contact": " "}, "email")])
def test_a_request_says_what_is_wanted_and_how_to_answer(changed, field):
    with pytest.raises(ValidationError) as refused:
        ask_for_format(row=LearningPointFactory(published=True), sender="192.0.2.1", **WANTED | changed)
    assert field in refused.value.message_dict
    assert not FormatRequest.objects.exists()
    assert not OutboxMail.objects.exists()


def test_one_network_asks_a_few_times_a_day(settings):
    settings.IDEAS_A_DAY = 1
    point = LearningPointFactory(published=True)
    ask_for_format(row=point, sender="192.0.2.1", **WANTED)
    with pytest.raises(ValidationError, match="Today 1 requests came from your network"):
        ask_for_format(row=point, sender="192.0.2.1", **WANTED)
    assert ask_for_format(row=point, sender="192.0.2.2", **WANTED).number == 2


def test_settling_tells_who_asked_and_forgets_them(asked, publisher):
    settled = settle_request(request=asked, by=publisher, **SETTLED)
    assert (settled.name, settled.email, settled.contact) == ("", "", "")
    assert (settled.state, settled.cost, settled.settled_by) == (RequestState.DELIVERED, Decimal("120.50"), publisher)
    assert OutboxMail.objects.filter(to_address="ola@example.org").count() == 2
    assert AuditEvent.objects.filter(action="format_request.settle", outcome=Outcome.ALLOWED).count() == 1


def test_only_publishers_settle_and_once(asked, publisher):
    with pytest.raises(NotPermitted):
        settle_request(request=asked, by=PersonFactory(), **SETTLED)
    with pytest.raises(ValidationError, match="Choose whether"):
        settle_request(request=asked, by=publisher, **SETTLED | {"state": "waiting"})
    with pytest.raises(ValidationError, match="Say why"):
        settle_request(request=asked, by=publisher, **SETTLED | {"state": "declined", "note": ""})
    asked.refresh_from_db()
    assert (asked.state, asked.email, asked.version) == (RequestState.WAITING, "ola@example.org", 1)
    settle_request(request=asked, by=publisher, **SETTLED)
    with pytest.raises(NotNow, match="settled already"):
        settle_request(request=asked, by=publisher, **SETTLED)


def test_what_is_wrong_is_said_beside_the_field_and_nothing_typed_is_lost(client, settings):
    settings.IDEA_LEAST_SECONDS = 0
    point = LearningPointFactory(published=True)
    address = f"/lessons/formats/learning-point/{point.public_id}/ask/"
    started = client.get(address).context["form"]["started"].value()
    page = text(client.post(address, {"wanted": "", "email": "no", "contact": "Keep me", "started": started}))
    assert "Enter the format or language" in page
    assert "Keep me" in page
    assert not FormatRequest.objects.exists()
    trapped = text(client.post(address, WANTED | {"website": "x", "started": started}))
    assert "only machines see" in trapped
    assert client.get(address.replace("learning-point", "report")).status_code == 404


def test_the_register_is_for_publishers_and_asks_as_much_whatever_its_length(client, publisher):
    client.force_login(PersonFactory())
    assert client.get("/lessons/format-requests/").status_code == 403
    client.force_login(publisher)
    point, counts = LearningPointFactory(published=True), []
    for number in range(1, 61):
        settled = number % 2
        FormatRequest.objects.create(
            number=number, learning_point=point, wanted="Polish", promised_on=date(2026, 3, 2),
            state=RequestState.DELIVERED if settled else RequestState.WAITING,
            settled_on=date(2026, 3, 2) if settled else None, settled_by=publisher if settled else None,
        )  # fmt: skip
        if number in (2, 6, 60):
            with CaptureQueriesContext(connection) as queries:
                assert client.get("/lessons/format-requests/").status_code == 200
            counts.append(len(queries))
    assert len(set(counts)) == 1, counts
    assert "late" in text(client.get("/lessons/format-requests/"))


LATER = timedelta(days=DETAILS_KEPT_DAYS)


def test_who_asked_is_forgotten_when_nobody_settles_it_in_time(asked):
    with clock.at(asked.created_at + LATER):
        assert forget_details() == 0
    with clock.at(asked.created_at + LATER + timedelta(seconds=1)):
        assert forget_details() == 1
        assert forget_details() == 0
    asked.refresh_from_db()
    assert (asked.name, asked.email, asked.contact, asked.wanted) == ("", "", "", "Polish")
    assert (asked.state, asked.is_forgotten, asked.version) == (RequestState.WAITING, True, 2)
    event = AuditEvent.objects.get(action="format_request.forget")
    assert event.summary == f"deleted who asked for {asked.reference}: nobody settled it in 90 days"


def test_a_settled_request_has_nothing_left_to_forget(asked, publisher):
    settled = settle_request(request=asked, by=publisher, **SETTLED)
    assert forget_details_of(request=settled, by=None) is False
    with clock.at(asked.created_at + 2 * LATER):
        assert forget_details() == 0
    assert not AuditEvent.objects.filter(action="format_request.forget").exists()


def test_nothing_is_forgotten_by_halves(asked, monkeypatch):
    def fails(*_args, **_kwargs):
        raise RuntimeError

    monkeypatch.setattr("lessons.actions.desk.record", fails)
    with clock.at(asked.created_at + 2 * LATER), pytest.raises(RuntimeError):
        forget_details()
    asked.refresh_from_db()
    assert asked.email == "ola@example.org"


def test_a_forgotten_request_can_still_be_closed_and_tells_nobody(client, asked, publisher):
    with clock.at(asked.created_at + 2 * LATER):
        forget_details()
    client.force_login(publisher)
    register = text(client.get("/lessons/format-requests/"))
    assert "Deleted: nobody settled it in time" in register
    assert "ola@example.org" not in register
    assert "cannot be answered any more" in text(client.get(reverse("lessons:format_settle", args=[asked.public_id])))
    asked.refresh_from_db()
    settle_request(request=asked, by=publisher, **SETTLED | {"state": "declined"})
    assert OutboxMail.objects.count() == 1


def test_the_form_says_how_long_details_are_kept(client):
    point = LearningPointFactory(published=True)
    assert "never longer than 90 days" in text(client.get(f"/lessons/formats/learning-point/{point.public_id}/ask/"))


def test_the_register_says_when_each_was_acknowledged(client, asked, publisher):
    by_post = ask_for_format(
        row=asked.learning_point, sender="192.0.2.1", **WANTED | {"email": "", "contact": "1 High Street"}
    )
    assert receipts_of([asked, by_post]) == {asked.pk: "The mail is about to be sent", by_post.pk: ON_THE_PAGE}
    sent_at = datetime(2026, 7, 1, 9, 30, tzinfo=UTC)
    for changed, told in (
        ({"state": MailState.HELD}, "may or may not have arrived"),
        ({"state": MailState.DEAD}, "could not be sent"),
        ({"state": MailState.SENT, "sent_at": sent_at}, "By e-mail, 1 July 2026 at 10:30:00 BST"),
    ):
        OutboxMail.objects.filter(key=asked.receipt_key).update(**changed)
        assert told in receipts_of([asked])[asked.pk]
    client.force_login(publisher)
    for settled in (False, True):
        if settled:
            settle_request(request=asked, by=publisher, **SETTLED)
        assert "By e-mail, 1 July 2026 at 10:30:00 BST" in text(client.get("/lessons/format-requests/"))
