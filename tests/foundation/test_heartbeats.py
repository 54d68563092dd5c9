"""Signs of life: one row a process, forgotten after a day."""

from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from foundation.database import clock
from foundation.heartbeats import models
from foundation.heartbeats.models import Heartbeat, age
from foundation.heartbeats.tasks import beat
from psp_portal.celery import app

pytestmark = pytest.mark.django_db
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def test_a_process_keeps_one_row() -> None:
    with clock.at(NOON):
        models.beat("timetable")
    with clock.at(NOON + timedelta(seconds=15)):
        models.beat("timetable")
        assert age("timetable") == timedelta(0)
    assert Heartbeat.objects.count() == 1


def test_age_of_what_never_lived() -> None:
    assert age("timetable") is None


def test_processes_gone_for_a_day_are_forgotten() -> None:
    with clock.at(NOON):
        models.beat("worker@gone")
    with clock.at(NOON + timedelta(hours=24, seconds=1)):
        models.beat("timetable")
    assert list(Heartbeat.objects.values_list("process", flat=True)) == ["timetable"]


def test_the_task_writes_the_row() -> None:
    beat("worker@here")
    assert Heartbeat.objects.get().process == "worker@here"


def test_the_timetable_shows_itself_four_times_a_minute() -> None:
    entry = next(entry for entry in app.conf.beat_schedule.values() if entry["task"] == beat.name)
    assert (entry["schedule"], entry["args"]) == (15.0, ["timetable"])


def test_every_entry_of_the_timetable_is_a_task_and_expires_with_the_next_one() -> None:
    app.loader.import_default_modules()
    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)
    assert all(entry["options"]["expires"] == entry["schedule"] for entry in app.conf.beat_schedule.values())


def test_signs_of_life_lists_and_judges() -> None:
    with clock.at(NOON):
        models.beat("timetable")
    out = StringIO()
    with clock.at(NOON + timedelta(seconds=100)):
        call_command("signs_of_life", "timetable", within=120, stdout=out)
        assert out.getvalue() == "timetable: 100 s ago\n"
        with pytest.raises(CommandError, match="timetable within 60 s"):
            call_command("signs_of_life", "timetable", within=60, stdout=out)
        with pytest.raises(CommandError, match="worker@"):
            call_command("signs_of_life", "worker@", stdout=out)
