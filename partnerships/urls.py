from django.urls import path

from partnerships.views import (
    budget,
    extension,
    gate,
    history,
    memorandum,
    milestone,
    partners,
    partnership,
    plan,
    portfolio,
)

app_name = "partnerships"

urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("start/", partnership.start, name="start"),
    path("<pid:partnership_id>/", partnership.overview, name="partnership"),
    path("<pid:partnership_id>/edit/", partnership.edit, name="edit"),
    path("<pid:partnership_id>/plan/", plan.plan, name="plan"),
    path("<pid:partnership_id>/plan/blocks/", plan.change, name="plan_change"),
    path("<pid:partnership_id>/plan/start/", plan.start, name="plan_start"),
    path("<pid:partnership_id>/plan/extend/", extension.propose, name="extension_propose"),
    path("<pid:partnership_id>/plan/extend/<pid:extension_id>/sign/", extension.sign, name="extension_sign"),
    path(
        "<pid:partnership_id>/plan/extend/<pid:extension_id>/withdraw/", extension.withdraw, name="extension_withdraw"
    ),
    path("<pid:partnership_id>/plan/milestones/add/", milestone.add, name="milestone_add"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/", milestone.milestone, name="milestone"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/edit/", milestone.edit, name="milestone_edit"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/move/", milestone.move, name="milestone_move"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/waits/", milestone.waits, name="milestone_waits"),
    path(
        "<pid:partnership_id>/plan/milestones/<pid:milestone_id>/complete/",
        milestone.complete,
        name="milestone_complete",
    ),
    path("<pid:partnership_id>/partners/", partners.partners, name="partners"),
    path("<pid:partnership_id>/partners/add/", partners.add, name="partner_add"),
    path("<pid:partnership_id>/partners/<pid:partner_id>/leave/", partners.leave, name="partner_leave"),
    path(
        "<pid:partnership_id>/partners/<pid:partner_id>/contingency-plan/",
        partners.contingency_plan,
        name="contingency_plan",
    ),
    path("<pid:partnership_id>/people/add/", partners.add_person, name="member_add"),
    path("<pid:partnership_id>/people/<pid:member_id>/remove/", partners.remove_person, name="member_remove"),
    path("<pid:partnership_id>/memorandum/", memorandum.memorandum, name="memorandum"),
    path("<pid:partnership_id>/memorandum/write/", memorandum.write, name="memorandum_write"),
    path("<pid:partnership_id>/memorandum/<int:number>/", memorandum.version, name="memorandum_version"),
    path("<pid:partnership_id>/memorandum/<int:number>/sign/", memorandum.sign, name="memorandum_sign"),
    path("<pid:partnership_id>/budget/", budget.budget, name="budget"),
    path("<pid:partnership_id>/budget/add/", budget.add, name="budget_add"),
    path("<pid:partnership_id>/budget/<pid:line_id>/change/", budget.change, name="budget_change"),
    path("<pid:partnership_id>/budget/<pid:line_id>/remove/", budget.remove, name="budget_remove"),
    path("<pid:partnership_id>/gate/", gate.gate, name="gate"),
    path("<pid:partnership_id>/gate/propose/", gate.propose, name="decision_propose"),
    path("<pid:partnership_id>/gate/<pid:decision_id>/sign/", gate.sign, name="decision_sign"),
    path("<pid:partnership_id>/gate/<pid:decision_id>/withdraw/", gate.withdraw, name="decision_withdraw"),
    path("<pid:partnership_id>/history/", history.history, name="history"),
]
