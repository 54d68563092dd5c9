from partnerships.models.budget import NEEDED_HEADINGS, BudgetHeading, BudgetLine
from partnerships.models.decision import DecisionSignature, GateDecision
from partnerships.models.memorandum import Memorandum, Signature
from partnerships.models.partner import Member, Partner, roles_of
from partnerships.models.partnership import Partnership, Vehicle
from partnerships.models.plan import Milestone, MilestoneMove, PlanBlock

__all__ = [
    "NEEDED_HEADINGS",
    "BudgetHeading",
    "BudgetLine",
    "DecisionSignature",
    "GateDecision",
    "Member",
    "Memorandum",
    "Milestone",
    "MilestoneMove",
    "Partner",
    "Partnership",
    "PlanBlock",
    "Signature",
    "Vehicle",
    "roles_of",
]
