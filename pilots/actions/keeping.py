"""Keeping what was typed into a return: its own columns and the rows that hang on it. Part of saving and submitting."""

from foundation.database import clock
from partnerships.models import Partner
from pilots.breakdown import ALL
from pilots.entry import Entry, Telling
from pilots.models import Breakdown, Indicator, IndicatorValue, MonthlyReturn, Receipt, Story
from pilots.rollup import Figure
from pilots.sources import figure_of


def keep(row: MonthlyReturn, entry: Entry) -> None:
    """Everything of `entry` on the return and its rows; the return itself is saved by whoever calls this."""
    row.keep(entry)
    _keep_figures(row, row.as_kept(entry))
    _keep_counts(row, entry)
    _keep_receipts(row, entry)
    if entry.story is not None and row.corrects_id is None:
        _keep_story(row, entry.story)


def copy_rows(of: MonthlyReturn, to: MonthlyReturn) -> None:
    """A correction begins with everything the accepted return has, but the story: that one they share."""
    values, counts, receipts = list(of.values.all()), list(of.breakdown.all()), list(of.receipts.all())
    copies: list[IndicatorValue | Breakdown | Receipt] = [*values, *counts, *receipts]
    for copy in copies:
        copy.pk, copy.monthly_return = None, to
    IndicatorValue.objects.bulk_create(values)
    Breakdown.objects.bulk_create(counts)
    Receipt.objects.bulk_create(receipts)


def _keep_figures(row: MonthlyReturn, entry: Entry) -> None:
    indicators = Indicator.objects.filter(partnership=row.partnership)
    IndicatorValue.objects.bulk_create(
        [_value(row, indicator, entry) for indicator in indicators],
        update_conflicts=True,
        unique_fields=["monthly_return", "indicator"],
        update_fields=["amount", "out_of"],
    )


def _value(row: MonthlyReturn, indicator: Indicator, entry: Entry) -> IndicatorValue:
    drawn = bool(indicator.drawn_from)
    figure = figure_of(indicator.drawn_from, entry) if drawn else entry.figures.get(indicator.code, Figure())
    return IndicatorValue(
        monthly_return=row,
        indicator=indicator,
        amount=figure.amount,
        out_of=figure.out_of if indicator.in_pairs else None,
    )


def _keep_counts(row: MonthlyReturn, entry: Entry) -> None:
    row.breakdown.all().delete()
    Breakdown.objects.bulk_create(
        Breakdown(monthly_return=row, dimension=dimension, category=category, count=entry.counts[dimension, category])
        for dimension, category in ALL
        if (dimension, category) in entry.counts
    )


def _keep_receipts(row: MonthlyReturn, entry: Entry) -> None:
    partners = Partner.objects.filter(partnership=row.partnership, public_id__in=entry.received)
    row.receipts.all().delete()
    Receipt.objects.bulk_create(
        Receipt(monthly_return=row, partner=partner, received=entry.received[partner.public_id]) for partner in partners
    )


def _keep_story(row: MonthlyReturn, told: Telling) -> None:
    """A story of which the consent was withdrawn stays as it is, and nobody tells it again in this return."""
    story = Story.objects.filter(monthly_return=row).first()
    if story and story.withdrawn_on:
        return
    if not told.text.strip():
        if story:
            story.delete()
        return
    story = story or Story(monthly_return=row, created_at=clock.now())
    story.text, story.may_use = told.text, told.may_use
    story.anonymised, story.may_publish = told.anonymised, told.may_publish
    story.save()
