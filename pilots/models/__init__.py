from pilots.models.evaluation import Evaluation
from pilots.models.indicator import Indicator
from pilots.models.logic_model import LogicModel, LogicStatement, logic_model_of
from pilots.models.monthly_return import Breakdown, IndicatorValue, MonthlyReturn, Receipt
from pilots.models.note import Note
from pilots.models.paper import GATES_WITH_A_PACK, PaperKind, PilotPaper, pack_of
from pilots.models.plan import HealthOverride, LivingWage, PilotPlan, plan_of
from pilots.models.social_accounts import PrincipleNote, SocialAccounts
from pilots.models.sroi import InputKind, MapState, SroiInput, SroiMap, SroiOutcome, SroiStakeholder
from pilots.models.story import Story
from pilots.models.tally import IndicatorTally, YearTally
from pilots.models.workbook import ImportedDraft, ImportState, WorkbookImport

__all__ = [
    "GATES_WITH_A_PACK",
    "Breakdown",
    "Evaluation",
    "HealthOverride",
    "ImportState",
    "ImportedDraft",
    "Indicator",
    "IndicatorTally",
    "IndicatorValue",
    "InputKind",
    "LivingWage",
    "LogicModel",
    "LogicStatement",
    "MapState",
    "MonthlyReturn",
    "Note",
    "PaperKind",
    "PilotPaper",
    "PilotPlan",
    "PrincipleNote",
    "Receipt",
    "SocialAccounts",
    "SroiInput",
    "SroiMap",
    "SroiOutcome",
    "SroiStakeholder",
    "Story",
    "WorkbookImport",
    "YearTally",
    "logic_model_of",
    "pack_of",
    "plan_of",
]
