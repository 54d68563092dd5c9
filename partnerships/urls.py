from django.urls import path

from partnerships.views import budget, gate, history, memorandum, partners, partnership, plan, portfolio, standing

app_name = "partnerships"

urlpatterns = [
    path("", portfolio.portfolio, name="portfolio"),
    path("start/", partnership.start, name="start"),
    path("<pid:partnership_id>/", partnership.overview, name="partnership"),
    path("<pid:partnership_id>/edit/", partnership.edit, name="edit"),
    path("<pid:partnership_id>/plan/", plan.plan, name="plan"),
    path("<pid:partnership_id>/plan/blocks/", plan.change, name="plan_change"),
    path("<pid:partnership_id>/plan/milestones/add/", plan.add, name="milestone_add"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/", plan.milestone, name="milestone"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/edit/", plan.edit, name="milestone_edit"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/move/", plan.move, name="milestone_move"),
    path("<pid:partnership_id>/plan/milestones/<pid:milestone_id>/complete/", plan.complete, name="milestone_complete"),
    path("<pid:partnership_id>/partners/", partners.partners, name="partners"),
    path("<pid:partnership_id>/partners/add/", partners.add, name="partner_add"),
    path("<pid:partnership_id>/partners/<pid:partner_id>/leave/", standing.leave, name="partner_leave"),
    path("<pid:partnership_id>/partners/<pid:partner_id>/stay/", standing.stay, name="partner_stay"),
    path("<pid:partnership_id>/partners/<pid:partner_id>/leaving/", standing.leaving, name="partner_leaving"),
    path(
        "<pid:partnership_id>/partners/<pid:partner_id>/leaving/<slug:kind>/<pid:key>/",
        standing.give,
        name="partner_hand_over",
    ),
    path("<pid:partnership_id>/partners/successor/", standing.successor, name="successor"),
    path("<pid:partnership_id>/pause/", standing.pause, name="pause"),
    path("<pid:partnership_id>/resume/", standing.resume, name="resume"),
    path("<pid:partnership_id>/together/", standing.agree, name="agree"),
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
