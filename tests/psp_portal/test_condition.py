"""The page “Health” and `manage.py health`: every sign turns when it should, and says what to do."""

import socket
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.delivery.models import MailState, OutboxMail
from foundation.heartbeats.models import Heartbeat, beat
from foundation.webhooks.models import Webhook, WebhookMessage
from lessons.models import FormatRequest
from partnerships.tasks import plan_reminders
from psp_portal import celery_app, condition
from psp_portal.condition import Facts, ago, signs
from psp_portal.running import relay
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory
from tests.psp_portal.test_ledger import mail_in
from tests.reading import text

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
ALIVE = {name: (NOON - timedelta(seconds=30), "") for name in ("timetable", "worker", "relay", "planner")}
WELL = Facts(now=NOON, skew=timedelta(0), last_signs=ALIVE, free_bytes=10 * 1024**3)
MINUTES = timedelta(minutes=1)


def troubled(facts: Facts) -> list[str]:
    return [sign.what for sign in signs(facts) if not sign.is_well]


def without(name: str) -> dict[str, tuple[datetime, str]]:
    return {other: sign for other, sign in ALIVE.items() if other != name}


def test_all_is_well() -> None:
    assert troubled(WELL) == []


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"last_signs": without("timetable")}, "Timetable"),
        ({"last_signs": ALIVE | {"worker": (NOON - 3 * MINUTES, "")}}, "Worker"),
        ({"last_signs": without("relay")}, "Relay"),
        ({"last_signs": ALIVE | {"planner": (NOON - 11 * MINUTES, "")}}, "Last run of the planner"),
        ({"broker": False}, "Broker"),
        ({"due_since": NOON - 11 * MINUTES, "waiting": 4}, "Mails that are due"),
        ({"untaken_since": NOON - 11 * MINUTES, "untaken": 4}, "Mails to be tried again"),
        ({"sealed_since": NOON - 11 * MINUTES}, "Mails of sealed tenders"),
        ({"sealed_dead": True}, "Mails of sealed tenders"),
        ({"held": 1}, "Held mails"),
        ({"dead": 2}, "Mails that could not be sent, last 7 days"),
        ({"job_since": NOON - 11 * MINUTES, "jobs": 1}, "Documents to be made"),
        ({"jobs_failed": 1}, "Documents that could not be made, last 7 days"),
        ({"webhooks_failing": 1}, "Webhooks that fail, last 7 days"),
        ({"formats_late": 2}, "Formats past their promised date"),
        ({"free_bytes": 600 * 1024**2}, "Free disk for files"),
        ({"skew": timedelta(seconds=-3)}, "The database’s clock against this machine’s"),
    ],
)
def test_each_fault_is_shown_alone_with_what_to_do(changed, what) -> None:
    assert troubled(replace(WELL, **changed)) == [what]


def test_what_waits_for_a_moment_only_is_no_trouble() -> None:
    facts = replace(WELL, due_since=NOON - 9 * MINUTES, waiting=3, job_since=NOON - MINUTES, jobs=1)
    assert troubled(facts) == []
    found = {sign.what: sign.found for sign in signs(facts)}
    assert found["Mails that are due"] == "3 waiting, the oldest for 9 minutes"


def test_webhooks_that_are_switched_off_have_no_sign() -> None:
    named = {
        count: [s.found for s in signs(replace(WELL, webhooks_failing=count)) if "Webhooks" in s.what]
        for count in (None, 0, 3)
    }
    assert named == {None: [], 0: ["none"], 3: ["3"]}


def test_the_embedded_form_runs_no_relay_and_misses_none() -> None:
    facts = replace(WELL, last_signs=without("relay"), relay_expected=False)
    assert troubled(facts) == []
    assert "Relay" not in {sign.what for sign in signs(facts)}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (60, "1 minute"), (3599, "59 minutes"), (7200, "2 hours"),
     (86400, "1 day"), (200000, "2 days"), (-5, "0 seconds")],
)  # fmt: skip
def test_ago(seconds: int, words: str) -> None:
    assert ago(timedelta(seconds=seconds)) == words


@given(st.integers(0, 10**7))
def test_ago_never_says_more_than_is_true(seconds: int) -> None:
    number, unit = ago(timedelta(seconds=seconds)).split()
    length = {"second": 1, "minute": 60, "hour": 3600, "day": 86400}[unit.removesuffix("s")]
    assert int(number) * length <= seconds < (int(number) + 1) * length


@pytest.mark.django_db
class TestTheFacts:
    def test_the_youngest_sign_of_each_kind_counts(self) -> None:
        with clock.at(NOON):
            beat("worker@one", said="old")
        with clock.at(NOON + MINUTES):
            beat("worker@two", said="young")
            facts = condition.facts()
        assert facts.last_signs["worker"] == (NOON + MINUTES, "young")

    def test_the_planner_says_when_it_ran_and_what_it_did(self) -> None:
        plan_reminders()
        assert Heartbeat.objects.get(process="planner").said == "nothing was due"

    def test_only_what_is_due_counts_as_waiting(self) -> None:
        with clock.at(NOON):
            mail_in(key="due")
            mail_in(key="later", next_try_at=NOON + timedelta(days=1))
            mail_in(MailState.HELD, "held")
            mail_in(MailState.DEAD, "dead")
            mail_in(MailState.HELD, "sealed", scope="sealed:tender")
        OutboxMail.objects.filter(key="due").update(created_at=NOON - MINUTES)
        with clock.at(NOON + MINUTES):
            facts = condition.facts()
        assert (facts.waiting, facts.due_since, facts.held, facts.dead) == (1, NOON - MINUTES, 1, 1)
        with clock.at(NOON + timedelta(days=8)):
            assert condition.facts().dead == 0

    def test_a_webhook_fails_with_one_message_that_did_not_get_through(self, settings) -> None:
        settings.WEBHOOKS = True
        hooks = {
            name: Webhook.objects.create(
                scope="s", name=name, address="https://a.example", made_by=PersonFactory(), seen=0,
                removed_at=NOON if name == "removed" else None,
            )
            for name in ("dead", "tried", "new", "removed", "sent", "old")
        }  # fmt: skip
        with clock.at(NOON):
            for name, told in {
                "dead": {"state": "dead", "attempts": 13}, "tried": {"attempts": 1}, "new": {},
                "removed": {"state": "dead"}, "sent": {"state": "sent", "sent_at": NOON, "attempts": 2},
            }.items():  # fmt: skip
                WebhookMessage.objects.create(webhook=hooks[name], action="test", body="{}", **told)
            WebhookMessage.objects.create(webhook=hooks["dead"], action="test", body="{}", state="dead")
        with clock.at(NOON - timedelta(days=8)):
            WebhookMessage.objects.create(webhook=hooks["old"], action="test", body="{}", state="dead")
        with clock.at(NOON):
            failing = Webhook.objects.failing(NOON - condition.LATELY)
            assert {hook.name for hook in failing} == {"dead", "tried"}
            assert condition.facts().webhooks_failing == 2
            settings.WEBHOOKS = False
            assert condition.facts().webhooks_failing is None

    def test_a_format_is_late_from_the_day_after_its_promise(self) -> None:
        point = LearningPointFactory(published=True)
        FormatRequest.objects.create(number=1, learning_point=point, wanted="Polish", promised_on=NOON.date())
        for days, late in ((0, 0), (1, 1)):
            with clock.at(NOON + timedelta(days=days)):
                assert condition.facts().formats_late == late

    def test_a_mail_server_that_takes_nothing_is_seen_between_two_tries(self) -> None:
        with clock.at(NOON):
            mail_in(key="put back", attempts=3, next_try_at=NOON + timedelta(hours=4), last_error="It said no.")
            mail_in(key="not tried yet", next_try_at=NOON + timedelta(hours=4))
        OutboxMail.objects.update(created_at=NOON - timedelta(hours=2))
        with clock.at(NOON):
            facts = condition.facts()
        assert (facts.untaken, facts.untaken_since, facts.due_since) == (1, NOON - timedelta(hours=2), None)
        found = next(sign for sign in signs(facts) if sign.what == "Mails to be tried again")
        assert found.found == "1 waiting, the oldest for 2 hours. It said no."
        assert "MAIL_URL" in found.trouble

    def test_mails_of_sealed_tenders_are_in_no_count_and_named_apart_without_a_number(self) -> None:
        with clock.at(NOON):
            mail_in(key="due", scope="sealed:tender:x")
            mail_in(key="due too", scope="sealed:tender:x")
            mail_in(key="tried", scope="sealed:tender:x", attempts=3, next_try_at=NOON + timedelta(hours=4),
                    last_error="550 rory@bidder.example is not known")  # fmt: skip
        OutboxMail.objects.update(created_at=NOON - 11 * MINUTES)
        with clock.at(NOON):
            facts = condition.facts()
        assert (facts.waiting, facts.untaken, facts.problem, facts.sealed_dead) == (0, 0, "", False)
        assert troubled(replace(WELL, sealed_since=facts.sealed_since)) == ["Mails of sealed tenders"]
        found = next(sign for sign in signs(facts) if sign.what == "Mails of sealed tenders")
        assert found.found == "some wait, the oldest for 11 minutes"
        said = " ".join(f"{sign.found} {sign.trouble}" for sign in signs(facts))
        assert "bidder.example" not in said
        OutboxMail.objects.update(state=MailState.DEAD, next_try_at=None)
        with clock.at(NOON):
            facts = condition.facts()
        assert (facts.sealed_since, facts.sealed_dead, facts.dead) == (None, True, 0)
        assert "Some could not be sent, last 7 days. None waits." in [sign.found for sign in signs(facts)]

    def test_one_that_was_put_back_a_moment_ago_is_no_trouble(self) -> None:
        facts = replace(WELL, untaken_since=NOON - 9 * MINUTES, untaken=1, problem="Try again later.")
        assert troubled(facts) == []

    def test_a_broker_that_is_not_there(self, monkeypatch) -> None:
        assert condition.facts().broker is True
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"redis://127.0.0.1:{unused.getsockname()[1]}/0"
            monkeypatch.setitem(celery_app.conf, "broker_write_url", url)
            assert condition.facts().broker is False

    def test_the_clocks_of_one_machine_agree(self) -> None:
        assert abs(condition.facts().skew) < timedelta(seconds=20)


@pytest.mark.django_db
class TestThePage:
    def test_only_who_watches_operations_may_open_it(self, client) -> None:
        assert client.get(reverse("health")).status_code == 302
        client.force_login(PersonFactory(commissioner=True))
        assert client.get(reverse("health")).status_code == 403

    def test_it_counts_the_troubles_and_links_to_the_mails(self, client) -> None:
        client.force_login(PersonFactory(administrator=True))
        mail_in(MailState.HELD)
        page = client.get(reverse("health"))
        assert "signs need a look" in text(page)
        assert "Held mails" in text(page)
        assert f"{reverse('ledger')}?state=held" in page.content.decode()
        assert "no-store" in page["Cache-Control"]

    def test_the_same_queries_whatever_waits(self, client) -> None:
        client.force_login(person := PersonFactory(administrator=True))
        counts = []
        for number in (1, 3, 300):
            for row in range(OutboxMail.objects.count(), number):
                mail_in(key=f"row-{row}", to=person)
            with CaptureQueriesContext(connection) as captured:
                assert client.get(reverse("health")).status_code == 200
            counts.append(len(captured))
        assert len(set(counts)) == 1
        assert counts[0] <= 13


@pytest.mark.django_db
def test_the_command_lists_and_judges(monkeypatch) -> None:
    out = StringIO()
    monkeypatch.setattr(condition, "facts", lambda: replace(WELL, held=1))
    with pytest.raises(CommandError, match="1 of 15 need a look"):
        call_command("health", stdout=out)
    assert "LOOK  Held mails: 1" in out.getvalue()
    monkeypatch.setattr(condition, "facts", lambda: WELL)
    call_command("health", stdout=out)


@pytest.mark.django_db
class TestTheWatchOverTheRelay:
    @pytest.fixture
    def watch(self, monkeypatch):
        self.now = 1000.0
        monkeypatch.setattr(relay, "monotonic", lambda: self.now)
        monkeypatch.setattr(relay, "close_old_connections", lambda: None)  # the test's own transaction
        return relay.child().silent

    def test_one_that_shows_itself_is_left_alone(self, watch) -> None:
        for second in range(0, 1000, 15):
            self.now = 1000.0 + second
            with clock.at(NOON + timedelta(seconds=second)):
                beat(watch.name)
            assert watch() == ""

    def test_one_that_falls_silent_is_replaced_and_its_successor_gets_time(self, watch) -> None:
        beat(watch.name)
        assert watch() == ""
        self.now += relay.silent_after() + 1
        assert "has given no sign of life for" in watch()
        assert watch() == ""
