from datetime import date

from django.urls import path, register_converter

from pilots.views import evaluation, indicators, pilot, returns


class MonthConverter:
    """`<month:period>`: 2026-10, which is its first day in Python."""

    regex = r"\d{4}-(?:0[1-9]|1[0-2])"

    def to_python(self, value: str) -> date:
        return date.fromisoformat(f"{value}-01")

    def to_url(self, value: date) -> str:
        return f"{value.year:04}-{value.month:02}"


register_converter(MonthConverter, "month")

app_name = "pilots"

urlpatterns = [
    path("<pid:partnership_id>/", pilot.pilot, name="pilot"),
    path("<pid:partnership_id>/indicators/", indicators.indicators, name="indicators"),
    path("<pid:partnership_id>/indicators/add/", indicators.add, name="indicator_add"),
    path("<pid:partnership_id>/indicators/<pid:indicator_id>/edit/", indicators.edit, name="indicator_edit"),
    path("<pid:partnership_id>/returns/plan/", returns.plan, name="returns_plan"),
    path("<pid:partnership_id>/returns/<month:period>/", returns.read, name="return"),
    path("<pid:partnership_id>/returns/<month:period>/fill-in/", returns.fill_in, name="return_fill_in"),
    path("<pid:partnership_id>/returns/<month:period>/accept/", returns.accept_return, name="return_accept"),
    path("<pid:partnership_id>/returns/<month:period>/send-back/", returns.send_back, name="return_send_back"),
    path("<pid:partnership_id>/evaluation/", evaluation.read, name="evaluation"),
    path("<pid:partnership_id>/evaluation/write/", evaluation.write, name="evaluation_write"),
    path("<pid:partnership_id>/evaluation/sign-off/", evaluation.sign, name="evaluation_sign"),
    path("<pid:partnership_id>/evaluation/report/", evaluation.report, name="evaluation_report"),
]
