"""What a move does to what waits: vectors by hand, and what must hold for any plan."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from partnerships.knock_on import Knock, days_early, fingerprint, knock_on, would_circle

MAY = date(2027, 5, 1)


def day(number):
    return MAY + timedelta(days=number)


def test_a_chain_moves_by_the_same_days_and_slack_absorbs_the_move():
    dates = {"design": day(0), "build": day(5), "test": day(6), "party": day(40), "other": day(1)}
    waits = {"build": {"design"}, "test": {"build"}, "party": {"test"}}
    assert knock_on(dates, waits, "design", day(10)) == [
        Knock("build", 5, day(15)),
        Knock("test", 9, day(16)),
    ]


def test_a_move_within_the_slack_or_to_an_earlier_day_moves_nothing_else():
    dates = {"a": day(0), "b": day(10)}
    assert knock_on(dates, {"b": {"a"}}, "a", day(10)) == []
    assert knock_on(dates, {"b": {"a"}}, "a", day(-5)) == []


def test_what_was_early_before_is_put_right_by_more_days():
    dates = {"a": day(0), "b": day(-7)}
    assert knock_on(dates, {"b": {"a"}}, "a", day(2)) == [Knock("b", 9, day(2))]


def test_what_is_complete_holds_nothing_up():
    assert knock_on({"a": day(0), "c": day(1)}, {"b": {"a"}, "c": {"b"}}, "a", day(20)) == []
    assert days_early({"c": day(1)}, {"c": {"gone"}}) == {}


def test_early_ones_are_told_with_their_days():
    assert days_early({"a": day(12), "b": day(0), "c": day(30)}, {"b": {"a", "c"}, "c": {"a"}}) == {"b": 30}


def test_a_circle_is_seen_before_it_is_closed():
    waits = {"b": {"a"}, "c": {"b"}}
    assert would_circle(waits, "a", "c")
    assert would_circle(waits, "a", "a")
    assert not would_circle(waits, "c", "a")


def test_a_fingerprint_tells_one_list_from_another_in_any_order():
    one, two = ("a", day(0), day(1)), ("b", day(0), day(2))
    assert fingerprint([one, two]) == fingerprint([two, one])
    assert fingerprint([one]) != fingerprint([("a", day(0), day(2))])
    assert fingerprint([]) != fingerprint([one])


@st.composite
def plans(draw, in_order):
    """Dates and waits without a circle; `in_order` makes none early to begin with."""
    size = draw(st.integers(1, 12))
    offsets = draw(st.lists(st.integers(0, 400), min_size=size, max_size=size))
    dates = dict(enumerate(map(day, sorted(offsets) if in_order else offsets)))
    pairs = [(later, earlier) for later in range(size) for earlier in range(later)]
    chosen = draw(st.lists(st.sampled_from(pairs), max_size=30)) if pairs else []
    waits = {}
    for later, earlier in chosen:
        waits.setdefault(later, set()).add(earlier)
    return dates, waits, draw(st.integers(0, size - 1)), draw(st.integers(-200, 400))


def behind(waits, first):
    found, edge = set(), {first}
    while edge:
        edge = {later for later, others in waits.items() if others & edge} - found
        found |= edge
    return found


@given(plans(in_order=True))
def test_in_a_plan_in_order_nothing_ends_before_what_it_waits_for_and_all_shift_by_the_same_days(plan):
    dates, waits, moved, shift = plan
    to = dates[moved] + timedelta(days=shift)
    knocks = knock_on(dates, waits, moved, to)
    after = dates | {moved: to} | {knock.key: knock.to for knock in knocks}
    assert {k.to - dates[k.key] for k in knocks} <= {timedelta(days=shift)}
    early = set(days_early(after, waits))
    assert early <= ({moved} if shift < 0 else set()), "only the moved one itself can be too early, and that is refused"


@given(plans(in_order=False))
def test_in_any_plan_nothing_without_a_dependency_moves_and_whatever_moves_is_put_right(plan):
    dates, waits, moved, shift = plan
    to = dates[moved] + timedelta(days=shift)
    knocks = knock_on(dates, waits, moved, to)
    after = dates | {moved: to} | {knock.key: knock.to for knock in knocks}
    assert {knock.key for knock in knocks} <= behind(waits, moved)
    for knock in knocks:
        assert knock.days_early > 0
        assert all(after[knock.key] >= after[other] for other in waits[knock.key])
    if shift > 0:
        assert not set(days_early(after, waits)) & behind(waits, moved)
