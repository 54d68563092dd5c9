"""The summary rows: the same as working everything out again, whatever happened, and however two people hurry."""

import random
from datetime import UTC, date, datetime
from decimal import Decimal
from importlib import import_module
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from foundation.audit.chain import verify
from foundation.database import clock
from foundation.policy.refusals import Refused
from partnerships.actions.summary import refresh
from partnerships.health import Health
from partnerships.models import Partnership
from partnerships.roles import PartnershipRole
from pilots import tallies
from pilots.actions.corrections import begin_correction, drop_correction
from pilots.actions.indicators import Definition, define_indicator, edit_indicator
from pilots.actions.returns import accept, return_with_note, save_draft, submit
from pilots.measures import Direction, Rollup, Unit
from pilots.models import Indicator, IndicatorTally, MonthlyReturn, YearTally
from pilots.rollup import Figure, Tally, Year, accepted_of, per_cent, result, result_of, sent_of, tallied, tally_of
from pilots.standing import months_of, standing_of
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import IndicatorFactory, ReturnFactory, ValueFactory, the_two_sides, whole_entry
from tests.racing import WON, race, rounds

amounts = st.none() | st.decimals(min_value=-1000, max_value=10**10 - 1, places=2)
wholes = st.none() | st.decimals(min_value=0, max_value=10**10 - 1, places=2)
months = st.dates(date(2020, 1, 1), date(2027, 12, 1)).map(lambda day: day.replace(day=1))
histories = st.dictionaries(months, st.builds(Figure, amounts, wholes, st.sampled_from([1, 3])), max_size=30)


# The arithmetic: pure


def test_a_tally_worked_by_hand():
    told = tallied(
        [
            (date(2026, 4, 1), Figure(Decimal(10), Decimal(12))),
            (date(2026, 5, 1), Figure(Decimal(4), Decimal(30))),
            (date(2026, 6, 1), Figure(None, Decimal(5))),
        ]
    )
    assert (told.periods, told.months, told.amount) == (3, 2, 14)
    assert (told.part, told.whole, told.weighted) == (14, 42, 240)
    assert (told.latest_period, told.latest_amount) == (date(2026, 5, 1), 4)
    assert (told.last_period, told.last) == (date(2026, 6, 1), Figure(None, Decimal(5)))
    assert result_of(Rollup.RATIO, Unit.PERCENT, told) == Decimal(14) / 42 * 100


@given(histories, st.integers(1, 5), st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_any_partition_of_the_months_adds_up_to_the_whole(history, parts, shuffle):
    dated = list(history.items())
    shuffle.shuffle(dated)
    shares = [tallied(dated[n::parts]) for n in range(parts)]
    whole = tallied(sorted(history.items()))
    assert sum(shares, Tally()) == whole
    in_order = [history[month] for month in sorted(history)]
    for rollup in Rollup:
        assert result_of(rollup, Unit.POUNDS, whole) == result(rollup, Unit.POUNDS, in_order)


@given(st.lists(st.tuples(months, st.integers(0, 500), st.integers(0, 10**12)), max_size=30), st.integers(1, 4))
@settings(max_examples=40)
def test_years_add_up_in_any_parts_and_a_share_is_of_the_sums(returns, parts):
    told = [accepted_of(m, starts=n, reviewed=n, improved=n // 2, spent=Decimal(p).scaleb(-2)) for m, n, p in returns]
    whole = sum(told, Year())
    assert sum((sum(told[n::parts], Year()) for n in range(parts)), Year()) == whole
    people = sum(n for _, n, _ in returns)
    assert whole.cost_per_start == (whole.spent / people if people else None)


def test_s29_the_improved_of_two_pilots_are_of_all_who_were_reviewed():
    together = accepted_of(date(2026, 4, 1), reviewed=50, improved=40) + accepted_of(
        date(2026, 4, 1), reviewed=60, improved=30
    )
    assert round(per_cent(together.improved, together.reviewed), 2) == Decimal(
        "63.64"
    )  # never 65, the mean of 80 and 50
    assert (sent_of(on_time=True) + sent_of(on_time=False)).on_time == 1
    assert per_cent(0, 0) is None


# Kept in the database, exactly


@pytest.mark.django_db
def test_sums_longer_than_a_binary_fraction_are_kept_to_the_last_digit():
    indicator = IndicatorFactory(percent=False, rollup=Rollup.WEIGHTED_MEAN, unit=Unit.DAYS)
    most = Decimal("9999999999.99")
    for month in (8, 9, 10):
        row = ReturnFactory(partnership=indicator.partnership, period=date(2026, month, 1), accepted=True, actual=most)
        ValueFactory(monthly_return=row, indicator=indicator, amount=most, out_of=most)
    kept = IndicatorTally.objects.get()
    assert kept.weighted == most * most * 3
    assert (kept.amount, YearTally.objects.get().spent) == (most * 3, most * 3)
    assert list(tallies.differences([indicator.partnership_id])) == []


@pytest.mark.django_db
def test_the_rows_refuse_what_cannot_be():
    year = YearTally.objects.create(partnership=PartnershipFactory(), since=date(2026, 4, 1))
    for since in (date(2026, 4, 1), date(2026, 5, 1)):
        with pytest.raises(IntegrityError), transaction.atomic():
            YearTally.objects.create(partnership=year.partnership, since=since)


@pytest.mark.django_db
def test_the_standing_of_a_hundred_months_is_read_from_as_few_short_rows_as_that_of_one():
    counts = []
    for number in (1, 100):
        indicator = IndicatorFactory(is_headline=True)
        periods = [date(2018 + n // 12, n % 12 + 1, 1) for n in range(number)]
        MonthlyReturn.objects.bulk_create(
            MonthlyReturn(partnership=indicator.partnership, period=period, due_on=date(2027, 1, 1))
            for period in periods[:-1]
        )
        last = ReturnFactory(partnership=indicator.partnership, period=periods[-1], accepted=True)
        ValueFactory(monthly_return=last, indicator=indicator)
        with CaptureQueriesContext(connection) as captured:
            assert standing_of(indicator.partnership).indicators[0].result == 8
            assert months_of(indicator, 36) == [(last.period, Decimal(8))]
        counts.append(len(captured))
        assert not [q["sql"] for q in captured.captured_queries[:4] if "pilots_indicatorvalue" in q["sql"]]
    assert counts == [5, 5]


@pytest.mark.django_db
def test_an_indicator_without_a_row_stands_grey():
    indicator = IndicatorFactory()
    IndicatorTally.objects.all().delete()
    standing = standing_of(indicator.partnership)
    assert (standing.indicators[0].result, standing.health, standing.spend.until) == (None, Health.GREY, None)


@pytest.mark.django_db
def test_the_newest_corrected_months_are_named_in_their_order_and_no_more_than_twelve():
    partnership = PartnershipFactory(in_pilot=True)
    for n in range(13):
        row = ReturnFactory(partnership=partnership, period=date(2025 + n // 12, n % 12 + 1, 1), accepted=True)
        MonthlyReturn.objects.filter(pk=row.pk).update(state="superseded")
        ReturnFactory(
            partnership=partnership, period=row.period, accepted=True, revision=2, corrects=row, correction_reason="So."
        )  # fmt: skip
    corrected = standing_of(partnership).corrected
    assert (len(corrected), corrected[0], corrected[-1]) == (12, "February 2025", "January 2026")


@pytest.mark.django_db
def test_what_was_there_before_the_rows_gets_them_from_the_migration():
    row = ReturnFactory(accepted=True, period=date(2026, 3, 1))
    for rollup in (Rollup.SUM, Rollup.RATIO, Rollup.LATEST):
        indicator = IndicatorFactory(partnership=row.partnership, rollup=rollup)
        ValueFactory(monthly_return=row, indicator=indicator, out_of=Decimal(9))
    ReturnFactory(partnership=row.partnership, period=date(2026, 4, 1), submitted=True)
    YearTally.objects.all().delete()
    IndicatorTally.objects.all().delete()
    import_module("pilots.migrations.0006_fill_the_tallies").fill(apps, None)
    assert (YearTally.objects.count(), IndicatorTally.objects.count()) == (2, 3)
    assert list(tallies.differences([row.partnership_id])) == []


# Whatever happens


class Pilot:
    """One pilot with two sides, in January 2027; each step is an action somebody might take now."""

    def __init__(self):
        self.partnership = PartnershipFactory(in_pilot=True)
        self.logs, self.accepts = the_two_sides(self.partnership)
        for period in (date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1), date(2026, 5, 1)):
            ReturnFactory(partnership=self.partnership, period=period)
        for code, rollup in (("R1", Rollup.SUM), ("R2", Rollup.RATIO), ("R3", Rollup.LATEST)):
            self.define(code, rollup)

    def define(self, code, rollup, target=10):
        told = Definition(code, f"Indicator {code}", Unit.COUNT, rollup, Direction.UP, target=Decimal(target))
        define_indicator(partnership=self.partnership, definition=told, by=self.accepts)

    def of(self, choose, **state):
        rows = list(MonthlyReturn.objects.filter(partnership=self.partnership, **state).order_by("pk"))
        return choose.choice(rows) if rows else None

    def entry(self, choose):
        figures = {
            code: Figure(Decimal(choose.randint(1, 9999)) / 100, Decimal(choose.randint(1, 50)))
            if choose.random() < 0.8
            else Figure()
            for code in Indicator.objects.filter(partnership=self.partnership).values_list("code", flat=True)
        }
        spent = Decimal(choose.randint(0, 2_000_000)) / 100
        return whole_entry(figures=figures, actual=spent, variance_reason="It was so.")

    def step(self, name, choose):
        getattr(self, name)(choose)

    def send(self, choose):
        if row := self.of(choose, state__in=["planned", "draft", "returned"]):
            submit(monthly_return=row, entry=self.entry(choose), by=self.logs)

    def draft(self, choose):
        if row := self.of(choose, state__in=["planned", "draft", "returned"]):
            save_draft(monthly_return=row, entry=self.entry(choose), by=self.logs)

    def take(self, choose):
        if row := self.of(choose, state="submitted"):
            accept(monthly_return=row, by=self.accepts)

    def refuse(self, choose):
        if row := self.of(choose, state="submitted"):
            return_with_note(monthly_return=row, note="Look again.", by=self.accepts)

    def correct(self, choose):
        if row := self.of(choose, state="accepted", correction=None):
            begin_correction(monthly_return=row, reason="A slip.", by=self.logs)

    def drop(self, choose):
        if row := self.of(choose, state="draft", corrects__isnull=False):
            drop_correction(monthly_return=row, by=self.logs)

    def add(self, choose):
        self.define(f"O{Indicator.objects.count()}", choose.choice(list(Rollup)))

    def change(self, choose):
        row = choose.choice(list(Indicator.objects.filter(partnership=self.partnership)))
        told = Definition(
            row.code, row.title, row.unit, row.rollup, row.direction, target=Decimal(choose.randint(1, 99))
        )
        edit_indicator(indicator=row, definition=told, by=self.accepts)


STEPS = [
    "send",
    "send",
    "send",
    "take",
    "take",
    "take",
    "draft",
    "refuse",
    "correct",
    "correct",
    "drop",
    "add",
    "change",
]


@pytest.mark.django_db
@given(st.lists(st.sampled_from(STEPS), min_size=8, max_size=24), st.integers(0, 10**6))
@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_after_any_sequence_of_actions_the_rows_are_what_the_returns_say(names, seed):
    choose = random.Random(seed)
    with transaction.atomic(), clock.at(datetime(2027, 1, 20, 9, tzinfo=UTC)):
        pilot = Pilot()
        for name in names:
            pilot.step(name, choose)
            assert [str(found) for found in tallies.differences([pilot.partnership.pk])] == [], name
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_a_refused_acceptance_leaves_the_rows_alone():
    row = ReturnFactory(submitted=True)
    IndicatorFactory(partnership=row.partnership)
    _, accepts = the_two_sides(row.partnership)
    before = list(YearTally.objects.values()), list(IndicatorTally.objects.values())
    with pytest.raises(Refused):
        accept(monthly_return=row, by=row.submitted_by)
    assert (list(YearTally.objects.values()), list(IndicatorTally.objects.values())) == before
    accept(monthly_return=row, by=accepts)
    assert YearTally.objects.get().accepted == 1


@pytest.mark.django_db(transaction=True)
def test_two_returns_accepted_at_the_same_moment_are_both_counted():
    """Other months of one pilot, so that both win; and of one month, so that one does."""
    partnership = PartnershipFactory(in_pilot=True)
    indicator = IndicatorFactory(partnership=partnership, target=Decimal(8))
    both = [person_as(PartnershipRole.PUBLIC_LEAD, partnership) for _ in range(2)]
    pairs = rounds() // 20
    rows = []
    for n in range(pairs * 2):
        rows.append(ReturnFactory(partnership=partnership, period=date(2020 + n // 12, n % 12 + 1, 1), submitted=True))
        ValueFactory(monthly_return=rows[-1], indicator=indicator)
    duels = [
        tuple(lambda row=row, by=by: accept(monthly_return=row, by=by) for row, by in zip(pair, both, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    ]
    assert race(duels) == [(WON, WON)] * pairs
    same = ReturnFactory(partnership=partnership, period=date(2030, 1, 1), submitted=True)
    ((one, other),) = race([tuple(lambda by=by: accept(monthly_return=same, by=by) for by in both)])
    assert (one == WON) != (other == WON)
    assert list(tallies.differences([partnership.pk])) == []
    assert IndicatorTally.objects.get().amount == 8 * pairs * 2
    assert sum(year.accepted for year in YearTally.objects.all()) == pairs * 2 + 1
    assert verify(partnership.audit_scope) == []


# The command


def verified(*options):
    out = StringIO()
    try:
        call_command("tally_verify", *options, stdout=out)
    except SystemExit as end:
        return end.code, out.getvalue()
    return 0, out.getvalue()


@pytest.mark.django_db
def test_a_broken_row_is_named_and_repaired_with_the_partnerships_health():
    row = ReturnFactory(accepted=True, actual=Decimal(10_000))
    right = IndicatorFactory(partnership=row.partnership, code="R1")
    ValueFactory(monthly_return=row, indicator=right, amount=Decimal(10))
    IndicatorFactory(partnership=row.partnership, code="R2")
    refresh(row.partnership)
    assert verified() == (0, "1 partnerships checked, 0 differences.\n")

    IndicatorTally.objects.filter(indicator=right).update(amount=Decimal(3))
    IndicatorTally.objects.exclude(indicator=right).delete()
    YearTally.objects.update(spent=Decimal(99_999))
    YearTally.objects.create(partnership=row.partnership, since=date(2019, 4, 1), starts=1)
    refresh(row.partnership)
    assert Partnership.objects.get().health == Health.RED
    code, said = verified()
    assert code == 1
    title = row.partnership.title
    assert said.splitlines() == [
        f"{title}: Indicator {right}: amount is 3, should be 10.00",
        f"{title}: Indicator R2 people starting: a row is missing",
        f"{title}: Financial year from 1 April 2019: a row that should not be there",
        f"{title}: Financial year from 1 April 2026: spent is 99999.00, should be 10000.00",
        "1 partnerships checked, 4 differences.",
    ]
    code, said = verified("--repair")
    assert (code, said.splitlines()[-1]) == (0, "1 partnerships checked, 4 differences, all written right.")
    assert verified() == (0, "1 partnerships checked, 0 differences.\n")
    assert Partnership.objects.get().health == Health.GREEN
    assert tally_of(row.period, Figure(Decimal(10))).amount == IndicatorTally.objects.get(indicator=right).amount
