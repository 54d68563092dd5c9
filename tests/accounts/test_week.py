"""Tasks and the week: how they are laid out, the pages, and the mail that is the same once a week."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from accounts import todo
from accounts.actions.week import write_weeks
from accounts.tasks import write_weeks as task
from accounts.todo import Todo
from accounts.week import week_of, when
from foundation.database import clock
from foundation.delivery import kinds, sorting
from foundation.delivery.delivery import drain
from foundation.delivery.kinds import How
from foundation.delivery.models import MailChoice, MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Sink
from tests.racing import race
from tests.reading import html, plain, text

MONDAY = date(2026, 11, 23)
MORNING = datetime(2026, 11, 23, 8, tzinfo=UTC)


def thing(title: str, days: int | None = None, about: str = "Befriending") -> Todo:
    return Todo(title, f"/do/{title.replace(' ', '-')}/", None if days is None else MONDAY + timedelta(days), about)


class TestTheLayout:
    @pytest.mark.parametrize(
        ("days", "part"),
        [(-400, "late"), (-1, "late"), (0, "soon"), (7, "soon"), (8, "later"), (28, "later"), (None, "undated")],
    )
    def test_each_thing_is_in_one_part_by_its_date(self, days, part):
        week = week_of([thing("x", days)], MONDAY)
        assert [key for key, _, _ in week.parts] == [part]
        assert not week.is_empty

    def test_what_is_far_off_is_only_counted(self):
        week = week_of([thing("x", 29), thing("y", 300)], MONDAY)
        assert (week.parts, week.beyond, week.is_empty) == ([], 2, True)

    @given(st.lists(st.one_of(st.none(), st.integers(-500, 500)), max_size=40))
    def test_nothing_is_left_out_or_told_twice_and_what_is_late_comes_first(self, days):
        todos = [thing(str(number), day) for number, day in enumerate(days)]
        week = week_of(todos, MONDAY)
        told = [one for _, _, some in week.parts for one in some]
        assert len(told) + week.beyond == len(todos)
        assert len({one.title for one in told}) == len(told)
        dated = [one.due_on for one in told if one.due_on]
        assert dated == sorted(dated)

    @pytest.mark.parametrize(
        ("days", "words"),
        [
            (-3, "was due on Friday 20 November 2026"), (0, "due today, Monday 23 November 2026"),
            (1, "due on Tuesday 24 November 2026"), (None, ""),
        ],
    )  # fmt: skip
    def test_the_date_in_words(self, days, words):
        assert when(thing("x", days), MONDAY) == words


@pytest.fixture
def waits(monkeypatch):
    """What waits for everybody, whoever they are: the real sources have tests of their own."""
    monkeypatch.setattr(todo, "_sources", {})
    found: list[Todo] = []
    others: list[Todo] = []
    todo.add("returns", lambda person: found, "Returns")
    todo.add("signatures", lambda person: others, "Signatures")
    with clock.at(MORNING):
        yield found, others


@pytest.fixture
def ailsa(client):
    person = PersonFactory(name="Ailsa Reid")
    client.force_login(person)
    return person


@pytest.mark.django_db
class TestThePages:
    def test_tasks_by_date_with_kind_and_partnership(self, client, ailsa, waits):
        waits[0].extend([thing("Fill in the return", -3), thing("Look ahead", 400, "Recovery")])
        waits[1].append(thing("Sign it", None, "Recovery"))
        page = text(client.get(reverse("accounts:tasks")))
        assert page.index("Fill in the return") < page.index("Look ahead") < page.index(">Sign it<")
        assert "3 tasks, 1 late" in page
        assert "<strong>Late:</strong> was due on Friday 20 November 2026" in page

    @pytest.mark.parametrize(
        ("query", "shown"),
        [
            ("kind=Returns", {"Fill", "Look"}), ("about=Recovery", {"Look", "Sign"}),
            ("kind=Signatures&about=Recovery", {"Sign"}), ("kind=Signatures&about=Befriending", set()),
            ("kind=nonsense", {"Fill", "Look", "Sign"}), ("kind=%00", {"Fill", "Look", "Sign"}),
        ],
    )  # fmt: skip
    def test_they_are_narrowed_by_what_there_is(self, client, ailsa, waits, query, shown):
        waits[0].extend([thing("Fill", -3), thing("Look", 400, "Recovery")])
        waits[1].append(thing("Sign", None, "Recovery"))
        page = text(client.get(f"{reverse('accounts:tasks')}?{query}"))
        assert {title for title in ("Fill", "Look", "Sign") if f">{title}</a>" in page} == shown

    def test_a_task_goes_when_the_thing_is_done(self, client, ailsa, waits):
        waits[0].append(thing("Fill in the return", 1))
        assert "Fill in the return" in text(client.get(reverse("accounts:tasks")))
        waits[0].clear()
        assert "Nothing waits for you" in text(client.get(reverse("accounts:tasks")))
        assert "Nothing waits for you this week" in text(client.get(reverse("accounts:week")))

    def test_the_week_has_what_is_late_first(self, client, ailsa, waits):
        waits[0].extend([thing("Next", 2), thing("Overdue", -9), thing("Far", 99)])
        page = text(client.get(reverse("accounts:week")))
        assert page.index("Late (1)") < page.index("Overdue") < page.index("The next seven days (1)")
        assert "1 more is due in more than four weeks" in page

    @pytest.mark.parametrize("name", ["tasks", "week"])
    def test_the_real_sources_keep_to_twelve_questions(self, client, ailsa, name, django_assert_max_num_queries):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(f"accounts:{name}")).status_code == 200


@pytest.mark.django_db
class TestTheMail:
    @pytest.fixture(autouse=True)
    def _site(self, settings):
        settings.SITE_URL = "https://portal.example"

    def test_late_first_then_next_in_one_mail_with_links(self, waits, settings):
        ailsa = PersonFactory(name="Ailsa Reid")
        waits[0].extend([thing("Next", 2), thing("Overdue", -9)])
        assert write_weeks(MORNING) == 1
        with Sink() as sink:
            settings.MAIL_URL = sink.url
            drain()
        (message,) = sink.messages
        assert message["To"].addresses[0].addr_spec == ailsa.email
        assert message["Subject"] == "Your week from 23 November 2026: 1 late, 1 next"
        for part in (plain(message), html(message)):
            assert part.index("/do/Overdue/") < part.index("/do/Next/")
            assert "https://portal.example/do/Overdue/" in part
            assert "https://portal.example/tasks/week/" in part
        assert "/inbox/how/" in message["List-Unsubscribe"]

    def test_once_a_week_however_often_it_runs(self, waits):
        PersonFactory()
        waits[0].append(thing("Overdue", -9))
        assert [write_weeks(MORNING), write_weeks(MORNING + timedelta(hours=2))] == [1, 0]
        assert task() == 0
        assert write_weeks(MORNING + timedelta(days=7)) == 1
        assert OutboxMail.objects.count() == 2

    def test_nothing_is_written_when_nothing_waits(self, waits):
        PersonFactory()
        waits[0].append(thing("Far", 200))
        assert write_weeks(MORNING) == 0

    @pytest.mark.parametrize(
        "moment",
        [
            MORNING - timedelta(hours=2), MORNING + timedelta(hours=4), MORNING + timedelta(days=1),
            MORNING + timedelta(days=5),
        ],
    )  # fmt: skip
    def test_only_in_the_morning_of_the_day(self, waits, moment):
        PersonFactory()
        waits[0].append(thing("Overdue", -9))
        assert write_weeks(moment) == 0

    @pytest.mark.parametrize(("how", "day"), [(How.THURSDAY, 3), (How.FRIDAY, 4)])
    def test_on_the_day_a_person_chose(self, waits, how, day):
        ailsa = PersonFactory()
        MailChoice.objects.create(person=ailsa, kind=kinds.WEEK, how=how)
        waits[0].append(thing("Overdue", -9))
        written = [write_weeks(MORNING + timedelta(days=ahead)) for ahead in range(7)]
        assert written == [int(ahead == day) for ahead in range(7)]

    def test_not_to_whoever_wants_none_has_left_or_never_came_in(self, waits):
        MailChoice.objects.create(person=PersonFactory(), kind=kinds.WEEK, how=How.PORTAL)
        PersonFactory(is_active=False)
        invited = PersonFactory()
        invited.set_unusable_password()
        invited.save()
        waits[0].append(thing("Overdue", -9))
        assert write_weeks(MORNING) == 0

    def test_what_was_kept_for_the_week_is_in_it_and_nowhere_else(self, waits, settings):
        settings.MAILS_A_DAY = 5
        ailsa = PersonFactory()
        MailChoice.objects.create(person=ailsa, kind="reminder", how=How.WEEKLY)
        MailChoice.objects.create(person=ailsa, kind="notice", how=How.DAILY)
        with clock.at(MORNING - timedelta(days=3)):
            for kind in ("reminder", "notice"):
                enqueue(
                    kind=kind, key=kind, to=ailsa, subject=f"About a {kind}", why="It is yours.",
                    template="emails/partnerships/deadline", context={"title": "Report", "path": "/r/"},
                )  # fmt: skip
            sorting.sort()
        assert write_weeks(MORNING) == 1
        week = OutboxMail.objects.get(kind=kinds.WEEK)
        assert [part.subject for part in week.parts.all()] == ["About a reminder"]
        assert week.context["items"][0]["path"] == "/r/"
        assert OutboxMail.objects.get(kind="notice").state == MailState.GATHERED

    def test_without_a_weekly_mail_what_was_kept_goes_by_itself_at_noon(self, waits, settings):
        settings.MAILS_A_DAY = 5
        ailsa = PersonFactory()
        MailChoice.objects.create(person=ailsa, kind="reminder", how=How.WEEKLY)
        MailChoice.objects.create(person=ailsa, kind=kinds.WEEK, how=How.PORTAL)
        mail = enqueue(
            kind="reminder", key="one", to=ailsa, subject="About it", why="It is yours.",
            template="emails/partnerships/deadline", context={"title": "Report", "path": "/r/"},
        )  # fmt: skip
        sorting.sort()
        assert write_weeks(MORNING) == 0
        with clock.at(MORNING + timedelta(hours=4)):
            drain()
        mail.refresh_from_db()
        assert mail.state == MailState.SENT

    def test_many_things_are_cut_and_counted(self, waits):
        PersonFactory()
        waits[0].extend(thing(f"Thing {number}", -1) for number in range(70))
        write_weeks(MORNING)
        (part,) = OutboxMail.objects.get().context["parts"]
        assert (len(part["lines"]), part["more"]) == (50, 20)


@pytest.mark.django_db(transaction=True)
def test_two_workers_write_one_week(waits):
    people = [PersonFactory() for _ in range(3)]
    waits[0].append(thing("Overdue", -9))
    run = lambda: write_weeks(MORNING)  # noqa: E731
    race([(run, run)])
    assert OutboxMail.objects.count() == len(people)
