"""The filter of all pilots together: the portfolio's, with a financial year and what the rows are."""

from datetime import date
from typing import Any

import django_filters
from django.db.models import QuerySet

from foundation.database import clock
from partnerships.filters import PortfolioFilter
from partnerships.models import Partnership
from pilots.periods import financial_year_of
from pilots.together import Grouping

YEARS = 10  # to choose from: this one and those before it


class TogetherFilter(PortfolioFilter):
    order = None
    year = django_filters.ChoiceFilter(
        method="all_the_same", choices=[], empty_label="All years", label="Financial year"
    )
    by = django_filters.ChoiceFilter(
        method="all_the_same",
        choices=[(Grouping.AREA.value, "A row for each council area")],
        empty_label="A row for each stage",
        label="Rows",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        newest = financial_year_of(clock.today()).year
        self.filters["year"].extra["choices"] = [(str(n), year_in_words(n)) for n in range(newest, newest - YEARS, -1)]

    def all_the_same(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        """It says what is added up, not of which partnerships."""
        return rows

    @property
    def grouping(self) -> Grouping:
        return Grouping(self.said("by") or Grouping.STAGE)

    @property
    def since(self) -> date | None:
        year = self.said("year")
        return financial_year_of(date(int(year), 12, 1)) if year else None


def year_in_words(year: int) -> str:
    """“2026-27” for the year that begins on 1 April 2026."""
    return f"{year}-{(year + 1) % 100:02}"
