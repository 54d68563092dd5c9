from datetime import date

from django.urls import path, register_converter

from pilots.views import (
    corrections,
    data,
    evaluation,
    filling,
    indicators,
    living_wage,
    logic_model,
    money,
    notes,
    papers,
    pilot,
    plan,
    returns,
    social_accounts,
    sroi,
    sroi_changes,
    stories,
    together,
    workbook,
)


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
    path("", together.together, name="together"),
    path("export/<slug:kind>/", together.export, name="together_export"),
    path("living-wage/", living_wage.living_wage, name="living_wage"),
    path("living-wage/enter/", living_wage.living_wage_set, name="living_wage_set"),
    path("figures/", data.all_data, name="all_data"),
    path("figures/<slug:kind>/", data.all_data_file, name="all_data_file"),
    path("<pid:partnership_id>/", pilot.pilot, name="pilot"),
    path("<pid:partnership_id>/money/", money.money, name="money"),
    path("<pid:partnership_id>/report/", papers.report, name="report"),
    path("<pid:partnership_id>/report/<month:first>/<month:last>/pdf/", papers.report_ask, name="report_ask"),
    path("<pid:partnership_id>/evaluation/packs/", papers.evaluation_packs, name="evaluation_packs"),
    path(
        "<pid:partnership_id>/evaluation/packs/<slug:gate>/make/",
        papers.evaluation_pack_ask,
        name="evaluation_pack_ask",
    ),
    path("<pid:partnership_id>/papers/", papers.papers, name="papers"),
    path("<pid:partnership_id>/papers/<pid:paper_id>/", papers.paper, name="paper"),
    path("<pid:partnership_id>/papers/<pid:paper_id>/progress/", papers.progress, name="paper_progress"),
    path("<pid:partnership_id>/papers/<pid:paper_id>/download/", papers.download, name="paper_download"),
    path("<pid:partnership_id>/indicators/", indicators.indicators, name="indicators"),
    path("<pid:partnership_id>/indicators/add/", indicators.add, name="indicator_add"),
    path("<pid:partnership_id>/indicators/starter-set/", indicators.starter_set, name="starter_set"),
    path("<pid:partnership_id>/indicators/<pid:indicator_id>/", indicators.indicator, name="indicator"),
    path("<pid:partnership_id>/indicators/<pid:indicator_id>/who-started/", indicators.started, name="who_started"),
    path("<pid:partnership_id>/indicators/<pid:indicator_id>/edit/", indicators.edit, name="indicator_edit"),
    path("<pid:partnership_id>/logic-model/", logic_model.read, name="logic_model"),
    path("<pid:partnership_id>/logic-model/print/", logic_model.printed, name="logic_model_print"),
    path("<pid:partnership_id>/logic-model/write/", logic_model.write, name="logic_model_write"),
    path("<pid:partnership_id>/returns/", returns.returns, name="returns"),
    path("<pid:partnership_id>/returns/plan/", returns.plan, name="returns_plan"),
    path("<pid:partnership_id>/returns/<month:period>/", returns.read, name="return"),
    path("<pid:partnership_id>/returns/<month:period>/fill-in/", filling.fill_in, name="return_fill_in"),
    path(
        "<pid:partnership_id>/returns/<month:period>/fill-in/<slug:section>/",
        filling.fill_in_section,
        name="return_fill_in_section",
    ),
    path("<pid:partnership_id>/returns/<month:period>/correct/", corrections.correct, name="return_correct"),
    path("<pid:partnership_id>/returns/<month:period>/drop-correction/", corrections.drop, name="correction_drop"),
    path(
        "<pid:partnership_id>/returns/<month:period>/version-<int:revision>/",
        corrections.version,
        name="return_version",
    ),
    path("<pid:partnership_id>/returns/<month:period>/accept/", returns.accept_return, name="return_accept"),
    path("<pid:partnership_id>/returns/<month:period>/send-back/", returns.send_back, name="return_send_back"),
    path("<pid:partnership_id>/figures/", data.data, name="data"),
    path("<pid:partnership_id>/figures/<slug:kind>/", data.data_file, name="data_file"),
    path("<pid:partnership_id>/workbook/", workbook.workbook, name="workbook"),
    path("<pid:partnership_id>/workbook/download/", workbook.workbook_file, name="workbook_file"),
    path("<pid:partnership_id>/workbook/<pid:import_id>/", workbook.workbook_import, name="workbook_import"),
    path("<pid:partnership_id>/workbook/<pid:import_id>/save/", workbook.workbook_save, name="workbook_save"),
    path("<pid:partnership_id>/workbook/<pid:import_id>/undo/", workbook.workbook_undo, name="workbook_undo"),
    path("<pid:partnership_id>/notes/", notes.notes, name="notes"),
    path("<pid:partnership_id>/notes/add/<slug:kind>/", notes.add, name="note_add"),
    path("<pid:partnership_id>/notes/<pid:note_id>/photo/", notes.photo, name="note_photo"),
    path("<pid:partnership_id>/notes/<pid:note_id>/set-aside/", notes.set_aside, name="note_set_aside"),
    path("<pid:partnership_id>/reporting/", plan.reporting, name="reporting"),
    path("<pid:partnership_id>/thresholds/", plan.thresholds, name="thresholds"),
    path("<pid:partnership_id>/overall-state/", plan.override, name="override"),
    path("<pid:partnership_id>/overall-state/end/", plan.override_end, name="override_end"),
    path("<pid:partnership_id>/stories/", stories.stories, name="stories"),
    path("<pid:partnership_id>/stories/<pid:story_id>/consents/", stories.consent, name="story_consent"),
    path("<pid:partnership_id>/stories/<pid:story_id>/publish/", stories.publish, name="story_publish"),
    path("<pid:partnership_id>/stories/<pid:story_id>/withdraw/", stories.withdraw, name="story_withdraw"),
    path("<pid:partnership_id>/evaluation/", evaluation.read, name="evaluation"),
    path("<pid:partnership_id>/evaluation/write/", evaluation.write, name="evaluation_write"),
    path("<pid:partnership_id>/evaluation/sign-off/", evaluation.sign, name="evaluation_sign"),
    path("<pid:partnership_id>/evaluation/report/", evaluation.report, name="evaluation_report"),
    path("<pid:partnership_id>/sroi/", sroi.maps, name="sroi"),
    path("<pid:partnership_id>/sroi/start/", sroi_changes.start, name="sroi_start"),
    path("<pid:partnership_id>/sroi/<int:number>/", sroi.sroi_map, name="sroi_map"),
    path("<pid:partnership_id>/sroi/<int:number>/print/", sroi.printed, name="sroi_print"),
    path("<pid:partnership_id>/sroi/<int:number>/pdf/", sroi.download, name="sroi_pdf"),
    path("<pid:partnership_id>/sroi/<int:number>/pdf/progress/", sroi.progress, name="sroi_pdf_progress"),
    path("<pid:partnership_id>/sroi/<int:number>/publish/", sroi.publish, name="sroi_publish"),
    path("<pid:partnership_id>/sroi/<int:number>/next/", sroi.go_on, name="sroi_redraft"),
    path("<pid:partnership_id>/sroi/<int:number>/settings/", sroi_changes.settings, name="sroi_settings"),
    path("<pid:partnership_id>/sroi/<int:number>/inputs/", sroi_changes.inputs, name="sroi_inputs"),
    path("<pid:partnership_id>/sroi/<int:number>/stakeholders/", sroi_changes.stakeholders, name="sroi_stakeholders"),
    path("<pid:partnership_id>/sroi/<int:number>/outcomes/add/", sroi_changes.add, name="sroi_outcome_add"),
    path(
        "<pid:partnership_id>/sroi/<int:number>/outcomes/<pid:outcome_id>/edit/",
        sroi_changes.edit,
        name="sroi_outcome_edit",
    ),
    path(
        "<pid:partnership_id>/sroi/<int:number>/outcomes/<pid:outcome_id>/remove/",
        sroi_changes.remove,
        name="sroi_outcome_remove",
    ),
    path("<pid:partnership_id>/social-accounts/", social_accounts.read, name="social_accounts"),
    path("<pid:partnership_id>/social-accounts/write/", social_accounts.write, name="social_accounts_write"),
]
