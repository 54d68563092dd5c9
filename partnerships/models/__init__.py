from partnerships.models.budget import NEEDED_HEADINGS, BudgetHeading, BudgetLine
from partnerships.models.decision import DecisionCondition, DecisionSignature, GateDecision
from partnerships.models.extension import LONGEST_EXTENSION, ExtensionSignature, PilotExtension
from partnerships.models.interest import Interest, Recusal, interest_of
from partnerships.models.involvement import Involvement
from partnerships.models.meeting import ActionPoint, Dissent, Meeting, MeetingDecision
from partnerships.models.memorandum import Memorandum, Signature
from partnerships.models.partner import Member, Partner, held_by, roles_of
from partnerships.models.partnership import Partnership, Vehicle
from partnerships.models.plan import Milestone, MilestoneMove, MilestoneWait, PlanBlock
from partnerships.models.risk import Risk, RiskReview
from partnerships.models.sharing import SharingEntry
from partnerships.models.skills import SkillsAssessment, SkillScore

__all__ = [
    "LONGEST_EXTENSION",
    "NEEDED_HEADINGS",
    "ActionPoint",
    "BudgetHeading",
    "BudgetLine",
    "DecisionCondition",
    "DecisionSignature",
    "Dissent",
    "ExtensionSignature",
    "GateDecision",
    "Interest",
    "Involvement",
    "Meeting",
    "MeetingDecision",
    "Member",
    "Memorandum",
    "Milestone",
    "MilestoneMove",
    "MilestoneWait",
    "Partner",
    "Partnership",
    "PilotExtension",
    "PlanBlock",
    "Recusal",
    "Risk",
    "RiskReview",
    "SharingEntry",
    "Signature",
    "SkillScore",
    "SkillsAssessment",
    "Vehicle",
    "held_by",
    "interest_of",
    "roles_of",
]
