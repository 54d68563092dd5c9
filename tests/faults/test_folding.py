"""Folding under fault: relays are killed while they sort and send. Every message is told once, or its mail is held."""

import random
import re
import time
from collections import Counter
from collections.abc import Callable

import pytest

from foundation.delivery import kinds
from foundation.delivery.models import IN_HAND, TO_SORT, MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory
from tests.faults.portal import Portal, wait_for
from tests.faults.sink import Sink
from tests.reading import plain

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

PEOPLE, EACH, MOST = 150, 4, 3
MOST_KILLS, ENOUGH = 12, 2


@pytest.fixture
def portal(settings, monkeypatch, tmp_path):
    settings.MAILS_A_DAY = MOST
    monkeypatch.setenv("MAILS_A_DAY", str(MOST))
    with Sink() as sink, Portal(sink, tmp_path) as running:
        yield running


def test_relays_are_killed_while_they_fold(portal):
    people = PersonFactory.create_batch(PEOPLE, organisation=None)
    for number in range(EACH):
        for person in people:
            enqueue(
                kind="reminder", key=f"fold:{person.pk}:{number}", to=person, subject=f"Report {number}", why="Yours.",
                template="emails/partnerships/deadline", context={"title": "Report", "path": f"/{person.pk}-{number}/"},
            )  # fmt: skip
    killed_when(portal, lambda: OutboxMail.objects.filter(state=MailState.FOLDED).exists(), at_most=0.0)
    assert left(TO_SORT), "the first kill came too late: everything was sorted"
    portal.sink.pause, met_in_hand = 0.03, 0
    for _ in range(MOST_KILLS):
        begun = len(portal.sink.messages)
        killed_when(portal, lambda begun=begun: len(portal.sink.messages) > begun, at_most=0.1)
        met_in_hand += left(IN_HAND)
        if met_in_hand >= ENOUGH:
            break
    portal.sink.pause = 0.0
    assert met_in_hand >= ENOUGH, f"of {MOST_KILLS} kills only {met_in_hand} met a mail in hand"
    with portal.relays(2):
        assert wait_for(settled, within=120)

    digests = list(OutboxMail.objects.filter(kind=kinds.DIGEST))
    assert Counter(digest.to_id for digest in digests) == {person.pk: 1 for person in people}
    assert {digest.state for digest in digests} <= {MailState.SENT, MailState.HELD}
    assert set(OutboxMail.objects.filter(kind="reminder").values_list("state", flat=True)) == {MailState.FOLDED}
    arrived = portal.sink.arrived()
    assert set(arrived.values()) == {1}, "a mail came twice"
    assert all(arrived[digest.message_id] == 1 for digest in digests if digest.state == MailState.SENT)
    told = Counter(link for message in portal.sink.messages for link in re.findall(r"/\d+-\d+/", plain(message)))
    assert set(told.values()) == {1}, "a message was told twice"
    assert len(told) == EACH * len(arrived)


def killed_when(portal: Portal, condition: Callable[[], bool], *, at_most: float) -> None:
    """Two relays work until it is so, and at most so many seconds longer; then both are killed."""
    pids = [portal.relay(), portal.relay()]
    assert wait_for(condition, within=30, every=0.005)
    time.sleep(random.uniform(0, at_most))
    for pid in pids:
        portal.kill(pid)


def settled() -> bool:
    """Whether every mail's fate is known; what waits for its next try need not wait in a test."""
    OutboxMail.objects.filter(state=MailState.PENDING).exclude(next_try_at=None).update(next_try_at=None)
    return not left((*TO_SORT, MailState.PENDING, *IN_HAND))


def left(states: tuple[MailState, ...]) -> bool:
    return OutboxMail.objects.filter(state__in=states).exists()
