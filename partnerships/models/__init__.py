from partnerships.models.budget import NEEDED_HEADINGS, Allocation, BudgetHeading, BudgetLine
from partnerships.models.checklist import Checklist, ChecklistItem, GivenEvidence
from partnerships.models.decision import DecisionCondition, DecisionSignature, GateDecision
from partnerships.models.document import Document, DocumentClassChange, DocumentGrant, DocumentVersion
from partnerships.models.draft import DraftComment, DraftSection, MemorandumDraft
from partnerships.models.extension import LONGEST_EXTENSION, ExtensionSignature, PilotExtension
from partnerships.models.feed import CalendarFeed
from partnerships.models.fund import Fund, Instalment, books_of
from partnerships.models.grant import GrantAward, award_of, grants_among, is_a_grant
from partnerships.models.idea import Idea, IdeaTally
from partnerships.models.interest import Interest, Recusal, interest_of
from partnerships.models.involvement import Involvement
from partnerships.models.issue import Issue, IssueImpact
from partnerships.models.meeting import ActionPoint, Dissent, Meeting, MeetingDecision
from partnerships.models.memorandum import Memorandum, MemorandumSection, Signature
from partnerships.models.outcome import ChosenOutcome, Outcome, OutcomeSet, chosen_by
from partnerships.models.pack import GatePack
from partnerships.models.partner import ActingRole, Member, Partner, Parts, found_for, held_by, parts_of, roles_of
from partnerships.models.partnership import Partnership, PartnershipTheme, Vehicle
from partnerships.models.plan import Milestone, MilestoneMove, MilestoneWait, PlanBlock
from partnerships.models.public_page import PublicPage
from partnerships.models.reminder import ReminderPause, ReminderRule, choices_of
from partnerships.models.risk import Risk, RiskReview
from partnerships.models.saved_view import LONGEST_QUERY, MOST_VIEWS, SavedView
from partnerships.models.sharing import SharingEntry
from partnerships.models.skills import SkillsAssessment, SkillScore
from partnerships.models.training import Training, TrainingAttendance

__all__ = [
    "LONGEST_EXTENSION",
    "LONGEST_QUERY",
    "MOST_VIEWS",
    "NEEDED_HEADINGS",
    "ActingRole",
    "ActionPoint",
    "Allocation",
    "BudgetHeading",
    "BudgetLine",
    "CalendarFeed",
    "Checklist",
    "ChecklistItem",
    "ChosenOutcome",
    "DecisionCondition",
    "DecisionSignature",
    "Dissent",
    "Document",
    "DocumentClassChange",
    "DocumentGrant",
    "DocumentVersion",
    "DraftComment",
    "DraftSection",
    "ExtensionSignature",
    "Fund",
    "GateDecision",
    "GatePack",
    "GivenEvidence",
    "GrantAward",
    "Idea",
    "IdeaTally",
    "Instalment",
    "Interest",
    "Involvement",
    "Issue",
    "IssueImpact",
    "Meeting",
    "MeetingDecision",
    "Member",
    "Memorandum",
    "MemorandumDraft",
    "MemorandumSection",
    "Milestone",
    "MilestoneMove",
    "MilestoneWait",
    "Outcome",
    "OutcomeSet",
    "Partner",
    "Partnership",
    "PartnershipTheme",
    "Parts",
    "PilotExtension",
    "PlanBlock",
    "PublicPage",
    "Recusal",
    "ReminderPause",
    "ReminderRule",
    "Risk",
    "RiskReview",
    "SavedView",
    "SharingEntry",
    "Signature",
    "SkillScore",
    "SkillsAssessment",
    "Training",
    "TrainingAttendance",
    "Vehicle",
    "award_of",
    "books_of",
    "choices_of",
    "chosen_by",
    "found_for",
    "grants_among",
    "held_by",
    "interest_of",
    "is_a_grant",
    "parts_of",
    "roles_of",
]
