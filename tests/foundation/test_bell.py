"""Many bells in one go ring once, at the end, also when what rang them failed."""

from contextlib import contextmanager

import pytest

from foundation.delivery import bell


class Broker:
    """Stands where Celery's app stands, and counts."""

    def __init__(self):
        self.rung = []

    @contextmanager
    def connection_for_write(self, **options):
        yield self

    def send_task(self, task, arguments, **options):
        self.rung.append((task, *arguments))


@pytest.fixture
def broker(monkeypatch):
    found = Broker()
    monkeypatch.setattr(bell, "current_app", found)
    monkeypatch.setattr(bell, "_quiet_until", 0.0)
    return found


def test_outside_each_rings(broker):
    bell.ring("deliver")
    bell.ring("deliver")
    assert broker.rung == [("deliver",), ("deliver",)]


def test_inside_each_kind_rings_once_at_the_end(broker):
    with bell.one_ring():
        for _ in range(1000):
            bell.ring("deliver")
        bell.ring("render", "one")
        assert broker.rung == []
    assert broker.rung == [("deliver",), ("render", "one")]


def test_what_was_written_before_a_failure_rings_all_the_same(broker):
    def half() -> None:
        with bell.one_ring():
            bell.ring("deliver")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half()
    assert broker.rung == [("deliver",)]
    bell.ring("deliver")
    assert len(broker.rung) == 2


def test_nothing_rings_for_nothing(broker):
    with bell.one_ring():
        pass
    assert broker.rung == []
