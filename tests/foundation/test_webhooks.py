"""From the history to a real receiver: each event once, signed, in order, tried again, and never lost."""

import hashlib
import hmac
import json
import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from foundation.audit.events import record
from foundation.audit.models import Outcome
from foundation.database import clock
from foundation.webhooks.models import MessageState, Webhook, WebhookMessage
from foundation.webhooks.queue import WAITS, claim, deliver, drain, forget, release_expired, wait_before, write_new
from foundation.webhooks.signing import secret_of
from partnerships.models import Partnership
from psp_portal.management.commands import relay
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory
from tests.foundation.receiver import closed_port, receiving

pytestmark = pytest.mark.django_db
SHIPPED = (settings.WEBHOOKS, settings.WEBHOOK_HOSTS, settings.WEBHOOKS_ON_LOOPBACK)  # read before any test changes it


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture(autouse=True)
def _on(settings):
    settings.WEBHOOKS, settings.WEBHOOK_HOSTS, settings.WEBHOOKS_ON_LOOPBACK = True, ["localhost"], True


def hook(address: str, partnership=None) -> Webhook:
    partnership = partnership or PartnershipFactory()
    return Webhook.objects.create(
        scope=partnership.audit_scope, name="Chat", address=address, made_by=PersonFactory(), seen=0
    )


def happens(webhook: Webhook, action="partnership.pause", **more):
    """Something that the partnership's story tells of."""
    partnership = Partnership.objects.get(public_id=webhook.scope.partition(":")[2])
    return record(action, on=partnership, by=webhook.made_by, summary="paused it", reason="A private matter", **more)


def due_now() -> None:
    WebhookMessage.objects.filter(state=MessageState.PENDING).update(next_try_at=None)


def test_an_event_arrives_once_signed_and_says_nothing_of_who_or_why(receiver, settings):
    webhook = hook(receiver.address)
    happens(webhook)
    assert drain() == 1
    assert drain() == 0
    ((headers, body),) = receiver.got
    told = json.loads(body)
    title = Partnership.objects.get().title
    assert (told["event"], told["about"]) == ("partnership.pause", title)
    assert told["text"] == f"{title}: The partnership was paused. {told['url']}"
    assert told["url"].startswith(f"{settings.SITE_URL}/partnerships/")
    assert str(webhook.made_by) not in body
    assert "private matter" not in body
    seconds, signed = re.fullmatch(r"t=(\d+),v1=([0-9a-f]{64})", headers["Portal-Signature"]).groups()
    secret = secret_of(settings.SECRET_KEY, webhook.public_id)
    assert hmac.new(secret.encode(), f"{seconds}.{body}".encode(), hashlib.sha256).hexdigest() == signed
    message = WebhookMessage.objects.get()
    assert headers["Portal-Message"] == message.public_id
    assert (message.state, message.answer, message.attempts) == (MessageState.SENT, 200, 1)


def test_only_what_the_story_tells_goes_out_and_no_refusal(receiver):
    webhook = hook(receiver.address)
    happens(webhook, "budget.change")
    happens(webhook, outcome=Outcome.REFUSED)
    assert write_new() == 0
    webhook.refresh_from_db()
    assert webhook.seen == 2


def test_another_partnerships_events_are_not_told(receiver):
    webhook, other = hook(receiver.address), hook(receiver.address)
    other.removed_at = clock.now()
    other.save()
    happens(other)
    assert write_new() == 0
    happens(webhook)
    assert write_new() == 1


def test_events_arrive_in_the_order_in_which_they_happened(receiver):
    webhook = hook(receiver.address)
    for action in ("partnership.pause", "partnership.resume", "partnership.pause"):
        happens(webhook, action)
    drain()
    assert [json.loads(body)["event"].split(".")[1] for body in receiver.bodies] == ["pause", "resume", "pause"]


def test_switched_off_nothing_is_sent_and_not_one_query_is_made(receiver, settings):
    happens(hook(receiver.address))
    settings.WEBHOOKS = False
    with CaptureQueriesContext(connection) as caught:
        assert drain() == 0
    assert len(caught) == 0
    assert receiver.got == []


def test_the_switch_is_off_unless_the_environment_turns_it():
    assert SHIPPED == (False, [], False)


def test_a_receiver_that_fails_gets_it_again_with_the_same_number(receiver):
    receiver.answers = [503, 200]
    happens(hook(receiver.address))
    before = clock.database_now()
    drain()
    message = WebhookMessage.objects.get()
    assert (message.state, message.answer) == (MessageState.PENDING, 503)
    assert message.next_try_at - before > timedelta(seconds=40)
    assert message.next_try_at - clock.database_now() <= timedelta(seconds=75)
    assert drain() == 0  # not before its time
    due_now()
    drain()
    message.refresh_from_db()
    assert (message.state, message.attempts, message.last_error) == (MessageState.SENT, 2, "")
    assert len({headers["Portal-Message"] for headers, _ in receiver.got}) == 1
    assert len(set(receiver.bodies)) == 1


def test_a_silent_receiver_holds_up_nobody_else(receiver):
    silent, other = hook(f"http://localhost:{closed_port()}/"), hook(receiver.address)
    for _ in range(3):
        happens(silent)
    happens(other)
    assert drain() == 2  # one try for the silent one, the others wait with it
    assert len(receiver.got) == 1
    assert WebhookMessage.objects.filter(webhook=silent, state=MessageState.PENDING, attempts=0).count() == 2


def test_after_a_day_of_tries_it_is_given_up():
    happens(hook(f"http://localhost:{closed_port()}/"))
    write_new()
    WebhookMessage.objects.update(attempts=len(WAITS))
    drain()
    message = WebhookMessage.objects.get()
    assert message.state == MessageState.DEAD
    assert "No answer" in message.last_error


def test_the_waits_grow_to_four_hours_and_make_about_a_day():
    assert [int(wait.total_seconds() // 60) for wait in WAITS[:4]] == [1, 2, 4, 8]
    assert timedelta(hours=20) < sum(WAITS, timedelta()) < timedelta(hours=28)
    assert wait_before(len(WAITS) + 1) is None
    for attempt, wait in enumerate(WAITS, 1):
        assert wait * 0.75 <= wait_before(attempt) <= wait * 1.25


@pytest.mark.parametrize("status", [404, 410, 302])
def test_a_no_is_final_and_stays_in_the_log(receiver, status):
    receiver.answers = [status]
    happens(hook(receiver.address))
    drain()
    message = WebhookMessage.objects.get()
    assert (message.state, message.answer, message.attempts) == (MessageState.DEAD, status, 1)


def test_a_process_that_dies_loses_nothing_and_a_late_one_changes_nothing(receiver):
    happens(hook(receiver.address))
    write_new()
    abandoned = claim()
    assert claim() is None
    assert release_expired() == 0  # its lease runs
    WebhookMessage.objects.update(lease_until=clock.database_now() - timedelta(seconds=1))
    assert release_expired() == 1
    drain()  # at once: the receiver is not to blame
    assert WebhookMessage.objects.get().state == MessageState.SENT
    receiver.answers = [500]
    deliver(abandoned)  # it wakes up after all: what it writes is not its to write
    assert WebhookMessage.objects.get().state == MessageState.SENT


def test_what_was_in_hand_when_its_webhook_was_removed_is_not_tried_again(receiver):
    webhook = hook(receiver.address)
    happens(webhook)
    write_new()
    claim()
    Webhook.objects.update(removed_at=clock.now())
    WebhookMessage.objects.update(lease_until=clock.database_now() - timedelta(seconds=1))
    assert drain() == 0
    message = WebhookMessage.objects.get()
    assert (message.state, message.last_error) == (MessageState.DEAD, "The webhook was removed before.")
    assert receiver.got == []


def test_with_nothing_new_the_search_takes_one_query_for_any_number_of_webhooks(receiver):
    hooks = [hook(receiver.address) for _ in range(20)]
    with CaptureQueriesContext(connection) as caught:
        assert write_new() == 0
    assert len(caught) == 1
    happens(hooks[7])
    assert write_new() == 1


def test_two_writers_make_one_message_of_each_event(receiver):
    webhook = hook(receiver.address)
    happens(webhook)
    assert write_new() == 1
    Webhook.objects.update(seen=0)  # as if the first writer's number had been lost
    with pytest.raises(IntegrityError), transaction.atomic():
        write_new()
    assert WebhookMessage.objects.count() == 1


def test_relay_sends_without_a_broker(receiver, monkeypatch):
    monkeypatch.setattr(relay, "close_old_connections", lambda: None)  # it would close this test's own transaction
    happens(hook(receiver.address))
    call_command("relay", "--once")
    assert len(receiver.got) == 1


def test_what_is_settled_is_forgotten_after_ninety_days_and_what_waits_is_not():
    webhook = hook("https://chat.example/")
    old = clock.now() - timedelta(days=91)
    for state, sent in ((MessageState.SENT, old), (MessageState.DEAD, None), (MessageState.PENDING, None)):
        WebhookMessage.objects.create(webhook=webhook, action="x", body="{}", state=state, sent_at=sent, created_at=old)
    WebhookMessage.objects.create(webhook=webhook, action="x", body="{}", state=MessageState.DEAD)
    assert forget() == 2
    assert sorted(WebhookMessage.objects.values_list("state", flat=True)) == ["dead", "pending"]
