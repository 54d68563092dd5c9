"""The deadline second, with real threads on the real engine: no accepted bid is lost, no late one is in.

Each round sets a deadline a moment ahead; eleven bidders send around it while a twelfth thread closes. On SQLite the
threads work on a file with the portal's own settings, because the test database lives in memory and its threads would
share one connection's locks.
"""

import random
import threading
import time
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, connections

from foundation.database import clock
from foundation.policy.refusals import NotNow
from procurement.actions.publication import close
from procurement.lifecycle import TenderState
from procurement.models import Bid, Bidder, Tender
from tests.factories.procurement import open_tender

BIDDERS = 11
WANTED, MOST_ROUNDS = {"accepted": 20, "refused": 10}, 100  # on an idle machine the first dozen rounds bring these
AHEAD = timedelta(seconds=0.35)


@contextmanager
def database_for_threads(tmp_path):
    """PostgreSQL: the test database itself. SQLite: a copy of it in a file."""
    if connection.vendor == "postgresql":
        yield
        return
    import sqlite3

    path = tmp_path / "race.sqlite3"
    connection.ensure_connection()
    with sqlite3.connect(path) as copy:
        connection.connection.backup(copy)
    copy.close()
    settings = connections.settings["default"]
    name, settings["NAME"] = settings["NAME"], str(path)
    try:
        yield
    finally:
        settings["NAME"] = name


def in_threads(*works):
    """Run each in a thread with a connection of its own; what any of them raises is raised here."""
    faults = []

    def run(work):
        try:
            work()
        except BaseException as fault:  # noqa: BLE001  raised again below
            faults.append(fault)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=[work]) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]


def one_round(tender_id, bidder_ids, dice, tally, ahead):
    from procurement.actions.bid import submit_bid

    deadline = clock.database_now() + ahead
    Tender.objects.filter(pk=tender_id).update(state=TenderState.OPEN, closed_at=None, deadline_at=deadline)
    Bid.objects.all().delete()
    accepted, refused, in_the_opening_set = [], [], set()
    start = time.monotonic()

    def send(bidder_id, after):
        bidder = Bidder.objects.select_related("tender__partnership", "contact").get(pk=bidder_id)
        time.sleep(max(0, start + after - time.monotonic()))
        try:
            accepted.append(submit_bid(bidder=bidder, by=bidder.contact).pk)
        except NotNow:
            refused.append(bidder_id)

    def shut():
        tender = Tender.objects.get(pk=tender_id)
        while True:
            try:
                close(tender=tender, by=None)
                break
            except NotNow:
                time.sleep(0.002)
        in_the_opening_set.update(Bid.objects.values_list("pk", flat=True))

    spread = [dice.uniform(0, ahead.total_seconds() * 1.15) for _ in bidder_ids]
    works = [lambda b=b, s=s: send(b, s) for b, s in zip(bidder_ids, spread, strict=True)]
    in_threads(shut, *works)
    assert set(accepted) == in_the_opening_set == set(Bid.objects.values_list("pk", flat=True))
    assert not Bid.objects.filter(received_at__gt=deadline).exists()
    assert len(accepted) + len(refused) == BIDDERS
    tally["accepted"] += len(accepted)
    tally["refused"] += len(refused)


@pytest.mark.django_db(transaction=True)
def test_every_accepted_bid_is_in_the_opening_set_and_none_is_late(tmp_path):
    story = open_tender()
    for _ in range(BIDDERS):
        story.bid()
    ids = [bidder.pk for bidder in story.bidders]
    tally = {"accepted": 0, "refused": 0}
    dice = random.Random(4)

    def race():
        ahead = AHEAD
        for _ in range(MOST_ROUNDS):
            before = dict(tally)
            one_round(story.tender.pk, ids, dice, tally, ahead)
            if all(tally[what] >= number for what, number in WANTED.items()):
                return
            if tally["accepted"] == before["accepted"]:  # a busy machine: the deadline came before anybody could send
                ahead *= 2

    with database_for_threads(tmp_path):
        in_threads(race)
    assert all(tally[what] >= number for what, number in WANTED.items()), tally
