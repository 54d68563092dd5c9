from partnerships.models.budget import NEEDED_HEADINGS, BudgetHeading, BudgetLine
from partnerships.models.decision import DecisionSignature, GateDecision
from partnerships.models.involvement import Involvement
from partnerships.models.meeting import ActionPoint, Dissent, Meeting, MeetingDecision
from partnerships.models.memorandum import Memorandum, Signature
from partnerships.models.partner import Member, Partner, roles_of
from partnerships.models.partnership import Partnership
from partnerships.models.plan import Milestone, MilestoneMove, PlanBlock
from partnerships.models.risk import Risk, RiskReview
from partnerships.models.sharing import SharingEntry
from partnerships.models.skills import SkillsAssessment, SkillScore

__all__ = [
    "NEEDED_HEADINGS",
    "ActionPoint",
    "BudgetHeading",
    "BudgetLine",
    "DecisionSignature",
    "Dissent",
    "GateDecision",
    "Involvement",
    "Meeting",
    "MeetingDecision",
    "Member",
    "Memorandum",
    "Milestone",
    "MilestoneMove",
    "Partner",
    "Partnership",
    "PlanBlock",
    "Risk",
    "RiskReview",
    "SharingEntry",
    "Signature",
    "SkillScore",
    "SkillsAssessment",
    "roles_of",
]
