"""Sending under fault: nothing lost, nothing twice, and what is in doubt is held. Real processes, a real database."""

import signal
import subprocess

import pytest

from foundation.delivery.models import MailState, OutboxMail
from tests.faults import trials
from tests.faults.portal import Portal, wait_for, write_mails
from tests.faults.sink import Sink

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(scope="module")
def portal(django_db_setup, tmp_path_factory):
    with Sink() as sink, Portal(sink, tmp_path_factory.mktemp("portal")) as running:
        yield running


def test_twenty_kills_while_sending(portal):
    result = trials.kill_while_sending(portal, 20)
    assert result.passed, result
    assert result.hits >= 5, "too few kills met a mail in hand to prove anything"
    assert result.held <= 20


def test_a_relay_that_sleeps_past_its_lease(portal):
    result = trials.pause_past_the_lease(portal, 4)
    assert result.passed, result
    assert result.hits
    assert result.held, "no pause fell into the moment of doubt"


def test_a_mail_server_that_refuses_delays_and_drops(portal):
    result = trials.mail_server_misbehaves(portal, 40)
    assert result.passed, result
    assert result.held == 10


def test_twenty_empty_brokers(portal):
    result = trials.broker_is_emptied(portal, 20)
    assert result.passed, result
    assert result.hits == 20, "the bell did not ring, so emptying the broker proved nothing"
    assert result.held == 0


def test_the_command_itself_sends_once_and_stops_when_asked(portal):
    mails = write_mails(3)
    once = portal.start("manage.py", "relay", "--once")
    assert once.wait(timeout=60) == 0
    assert set(OutboxMail.objects.values_list("state", flat=True)) == {MailState.SENT}
    endless = portal.start("manage.py", "relay", "--every", "30")
    try:
        more = write_mails(1)
        assert wait_for(lambda: portal.sink.arrived()[more[0].message_id] == 1, within=30)
        endless.send_signal(signal.SIGTERM)
        assert endless.wait(timeout=10) == 0
    except subprocess.TimeoutExpired:
        endless.kill()
        raise
    assert trials.balance("", 1, portal, mails + more).passed
