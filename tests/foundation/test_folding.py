"""Folding: the rule as plain values, then the rows, then what a real mail server gets."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.delivery import kinds, sorting
from foundation.delivery.actions import blockers_to_mark_sent, blockers_to_resend
from foundation.delivery.delivery import drain
from foundation.delivery.folding import DAILY_AT, OVERFLOW_AT, Fate, Waiting, decide, next_at, next_weekly
from foundation.delivery.kinds import How
from foundation.delivery.models import MailChoice, MailState, OutboxMail
from foundation.delivery.outbox import enqueue
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Answer, Sink
from tests.racing import race
from tests.reading import html, plain

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)  # a Monday
numbers = count(1)


def waiting(*hows: How, gathered: bool = False) -> list[Waiting]:
    return [Waiting(next(numbers), how, gathered) for how in hows]


def fates(mails: list[Waiting], had_today: int = 0, most: int = 5) -> list[Fate]:
    decided = decide(mails, had_today=had_today, most=most)
    return [decided[mail.pk] for mail in mails]


class TestTheRule:
    @pytest.mark.parametrize(
        ("had", "come", "fate"),
        [
            (0, 1, Fate.AT_ONCE), (0, 5, Fate.AT_ONCE), (4, 1, Fate.AT_ONCE),
            (0, 6, Fate.FOLD), (4, 2, Fate.FOLD), (0, 30, Fate.FOLD),
            (5, 1, Fate.OVERFLOW), (6, 3, Fate.OVERFLOW),
        ],
    )  # fmt: skip
    def test_up_to_five_by_themselves_a_flood_as_one_and_what_comes_after_a_full_day_later(self, had, come, fate):
        assert fates(waiting(*[How.AT_ONCE] * come), had) == [fate] * come

    def test_zero_is_no_limit(self):
        assert set(fates(waiting(*[How.AT_ONCE] * 50), 100, most=0)) == {Fate.AT_ONCE}

    def test_what_a_person_chose_counts_for_no_limit(self):
        mails = waiting(How.DAILY, How.WEEKLY, How.PORTAL, *[How.AT_ONCE] * 5)
        assert fates(mails) == [Fate.DAILY, Fate.WEEKLY, Fate.PORTAL, *[Fate.AT_ONCE] * 5]

    def test_what_was_gathered_goes_when_its_moment_comes_one_by_itself_and_more_as_one(self):
        assert fates(waiting(How.DAILY, gathered=True), had_today=9) == [Fate.AT_ONCE]
        assert fates(waiting(How.DAILY, How.AT_ONCE, gathered=True), had_today=9) == [Fate.FOLD] * 2
        assert fates(waiting(How.PORTAL, gathered=True)) == [Fate.PORTAL]

    @given(
        st.lists(st.tuples(st.sampled_from(kinds.EACH), st.booleans()), max_size=30),
        st.integers(0, 12),
        st.integers(0, 8),
    )
    def test_every_mail_has_one_fate_and_nobody_gets_more_by_itself_than_the_day_has_room_for(self, some, had, most):
        mails = [Waiting(number, how, gathered) for number, (how, gathered) in enumerate(some)]
        decided = decide(mails, had_today=had, most=most)
        assert set(decided) == {mail.pk for mail in mails}
        fresh = [decided[mail.pk] for mail in mails if not mail.gathered]
        if most:
            assert Counter(fresh)[Fate.AT_ONCE] <= max(0, most - had)
        assert all(decided[mail.pk] is Fate.PORTAL for mail in mails if mail.how == How.PORTAL)
        assert Counter(decided.values())[Fate.FOLD] != 1, "one mail alone is no fold"

    @pytest.mark.parametrize(
        ("now", "times", "then"),
        [
            ("2026-11-23T07:00+00:00", (DAILY_AT,), "2026-11-23T08:00+00:00"),
            ("2026-11-23T08:00+00:00", (DAILY_AT,), "2026-11-24T08:00+00:00"),
            ("2026-11-23T11:00+00:00", OVERFLOW_AT, "2026-11-23T16:00+00:00"),
            ("2026-11-23T23:30+00:00", OVERFLOW_AT, "2026-11-24T08:00+00:00"),
            ("2027-03-27T17:00+00:00", OVERFLOW_AT, "2027-03-28T07:00+00:00"),  # the clocks go forward in between
            ("2026-10-24T17:00+00:00", OVERFLOW_AT, "2026-10-25T08:00+00:00"),  # and back
        ],
    )
    def test_the_moments_are_scottish_ones(self, now, times, then):
        assert next_at(datetime.fromisoformat(now), *times) == datetime.fromisoformat(then)

    @pytest.mark.parametrize(
        ("now", "day", "then"),
        [
            ("2026-11-23T07:00+00:00", How.MONDAY, "2026-11-23T12:00+00:00"),
            ("2026-11-23T12:00+00:00", How.MONDAY, "2026-11-30T12:00+00:00"),
            ("2026-11-23T12:00+00:00", How.FRIDAY, "2026-11-27T12:00+00:00"),
            ("2026-10-23T13:00+00:00", How.FRIDAY, "2026-10-30T12:00+00:00"),
            ("2027-03-26T13:00+00:00", How.FRIDAY, "2027-04-02T11:00+00:00"),
        ],
    )
    def test_the_week_ends_at_noon_of_the_day_chosen(self, now, day, then):
        assert next_weekly(datetime.fromisoformat(now), day) == datetime.fromisoformat(then)


def put(to, number: int = 1, *, kind: str = "reminder", **more) -> list[OutboxMail]:
    return [
        enqueue(
            kind=kind,
            key=f"folding:{next(numbers)}",
            to=to,
            subject=f"Due on 8 January 2027: Report {one}",
            template="emails/partnerships/deadline",
            context={"name": to.name, "title": f"Report {one}", "due_on": "Friday", "path": f"/report/{one}/"},
            why="You get this mail because the report is yours.",
            **more,
        )
        for one in range(1, number + 1)
    ]


def states() -> dict[str, int]:
    return dict(Counter(OutboxMail.objects.values_list("state", flat=True)))


@pytest.fixture
def most(settings):
    settings.MAILS_A_DAY = 3
    settings.SITE_URL = "https://portal.example"
    return 3


@pytest.fixture
def sink(settings):
    with Sink() as server:
        settings.MAIL_URL = server.url
        yield server


@pytest.mark.django_db
class TestTheRows:
    @pytest.fixture(autouse=True)
    def _at_noon(self, most):
        with clock.at(NOON):
            yield

    def test_a_flood_is_one_mail_that_names_and_links_each(self, sink):
        ailsa = PersonFactory(name="Ailsa <Reid>")
        put(ailsa, 7)
        drain()
        (message,) = sink.messages
        assert message["Subject"].startswith("7 messages in one: Due on 8 January 2027: Report 1")
        for one in range(1, 8):
            assert f"https://portal.example/report/{one}/" in plain(message)
            assert f'href="https://portal.example/report/{one}/"' in html(message)
        assert "Hello Ailsa <Reid>" in plain(message)
        assert "Hello Ailsa &lt;Reid&gt;" in html(message)
        assert states() == {"folded": 7, "sent": 1}
        digest = OutboxMail.objects.get(kind=kinds.DIGEST)
        assert digest.parts.count() == 7

    def test_each_line_names_its_partnership_unless_the_subject_does(self, sink):
        ailsa = PersonFactory()
        for mail, partnership in zip(put(ailsa, 6), ["Quiet Shores", "Report 2", "", "", "", ""], strict=True):
            OutboxMail.objects.filter(pk=mail.pk).update(context=mail.context | {"partnership": partnership})
        drain()
        (message,) = sink.messages
        assert "Report 1\n  Quiet Shores\n  https://" in plain(message).replace("\r", "")
        assert "Report 2\n  https://" in plain(message).replace("\r", "")
        assert html(message).count("Quiet Shores") == 1

    def test_what_is_late_comes_first_in_it(self):
        ailsa = PersonFactory()
        for number, late in enumerate([False, True, False, True]):
            (mail,) = put(ailsa)
            OutboxMail.objects.filter(pk=mail.pk).update(subject=f"No {number}", context={"late": late, "path": "/"})
        sorting.sort()
        digest = OutboxMail.objects.get(kind=kinds.DIGEST)
        assert [item["subject"] for item in digest.context["items"]] == ["No 1", "No 3", "No 0", "No 2"]
        assert digest.subject == "4 messages in one: No 1"

    def test_as_many_as_the_day_has_room_for_go_each_by_itself(self, sink):
        put(PersonFactory(), 3)
        put(PersonFactory(), 2)
        drain()
        assert states() == {"sent": 5}
        assert len(sink.messages) == 5

    def test_after_a_full_day_they_are_gathered_and_come_as_one_in_the_afternoon(self, sink):
        ailsa = PersonFactory()
        put(ailsa, 3)
        drain()
        put(ailsa, 1)
        drain()
        with clock.at(NOON + timedelta(hours=1)):
            put(ailsa, 1)
            drain()
        assert states() == {"sent": 3, "gathered": 2}
        with clock.at(NOON + timedelta(hours=4)):
            drain()
        assert states() == {"sent": 4, "folded": 2}
        assert len(sink.messages) == 4

    def test_the_next_day_is_another_day(self, sink):
        ailsa = PersonFactory()
        put(ailsa, 3)
        drain()
        with clock.at(NOON + timedelta(days=1)):
            put(ailsa, 3)
            drain()
        assert states() == {"sent": 6}

    def test_what_is_planned_for_later_is_sorted_then(self, sink):
        ailsa = PersonFactory()
        put(ailsa, 4, not_before=NOON + timedelta(hours=1))
        drain()
        assert states() == {"unsorted": 4}
        with clock.at(NOON + timedelta(hours=1)):
            drain()
        assert states() == {"folded": 4, "sent": 1}

    @pytest.mark.parametrize("kind", ["legal", "security", "invitation"])
    def test_what_the_law_or_an_account_needs_is_never_folded_and_fills_no_day(self, sink, kind):
        ailsa = PersonFactory()
        put(ailsa, 8, kind=kind)
        put(ailsa, 3)
        drain()
        assert states() == {"sent": 11}

    @pytest.mark.parametrize(
        ("how", "state"), [(How.DAILY, "gathered"), (How.WEEKLY, "gathered"), (How.PORTAL, "portal")]
    )
    @pytest.mark.parametrize("most", [0, 3])
    def test_a_persons_choice_is_kept_with_a_limit_and_without(self, sink, settings, how, state, most):
        settings.MAILS_A_DAY = most
        ailsa, rory = PersonFactory(), PersonFactory()
        MailChoice.objects.create(person=ailsa, kind="reminder", how=how)
        put(ailsa, 1)
        put(rory, 1)
        drain()
        assert states() == {state: 1, "sent": 1}

    def test_one_person_who_cannot_be_sorted_holds_up_nobody_else(self, sink, monkeypatch):
        monkeypatch.setattr(sorting, "PEOPLE_AT_ONCE", 1)
        broken, fine = PersonFactory(), PersonFactory()
        put(broken, 4)
        put(fine, 4)
        real = sorting.items_of

        def poisoned(parts):
            if parts[0].to_id == broken.pk:
                raise ZeroDivisionError
            return real(parts)

        monkeypatch.setattr(sorting, "items_of", poisoned)
        drain()
        assert states() == {"unsorted": 4, "folded": 4, "sent": 1}

    def test_a_fold_in_doubt_is_held_as_one_and_its_parts_say_where_they_are(self, sink):
        ailsa = PersonFactory()
        sink.plan(ailsa.email, Answer.DROP_AFTER_STORING)
        put(ailsa, 4)
        drain()
        assert states() == {"folded": 4, "held": 1}

    def test_sorting_many_people_asks_no_more_queries_than_a_few(self, django_assert_max_num_queries):
        for _ in range(20):
            put(PersonFactory(), 1)
        with django_assert_max_num_queries(9):
            assert sorting.sort() == 20
        assert states() == {"pending": 20}

    def test_nothing_to_sort_costs_one_query(self, django_assert_num_queries):
        with django_assert_num_queries(1):
            assert sorting.sort() == 0


@pytest.mark.django_db(transaction=True)
def test_two_relays_fold_at_the_same_moment_and_every_message_is_told_exactly_once(most, sink):
    people = [PersonFactory() for _ in range(4)]
    for person in people:
        put(person, 9)
    race([(drain, drain), (drain, drain)])
    drain()
    assert states() == {"folded": 36, "sent": 4}
    told = Counter(message["To"].addresses[0].addr_spec for message in sink.messages)
    assert told == {person.email: 1 for person in people}
    assert set(sink.arrived().values()) == {1}
    for message in sink.messages:
        assert sum(f"https://portal.example/report/{one}/" in plain(message) for one in range(1, 10)) == 9


@pytest.mark.parametrize("state", [MailState.UNSORTED, MailState.GATHERED, MailState.FOLDED, MailState.PORTAL])
@pytest.mark.parametrize("blockers", [blockers_to_resend, blockers_to_mark_sent])
def test_an_operator_neither_sends_again_nor_marks_what_was_not_sent_by_itself(state, blockers):
    (reason,) = blockers(OutboxMail(state=state, to_address="a@example.org"))
    assert state.label in reason
