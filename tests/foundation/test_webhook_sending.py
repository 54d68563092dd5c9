"""One request at a time, to a real HTTP server on this machine."""

import pytest

from foundation.webhooks import sending
from foundation.webhooks.sending import Never, NotYet, send
from tests.foundation.receiver import closed_port, receiving


@pytest.fixture
def receiver():
    with receiving() as one:
        yield one


@pytest.fixture(autouse=True)
def _trial(settings):
    settings.WEBHOOK_HOSTS, settings.WEBHOOKS_ON_LOOPBACK = ["localhost"], True


def test_what_is_sent_arrives_as_it_was_with_its_headers(receiver):
    assert send(receiver.address, '{"text": "Café"}', {"Portal-Event": "decision.take"}) == 200
    ((headers, body),) = receiver.got
    assert body == '{"text": "Café"}'
    assert headers["Portal-Event"] == "decision.take"
    assert headers["Host"] == f"localhost:{receiver.port}"


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_kind_of_yes_is_a_yes(receiver, status):
    receiver.answers = [status]
    assert send(receiver.address, "{}", {}) == status


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_later_means_later(receiver, status):
    receiver.answers = [status]
    with pytest.raises(NotYet, match=str(status)) as caught:
        send(receiver.address, "{}", {})
    assert not isinstance(caught.value, Never)
    assert caught.value.answer == status


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410])
def test_no_means_no(receiver, status):
    receiver.answers = [status]
    with pytest.raises(Never, match=str(status)):
        send(receiver.address, "{}", {})


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(receiver, status):
    receiver.answers = [status]
    with pytest.raises(Never, match="follows no redirect"):
        send(receiver.address, "{}", {})
    assert len(receiver.got) == 1


def test_nobody_there_is_tried_again():
    with pytest.raises(NotYet, match="No answer: ConnectionRefusedError") as caught:
        send(f"http://localhost:{closed_port()}/", "{}", {})
    assert not isinstance(caught.value, Never)


def test_an_answer_that_trickles_in_for_ever_is_cut_off(receiver, monkeypatch):
    monkeypatch.setattr(sending, "ALL_SECONDS", 0.3)
    receiver.trickles = True
    with pytest.raises(NotYet, match="No answer"):
        send(receiver.address, "{}", {})


def test_without_the_setting_this_machine_is_never_called(receiver, settings):
    settings.WEBHOOKS_ON_LOOPBACK = False
    for address in (receiver.address, f"https://localhost:{receiver.port}/", "https://localhost/"):
        with pytest.raises(Never):
            send(address, "{}", {})
    assert receiver.got == []


def test_a_host_taken_off_the_list_gets_nothing_any_more(receiver, settings):
    settings.WEBHOOK_HOSTS = []
    with pytest.raises(Never, match="does not send to localhost"):
        send(receiver.address, "{}", {})
    assert receiver.got == []


def test_a_certificate_that_is_no_good_is_refused(receiver):
    """The server speaks no TLS at all: with https nothing of the message reaches it."""
    with pytest.raises(NotYet, match="SSL"):
        send(receiver.address.replace("http:", "https:"), "{}", {})
    assert receiver.got == []


def test_a_message_that_is_too_large_is_not_sent(receiver):
    with pytest.raises(Never, match="too large"):
        send(receiver.address, "x" * (64 * 1024 + 1), {})
    assert receiver.got == []
