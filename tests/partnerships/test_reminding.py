"""Rules for reminders as arithmetic: which step, for whom, by whose rule, and in which words. No database."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.workdays.arithmetic import add_working_days
from partnerships.reminding import (
    BOTH_LEADS,
    ONE_LEAD,
    USUAL,
    USUAL_WORDS,
    Choice,
    Rule,
    Rules,
    Step,
    after_a_break,
    others_in_words,
    own_step,
    rule_in_words,
    step_for_others,
    step_in_words,
)

NONE: frozenset[date] = frozenset()
DUE = date(2027, 1, 8)  # a Friday
HERE, THERE, ME, YOU = 1, 2, 11, 12
RARE = Rule(before=(3,), on_the_day=False, weekly=False, one_lead_after=None, both_leads_after=20)
RULES = st.builds(
    Rule,
    st.lists(st.integers(1, 60), max_size=5).map(tuple),
    st.booleans(),
    st.booleans(),
    st.none() | st.integers(1, 10),
    st.none() | st.integers(11, 30),
)


class TestOwnSteps:
    @pytest.mark.parametrize(
        ("today", "step"),
        [(date(2027, 1, 4), None), (date(2027, 1, 5), "3"), (date(2027, 1, 8), "3"), (date(2027, 3, 1), "3")],
    )
    def test_a_rule_without_the_day_and_the_weeks_after_it(self, today, step):
        found = own_step(today, DUE, RARE, NONE)
        assert (found and found.name) == step

    @pytest.mark.parametrize(
        ("days_late", "step"), [(0, "0"), (1, "late-0"), (6, "late-0"), (7, "late-1"), (20, "late-2")]
    )
    def test_what_is_firm_is_told_the_day_after(self, days_late, step):
        assert own_step(DUE + timedelta(days=days_late), DUE, USUAL, NONE, firm=True).name == step

    def test_a_rule_that_asks_for_nothing_sends_nothing(self):
        for late in (-40, 0, 40):
            assert own_step(DUE + timedelta(days=late), DUE, Rule((), False, False), NONE) is None

    @given(RULES, st.integers(-100, 200), st.booleans())
    def test_a_step_keeps_its_name_from_the_day_it_came_due(self, rule, offset, firm):
        today = DUE + timedelta(days=offset)
        step = own_step(today, DUE, rule, NONE, firm=firm)
        if step:
            assert step.since <= today
            assert own_step(step.since, DUE, rule, NONE, firm=firm) == step

    @given(RULES, st.integers(-100, 200), st.integers(0, 60))
    def test_steps_never_go_back(self, rule, offset, gap):
        one, later = (own_step(DUE + timedelta(days=d), DUE, rule, NONE) for d in (offset, offset + gap))
        assert one is None or (later and later.since >= one.since)

    @given(RULES, st.integers(-60, 60), st.integers(0, 30))
    def test_an_own_holiday_only_makes_reminders_earlier(self, rule, offset, holiday):
        today, days = DUE + timedelta(days=offset), frozenset({DUE - timedelta(days=holiday)})
        plain, own = own_step(today, DUE, rule, NONE), own_step(today, DUE, rule, days)
        assert plain is None or own is not None


class TestOthers:
    @pytest.mark.parametrize(
        ("today", "step"),
        [
            (DUE, None),
            (date(2027, 1, 14), None),
            (date(2027, 1, 15), ONE_LEAD),  # the fifth working day after it
            (date(2027, 1, 21), ONE_LEAD),
            (date(2027, 1, 22), BOTH_LEADS),  # the tenth
            (date(2028, 1, 1), BOTH_LEADS),
        ],
    )
    def test_first_one_lead_then_both(self, today, step):
        found = step_for_others(today, DUE, USUAL, NONE)
        assert (found and found.name) == step

    def test_nobody_when_the_rule_tells_nobody(self):
        assert step_for_others(date(2029, 1, 1), DUE, Rule((), True, True, None, None), NONE) is None

    @given(RULES, st.integers(-50, 100))
    def test_never_before_the_day_has_passed(self, rule, offset):
        today = DUE + timedelta(days=offset)
        step = step_for_others(today, DUE, rule, NONE)
        assert step is None or (today > DUE and today >= add_working_days(DUE, 1, NONE))


class TestPutOff:
    def test_the_day_brings_a_reminder_of_its_own(self):
        assert after_a_break(Step("7", date(2027, 1, 1)), date(2027, 1, 5)) == Step("again-20270105", date(2027, 1, 5))

    @pytest.mark.parametrize("since", [date(2027, 1, 5), date(2027, 1, 6)])
    def test_unless_a_step_came_due_on_it_or_after(self, since):
        assert after_a_break(Step("1", since), date(2027, 1, 5)) == Step("1", since)

    def test_nothing_while_no_step_is_due(self):
        assert after_a_break(None, date(2027, 1, 5)) is None


def choice(rule, *, kind="", partnership=None, person=None, from_on=date(2027, 1, 1), order=1, words="set"):
    return Choice(from_on, order, kind, partnership, person, rule, words)


class TestWhoseRule:
    def test_without_any_the_usual_one(self):
        assert Rules([], DUE).of("k", HERE, ME) == (USUAL, USUAL_WORDS)

    def test_the_most_special_one_holds(self):
        named = {name: Rule((n,)) for n, name in enumerate(("all", "kind", "here", "here kind", "me", "my kind"), 1)}
        rules = Rules(
            [
                choice(named["all"], words="all"),
                choice(named["kind"], kind="k", words="kind"),
                choice(named["here"], partnership=HERE, words="here"),
                choice(named["here kind"], partnership=HERE, kind="k", words="here kind"),
                choice(named["me"], person=ME, words="me"),
                choice(named["my kind"], person=ME, kind="k", words="my kind"),
            ],
            DUE,
        )
        expected = {
            ("k", HERE, ME): "my kind", ("other", HERE, ME): "me", ("k", HERE, YOU): "here kind",
            ("other", HERE, YOU): "here", ("k", THERE, YOU): "kind", ("other", THERE, YOU): "all",
        }  # fmt: skip
        for asked, words in expected.items():
            rule, whose = rules.of(*asked)
            assert (rule.before, whose) == (named[words].before, words)

    def test_each_begins_on_its_day_and_the_later_one_follows(self):
        rows = [choice(Rule((1,)), from_on=date(2027, 1, 1)), choice(Rule((2,)), from_on=date(2027, 2, 1), order=2)]
        for today, before in ((date(2026, 12, 31), USUAL.before), (date(2027, 1, 31), (1,)), (date(2027, 2, 1), (2,))):
            assert Rules(rows, today).of("k", HERE, ME)[0].before == before

    def test_going_back_to_the_usual_one(self):
        rows = [choice(RARE, partnership=HERE), choice(None, partnership=HERE, order=2)]
        assert Rules(rows, DUE).of("k", HERE, ME) == (USUAL, USUAL_WORDS)

    def test_a_persons_rule_does_not_decide_who_else_is_told(self):
        rule, _ = Rules([choice(RARE, person=ME)], DUE).of("k", HERE, ME)
        assert rule.before == RARE.before
        assert (rule.one_lead_after, rule.both_leads_after) == (USUAL.one_lead_after, USUAL.both_leads_after)

    @given(RULES, RULES, RULES)
    def test_what_the_law_asks_for_is_reminded_of_at_least_as_usual(self, portal, here, mine):
        rules = Rules([choice(portal), choice(here, partnership=HERE), choice(mine, person=ME)], DUE)
        rule, _ = rules.of("k", HERE, ME, legal=True)
        assert set(rule.before) >= set(USUAL.before)
        assert rule.on_the_day
        assert rule.weekly
        assert rule.one_lead_after <= USUAL.one_lead_after

    @given(st.lists(RULES, max_size=4))
    def test_the_planner_looks_as_far_ahead_as_any_rule(self, some):
        rules = Rules([choice(rule, kind=str(n)) for n, rule in enumerate(some)], DUE)
        assert rules.earliest == max([28, *(day for rule in some for day in rule.before)])


class TestWords:
    @pytest.mark.parametrize(
        ("rule", "words", "others"),
        [
            (
                USUAL,
                "28, 14, 7 and 1 working days before; on the day; every week while it is late",
                "the lead of the owner’s side after 5 working days, both leads after 10 working days",
            ),
            (RARE, "3 working days before", "both leads after 20 working days"),
            (Rule((1,), True, False, None, None), "1 working day before; on the day", "nobody else"),
            (Rule((), False, False, None, None), "never", "nobody else"),
        ],
    )
    def test_a_rule(self, rule, words, others):
        assert rule_in_words(rule) == words
        assert others_in_words(rule) == others

    @pytest.mark.parametrize(
        ("step", "words"),
        [
            ("28", "28 working days before the day"),
            ("1", "1 working day before the day"),
            ("0", "on the day"),
            ("late-0", "because the day has passed"),
            ("late-1", "1 week after the day"),
            ("late-12", "12 weeks after the day"),
            ("again-20270105", "because it was put off until now"),
            (ONE_LEAD, "because it is 5 working days late or more"),
            (BOTH_LEADS, "because it is 10 working days late or more"),
        ],
    )
    def test_a_step(self, step, words):
        assert step_in_words(step, USUAL) == words
