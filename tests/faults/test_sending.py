"""Sending under fault: nothing lost, nothing twice, and what is in doubt is held. Real processes, a real database."""

import signal
import subprocess

import pytest
from django.core.management import call_command

from foundation.delivery.models import MailState, OutboxMail
from tests.faults import trials
from tests.faults.portal import Portal, wait_for, write_mails
from tests.faults.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def portal(django_db_setup, tmp_path_factory):
    with Sink() as sink, Portal(sink, tmp_path_factory.mktemp("portal")) as running:
        yield running


def test_ten_kills_while_sending(portal):
    result = trials.kill_while_sending(portal, 10)
    assert result.passed, result
    assert result.hits >= 3, "too few kills met a mail in hand to prove anything"
    assert result.held <= 10, "a kill leaves at most the one mail in doubt that was being handed over"


def test_a_relay_that_sleeps_past_its_lease(portal):
    result = trials.pause_past_the_lease(portal, 2)
    assert result.passed, result
    assert result.hits
    assert result.held, "no pause fell into the moment of doubt"


def test_a_mail_server_that_refuses_delays_and_drops(portal):
    result = trials.mail_server_misbehaves(portal, 40)
    assert result.passed, result
    assert result.held == 10
    assert result.hits == 30, "six answers of eight are something else than yes"


def test_an_answer_that_no_relay_heard_is_no_hit(portal, monkeypatch):
    monkeypatch.setattr(portal.sink, "plan", lambda address, *answers: None)
    assert trials.mail_server_misbehaves(portal, 8).hits == 0


def test_five_empty_brokers(portal):
    result = trials.broker_is_emptied(portal, 5)
    assert result.passed, result
    assert result.hits == 5, "the bell did not ring, so emptying the broker proved nothing"
    assert result.held == 0


def test_the_command_itself_sends_once_and_stops_when_asked(portal, settings):
    settings.MAIL_URL = portal.sink.url
    mails = write_mails(3)
    call_command("relay", "--once")
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}
    endless = portal.start("manage.py", "relay", "--every", "30")
    try:
        more = write_mails(1)
        assert wait_for(lambda: portal.sink.arrived()[more[0].message_id] == 1, within=180)
        endless.send_signal(signal.SIGTERM)
        assert endless.wait(timeout=60) == 0
    except subprocess.TimeoutExpired:
        endless.kill()
        raise
    assert trials.balance("", 1, portal, mails + more).passed
