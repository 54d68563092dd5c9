"""The money of the pilot: budget, spend and forecast by period and year to date, in kind, and what a person costs."""

from django.http import HttpRequest, HttpResponse

from partnerships.views.shared import partnership_for, partnership_page
from pilots.money_rows import latest_year, pictures, sum_rows, unit_cost_rows, until_of, year_name, year_tables
from pilots.spending import spending_of


def money(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    spending = spending_of(partnership)
    year = latest_year(spending)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/money.html",
        tables=year_tables(spending),
        year=year and year_name(year.since),
        until=year and until_of(year),
        health=year and spending.health(year.sum),
        limits=spending.by,
        sums=sum_rows(spending.sum),
        costs=unit_cost_rows(spending),
        pictures=pictures(spending),
    )
