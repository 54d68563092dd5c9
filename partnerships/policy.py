"""Who may reach each address of this app (see `foundation.policy.table`). Membership is `Partnership.visible_to`."""

from accounts.permissions import Ability, can
from foundation.policy.table import Rule, form, page, verb

MEMBER = "a part in the partnership"


def _a(ability: str) -> str:
    return f"{MEMBER}, and a role that may {ability}"


POLICY: dict[str, Rule] = {
    "partnerships:portfolio": page(),
    "partnerships:start": form(
        Ability.START_PARTNERSHIP.value, allows=lambda person: can(person, Ability.START_PARTNERSHIP)
    ),
    "partnerships:partnership": page(MEMBER),
    "partnerships:edit": form(_a("edit its description")),
    "partnerships:plan": page(MEMBER),
    "partnerships:plan_change": form(_a("change the plan")),
    "partnerships:milestone_add": form(_a("change the plan")),
    "partnerships:milestone": page(MEMBER),
    "partnerships:milestone_edit": form(_a("change the plan")),
    "partnerships:milestone_move": form(_a("change the plan")),
    "partnerships:milestone_complete": form(_a("change the plan")),
    "partnerships:partners": page(MEMBER),
    "partnerships:partner_add": form(_a("add partners and people")),
    "partnerships:partner_leave": form(_a("add partners and people")),
    "partnerships:contingency_plan": form(_a("write a contingency plan")),
    "partnerships:member_add": form(_a("add partners and people")),
    "partnerships:member_remove": form(_a("add partners and people")),
    "partnerships:memorandum": page(MEMBER),
    "partnerships:memorandum_write": form(_a("write the memorandum")),
    "partnerships:memorandum_version": page(MEMBER),
    "partnerships:memorandum_sign": verb(_a("sign the memorandum")),
    "partnerships:budget": page(MEMBER),
    "partnerships:budget_add": form(_a("change the budget")),
    "partnerships:budget_change": form(_a("change the budget")),
    "partnerships:budget_remove": form(_a("change the budget")),
    "partnerships:registers": page(MEMBER),
    "partnerships:risks": page(MEMBER),
    "partnerships:risk": page(MEMBER),
    "partnerships:risk_add": form(_a("write in the registers")),
    "partnerships:risk_edit": form(_a("write in the registers")),
    "partnerships:risk_review": form(_a("write in the registers") + ", or the risk's ownership"),
    "partnerships:risk_close": form(_a("write in the registers")),
    "partnerships:sharing": page(MEMBER),
    "partnerships:sharing_entry": page(MEMBER + ", and the entry's class"),
    "partnerships:sharing_log": form(_a("write in the registers")),
    "partnerships:sharing_correct": form(_a("write in the registers")),
    "partnerships:meetings": page(MEMBER),
    "partnerships:meeting": page(MEMBER),
    "partnerships:meeting_add": form(_a("write in the registers")),
    "partnerships:meeting_edit": form(_a("write in the registers")),
    "partnerships:action_point_add": form(_a("write in the registers")),
    "partnerships:action_point_finish": form(_a("write in the registers") + ", or the action's ownership"),
    "partnerships:meeting_decisions": page(MEMBER),
    "partnerships:meeting_decision_add": form(_a("write in the registers")),
    "partnerships:dissent_note": form(_a("write in the registers")),
    "partnerships:involvement": page(MEMBER),
    "partnerships:involvement_log": form(_a("write in the registers")),
    "partnerships:involvement_edit": form(_a("write in the registers")),
    "partnerships:you_said": page(MEMBER),
    "partnerships:skills": page(MEMBER),
    "partnerships:partner_skills": page(MEMBER),
    "partnerships:skills_assess": form(_a("write in the registers") + ", for one's own organisation"),
    "partnerships:gate": page(MEMBER),
    "partnerships:decision_propose": form(_a("decide at the gate")),
    "partnerships:decision_sign": form(_a("decide at the gate")),
    "partnerships:decision_withdraw": form(_a("decide at the gate")),
    "partnerships:history": page(MEMBER),
}
