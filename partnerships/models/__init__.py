from partnerships.models.budget import NEEDED_HEADINGS, BudgetHeading, BudgetLine
from partnerships.models.decision import DecisionSignature, GateDecision
from partnerships.models.extension import LONGEST_EXTENSION, ExtensionSignature, PilotExtension
from partnerships.models.memorandum import Memorandum, Signature
from partnerships.models.partner import Member, Partner, roles_of
from partnerships.models.partnership import Partnership
from partnerships.models.plan import Milestone, MilestoneMove, MilestoneWait, PlanBlock

__all__ = [
    "LONGEST_EXTENSION",
    "NEEDED_HEADINGS",
    "BudgetHeading",
    "BudgetLine",
    "DecisionSignature",
    "ExtensionSignature",
    "GateDecision",
    "Member",
    "Memorandum",
    "Milestone",
    "MilestoneMove",
    "MilestoneWait",
    "Partner",
    "Partnership",
    "PilotExtension",
    "PlanBlock",
    "Signature",
    "roles_of",
]
