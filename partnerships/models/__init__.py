from partnerships.models.budget import NEEDED_HEADINGS, BudgetHeading, BudgetLine
from partnerships.models.decision import DecisionCondition, DecisionSignature, GateDecision
from partnerships.models.interest import Interest, Recusal, interest_of
from partnerships.models.memorandum import Memorandum, Signature
from partnerships.models.partner import Member, Partner, roles_of
from partnerships.models.partnership import Partnership
from partnerships.models.plan import Milestone, MilestoneKind, MilestoneMove, PlanBlock

__all__ = [
    "NEEDED_HEADINGS",
    "BudgetHeading",
    "BudgetLine",
    "DecisionCondition",
    "DecisionSignature",
    "GateDecision",
    "Interest",
    "Member",
    "Memorandum",
    "Milestone",
    "MilestoneKind",
    "MilestoneMove",
    "Partner",
    "Partnership",
    "PlanBlock",
    "Recusal",
    "Signature",
    "interest_of",
    "roles_of",
]
