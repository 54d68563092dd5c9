"""The holiday table, a year at a time: everybody reads it, commissioners and administrators add to it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.actions.working_day import add_holiday
from accounts.forms.working_days import HolidayForm
from accounts.permissions import Ability, can
from accounts.views.shared import form_page, person_of
from foundation.audit.history import history
from foundation.database import clock
from foundation.forms.submit import carry_out, posted
from foundation.workdays.models import Holiday, Sort

HERE = ("Working days", "accounts:working_days")


def working_days(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    organisation = person.organisation
    days = Holiday.objects.filter(scope__in=["", organisation.audit_scope] if organisation else [""])
    years = sorted({day.year for day in days.dates("on", "year")})
    year = _year(request.GET.get("year"), years)
    rows = [_row(day, str(organisation)) for day in days.filter(on__year=year).select_related("added_by")]
    context = {
        "rows": rows,
        "year": year,
        "years": years,
        "may_add": can(person, Ability.KEEP_OWN_DAYS),
    }
    return render(request, "accounts/working_days.html", context)


def _year(asked: str | None, years: list[int]) -> int:
    """The year of the address when the table has it, otherwise this year."""
    return next((year for year in years if str(year) == asked), clock.today().year)


def _row(day: Holiday, organisation: str) -> dict[str, Any]:
    return {
        "on": day.on,
        "name": day.name,
        "sort": f"Day off of {organisation}" if day.sort == Sort.OWN else day.sort.label,
        "added": f"{day.added_by}, {day.added_at:%-d %B %Y}"
        if day.added_by and day.added_at
        else "Came with the portal",
        "source": day.source,
    }


def add(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    form = HolidayForm(posted(request), person=person)

    def action() -> None:
        add_holiday(**form.values(), by=person)

    if request.method == "POST" and carry_out(request, form, action, done="The day is in the table."):
        return redirect(f"{reverse(HERE[1])}?year={form.cleaned_data['on'].year}")
    page = form_page(form, "Add a day on which nobody works", (HERE[0], reverse(HERE[1])))
    return render(request, "accounts/form.html", page)


def changes(request: HttpRequest) -> HttpResponse:
    context = {
        "heading": "History of the working days",
        "crumbs": ((HERE[0], reverse(HERE[1])),),
        "history": history("workdays", before=request.GET.get("before")),
    }
    return render(request, "accounts/history.html", context)
