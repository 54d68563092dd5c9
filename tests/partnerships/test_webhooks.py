"""A partnership's webhooks: who adds, tries, removes and replays, when that is refused, and what the pages show."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.roles import PortalRole
from foundation.audit.models import AuditEvent, Outcome
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.webhooks import actions as bare
from foundation.webhooks.models import MessageState, Webhook, WebhookMessage
from foundation.webhooks.queue import drain
from partnerships.actions.pause import pause
from partnerships.actions.webhook import add_webhook, remove_webhook, replay_message, try_webhook
from partnerships.models import Partnership
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.foundation.receiver import receiving
from tests.reading import text

pytestmark = pytest.mark.django_db
R = PartnershipRole
LEADS = {R.PROJECT_LEAD, R.PUBLIC_LEAD, R.THIRD_SECTOR_LEAD}
ADDRESS = "https://chat.example/services/secret-part"


@pytest.fixture(autouse=True)
def _on(settings):
    settings.WEBHOOKS, settings.WEBHOOK_HOSTS = True, ["chat.example"]


@pytest.fixture
def here():
    return PartnershipFactory()


@pytest.fixture
def lead(here):
    return person_as(R.PUBLIC_LEAD, here)


def added(here, lead, **changes) -> Webhook:
    return add_webhook(**({"partnership": here, "name": "Team chat", "address": ADDRESS, "by": lead} | changes))


def message_of(webhook, state=MessageState.DEAD) -> WebhookMessage:
    return WebhookMessage.objects.create(
        webhook=webhook, action="decision.take", body="{}", state=state, attempts=3, last_error="No answer.",
        sent_at=clock.now() if state == MessageState.SENT else None,
        lease_until=clock.now() if state == MessageState.SENDING else None,
    )  # fmt: skip


# --- Adding ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", sorted(LEADS))
def test_each_lead_adds_one_that_is_told_what_happens_from_then_on(here, role):
    before = AuditEvent.objects.count()
    webhook = added(here, person_as(role, here))
    assert (webhook.scope, webhook.seen, webhook.removed_at) == (here.audit_scope, before, None)
    event = AuditEvent.objects.get(action="webhook.add")
    assert event.summary == "added the webhook “Team chat” to chat.example"
    assert "secret-part" not in str([event.summary, event.after, event.object_name])


@pytest.mark.parametrize("role", sorted(set(R) - LEADS))
def test_no_other_role_may_add_one(here, role):
    with pytest.raises(NotPermitted, match="keep the webhooks"):
        added(here, person_as(role, here))
    assert not Webhook.objects.exists()


def test_while_they_are_switched_off_none_is_added_and_the_refusal_is_recorded(here, lead, settings):
    settings.WEBHOOKS = False
    with pytest.raises(NotNow, match="switched off"):
        added(here, lead)
    assert not Webhook.objects.exists()
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_five_are_the_most(here, lead):
    hooks = [added(here, lead, name=f"Chat {n}") for n in range(5)]
    with pytest.raises(NotNow, match="5 webhooks, which is the most"):
        added(here, lead)
    remove_webhook(partnership=here, webhook=hooks[0], by=lead)
    assert added(here, lead)


@pytest.mark.parametrize(
    ("field", "changes"),
    [
        ("address", {"address": "https://evil.example/"}),
        ("address", {"address": "http://chat.example/"}),
        ("address", {"address": "https://169.254.169.254/latest/meta-data/"}),
        ("name", {"name": "  "}),
    ],
)
def test_a_value_that_is_no_good_is_said_beside_its_field_and_nothing_is_left(here, lead, field, changes):
    with pytest.raises(ValidationError) as caught:
        added(here, lead, **changes)
    assert list(caught.value.message_dict) == [field]
    assert not Webhook.objects.exists()
    assert not AuditEvent.objects.exists()


# --- Trying, removing, replaying ---------------------------------------------------------------------------------


def test_a_test_is_a_message_that_says_so(here, lead):
    message = try_webhook(partnership=here, webhook=added(here, lead), by=lead)
    assert "This is a test of the webhook." in message.body
    assert (message.state, message.event) == (MessageState.PENDING, None)
    assert AuditEvent.objects.filter(action="webhook.try", outcome=Outcome.ALLOWED).count() == 1


def test_removing_ends_it_at_once_and_keeps_the_log(here, lead):
    webhook = added(here, lead)
    waiting, sent = message_of(webhook, MessageState.PENDING), message_of(webhook, MessageState.SENT)
    remove_webhook(partnership=here, webhook=webhook, by=lead)
    waiting.refresh_from_db()
    sent.refresh_from_db()
    assert (waiting.state, waiting.last_error) == (MessageState.DEAD, "The webhook was removed before.")
    assert sent.state == MessageState.SENT
    assert AuditEvent.objects.get(action="webhook.remove").after == {"not_sent": 1}
    pause(partnership=here, reason="Staff", by=lead)
    assert drain() == 0
    assert WebhookMessage.objects.count() == 2


@pytest.mark.parametrize("state", [MessageState.SENT, MessageState.DEAD])
def test_what_is_settled_is_sent_again_as_it_was(here, lead, state):
    message = message_of(added(here, lead), state)
    replay_message(partnership=here, message=message, by=lead)
    message.refresh_from_db()
    assert (message.state, message.attempts, message.sent_at, message.last_error) == ("pending", 0, None, "")
    assert AuditEvent.objects.get(action="webhook.replay").before == {"state": state}


@pytest.mark.parametrize("state", [MessageState.PENDING, MessageState.SENDING])
def test_what_is_under_way_is_not_sent_a_second_time(here, lead, state):
    message = message_of(added(here, lead), state)
    with pytest.raises(NotNow, match="under way"):
        replay_message(partnership=here, message=message, by=lead)
    message.refresh_from_db()
    assert (message.state, message.attempts) == (state, 3)


@pytest.mark.parametrize("verb", ["try", "remove", "replay"])
def test_of_one_that_was_removed_nothing_is_asked_any_more(here, lead, verb):
    webhook = added(here, lead)
    message = message_of(webhook)
    remove_webhook(partnership=here, webhook=webhook, by=lead)
    asked = {
        "try": lambda: try_webhook(partnership=here, webhook=webhook, by=lead),
        "remove": lambda: remove_webhook(partnership=here, webhook=webhook, by=lead),
        "replay": lambda: replay_message(partnership=here, message=message, by=lead),
    }
    with pytest.raises(NotNow, match="was removed"):
        asked[verb]()
    assert AuditEvent.objects.filter(action=f"webhook.{verb}", outcome=Outcome.REFUSED).count() == 1


@pytest.mark.parametrize("verb", ["try", "replay"])
def test_while_they_are_switched_off_nothing_is_put_into_the_queue_and_removing_still_works(here, lead, settings, verb):
    webhook = added(here, lead)
    message = message_of(webhook)
    settings.WEBHOOKS = False
    asked = {
        "try": lambda: try_webhook(partnership=here, webhook=webhook, by=lead),
        "replay": lambda: replay_message(partnership=here, message=message, by=lead),
    }
    with pytest.raises(NotNow, match="switched off"):
        asked[verb]()
    assert WebhookMessage.objects.get().state == MessageState.DEAD
    remove_webhook(partnership=here, webhook=webhook, by=lead)


@pytest.mark.parametrize("verb", ["try", "remove", "replay"])
def test_nobody_but_a_lead_tries_removes_or_replays(here, lead, verb):
    webhook, other = added(here, lead), person_as(R.PARTNER_MANAGER, here)
    message = message_of(webhook)
    asked = {
        "try": lambda: try_webhook(partnership=here, webhook=webhook, by=other),
        "remove": lambda: remove_webhook(partnership=here, webhook=webhook, by=other),
        "replay": lambda: replay_message(partnership=here, message=message, by=other),
    }
    with pytest.raises(NotPermitted):
        asked[verb]()
    webhook.refresh_from_db()
    message.refresh_from_db()
    assert (webhook.removed_at, message.state) == (None, MessageState.DEAD)


# --- From the page to a real receiver, and back ------------------------------------------------------------------


def test_a_lead_adds_one_and_a_pause_arrives_there(client, here, lead, settings):
    client.force_login(lead)
    with receiving() as receiver:
        settings.WEBHOOK_HOSTS, settings.WEBHOOKS_ON_LOOPBACK = ["localhost"], True
        add = reverse("partnerships:webhook_add", args=[here.public_id])
        shown = text(client.post(add, {"name": "Team chat", "address": receiver.address}))
        assert "whsec_" in shown
        assert "Copy it now" in shown
        pause(partnership=here, reason="Staff", by=lead)
        drain()
        assert "The partnership was paused." in receiver.bodies[0]
    page = text(client.get(reverse("partnerships:webhooks", args=[here.public_id])))
    assert "Accepted" in page
    assert "The partnership was paused." in page
    assert "partnership.pause," in page
    assert "whsec_" not in page
    assert "/hook" not in page.replace("/webhooks/", "")  # the address is a key: only its host is shown


def test_the_form_says_what_is_wrong_beside_the_field(client, here, lead):
    client.force_login(lead)
    add = reverse("partnerships:webhook_add", args=[here.public_id])
    page = text(client.post(add, {"name": "Chat", "address": "https://evil.example/x"}))
    assert "The portal does not send to evil.example" in page


def test_the_buttons_ask_first_and_then_do_it(client, here, lead):
    client.force_login(lead)
    webhook = added(here, lead)
    message = message_of(webhook)
    for name, key in (("webhook_replay", message), ("webhook_test", webhook), ("webhook_remove", webhook)):
        where = reverse(f"partnerships:{name}", args=[here.public_id, key.public_id])
        assert "?</h2>" in text(client.get(where))
        assert client.post(where, {}).status_code == 302
    webhook.refresh_from_db()
    assert webhook.removed_at is not None
    assert "was removed" in text(client.post(where, {}))


def test_another_partnerships_webhook_is_not_found(client, here, lead):
    other = PartnershipFactory()
    webhook = added(other, person_as(R.PUBLIC_LEAD, other))
    message = message_of(webhook)
    client.force_login(lead)
    for name, key in (("webhook_replay", message), ("webhook_test", webhook), ("webhook_remove", webhook)):
        assert client.post(reverse(f"partnerships:{name}", args=[here.public_id, key.public_id])).status_code == 404


def test_the_page_says_so_when_they_are_switched_off(client, here, lead, settings):
    settings.WEBHOOKS = False
    client.force_login(lead)
    page = text(client.get(reverse("partnerships:webhooks", args=[here.public_id])))
    assert "Webhooks are switched off" in page
    assert "Add a webhook" not in page


@pytest.fixture
def operator():
    return PersonFactory(portal_role=PortalRole.ADMINISTRATOR)


def test_an_operator_sees_all_of_them_sends_again_and_removes(client, here, lead, operator):
    webhook = added(here, lead)
    failed = message_of(webhook)
    message_of(webhook, MessageState.SENT)
    client.force_login(operator)
    page = text(client.get(reverse("webhooks")))
    assert "Team chat" in page
    assert "Accepted" in page
    assert "Accepted" not in text(client.get(reverse("webhooks") + "?state=dead"))
    client.post(reverse("webhook_replay", args=[failed.public_id]))
    failed.refresh_from_db()
    assert failed.state == MessageState.PENDING
    assert "under way" in text(client.post(reverse("webhook_replay", args=[failed.public_id]), follow=True))
    client.post(reverse("webhook_remove", args=[webhook.public_id]))
    webhook.refresh_from_db()
    assert webhook.removed_at is not None


def test_nobody_else_reaches_the_operators_page(client, lead):
    client.force_login(lead)
    assert client.get(reverse("webhooks")).status_code == 403


def test_both_pages_take_the_same_queries_however_much_was_sent(client, here, lead, operator):
    webhook, counts = added(here, lead), {lead: [], operator: []}
    for more in (1, 2, 40):
        for _ in range(more):
            message_of(webhook)
        mine = reverse("partnerships:webhooks", args=[here.public_id])
        for person, where in ((lead, mine), (operator, "/webhooks/")):
            client.force_login(person)
            client.get(where)
            with CaptureQueriesContext(connection) as caught:
                client.get(where)
            counts[person].append(len(caught))
    assert all(one == two == three <= 14 for one, two, three in counts.values()), counts


def test_the_bare_action_keeps_the_same_rules_for_operators(here, operator):
    webhook = bare.add_webhook(about=here, name="Chat", address=ADDRESS, by=operator)
    bare.remove_webhook(webhook=webhook, by=operator)
    with pytest.raises(NotNow, match="was removed"):
        bare.remove_webhook(webhook=webhook, by=operator)
    assert Partnership.objects.get() == here
