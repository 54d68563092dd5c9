"""A row for each indicator and each financial year there is, worked out from the returns. Backwards there is nothing to do."""

from collections import defaultdict
from dataclasses import asdict
from datetime import date

from django.db import migrations

from pilots.rollup import Figure, Year, accepted_of, sent_of, tallied

ACCEPTED = "accepted"


def fill(apps, editor):
    for partnership in apps.get_model("partnerships", "Partnership").objects.values_list("pk", flat=True):
        _indicators(apps, partnership)
        _years(apps, partnership)


def _indicators(apps, partnership):
    figures = defaultdict(list)
    values = apps.get_model("pilots", "IndicatorValue").objects.filter(
        monthly_return__partnership=partnership, monthly_return__state=ACCEPTED
    )
    for value in values.select_related("monthly_return").order_by("monthly_return__period"):
        told = value.monthly_return
        figures[value.indicator_id].append((told.period, Figure(value.amount, value.out_of, told.months)))
    row = apps.get_model("pilots", "IndicatorTally")
    row.objects.bulk_create(
        row(indicator=indicator, profile=_profile(indicator, tally), **asdict(tally))
        for indicator in apps.get_model("pilots", "Indicator").objects.filter(partnership=partnership)
        for tally in [tallied(figures[indicator.pk])]
    )


def _profile(indicator, tally):
    """As the target was meant until now: of each month, when the months are added up."""
    if indicator.target is None or indicator.rollup != "sum":
        return indicator.target
    return indicator.target * tally.months


def _years(apps, partnership):
    years = defaultdict(Year)
    returns = apps.get_model("pilots", "MonthlyReturn").objects.filter(partnership=partnership)
    for told in returns.filter(first_submitted_on__isnull=False).order_by("period"):
        since = date(told.period.year - (told.period.month < 4), 4, 1)
        if told.revision == 1:
            years[since] += sent_of(told.first_submitted_on <= told.due_on)
        if told.state == ACCEPTED:
            people = {"starts": told.new_starts, "reviewed": told.reviewed, "improved": told.improved}
            years[since] += accepted_of(told.period, **people, budget=told.budget, spent=told.actual)
    row = apps.get_model("pilots", "YearTally")
    row.objects.bulk_create(
        row(partnership_id=partnership, since=since, **asdict(year)) for since, year in years.items() if year != Year()
    )


class Migration(migrations.Migration):
    dependencies = [
        ("pilots", "0005_tallies"),
    ]

    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
