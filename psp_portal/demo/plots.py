"""The eight partnerships as data: what they are for, when they began, how far they have come, how the pilot went."""

from dataclasses import dataclass, field
from decimal import Decimal

from lessons.actions.lesson import LessonText
from partnerships.areas import Area
from partnerships.lifecycle import Stage
from partnerships.plan import Block


@dataclass(frozen=True)
class Plot:
    title: str
    area: Area
    lead: str
    need: str
    service: str
    client_group: str
    began_months_ago: int
    reaches: Stage
    months: dict[Block, int]
    partners: tuple[str, ...] = ()
    monthly_budget: Decimal = Decimal(9000)
    target_starts: int = 12
    learned: tuple[str, ...] = ()
    lesson: LessonText = field(default_factory=LessonText)


def _months(design: int, pilot: int) -> dict[Block, int]:
    return {Block.DESIGN: design, Block.PARTNERSHIP: pilot, Block.EVALUATION: 6, Block.CONTRACT: 6}


TRANSPORT = Plot(
    title="Getting there: transport to appointments",
    area=Area.MORAY,
    lead="Kingdom Wheels",
    need="One in six people in the glens misses hospital appointments because no bus arrives in time.",
    service="",
    client_group="People who cannot use the ordinary bus",
    began_months_ago=4,
    reaches=Stage.DESIGN,
    months=_months(8, 24),
)
BEFRIENDING = Plot(
    title="Good company: befriending in Fife",
    area=Area.FIFE,
    lead="Silver Thread Befriending",
    need="Older people who live alone can go for days without speaking to anybody.",
    service="Trained volunteers visit or phone every week, and walk with people back into local groups.",
    client_group="People over 65 who live alone",
    began_months_ago=32,
    reaches=Stage.PILOT,
    months=_months(6, 28),
    partners=("Kingdom Wheels",),
    monthly_budget=Decimal(11500),
    target_starts=10,
    learned=(
        "Volunteers stay longer when two are trained together.",
        "GP receptionists refer more people than GPs do.",
        "A phone call on the first day keeps half of those who would drop out.",
    ),
)
HOUSING = Plot(
    title="First keys: settling into a tenancy",
    area=Area.WEST_LOTHIAN,
    lead="First Keys",
    need="Every fourth first tenancy ends within a year, most of them in the first three months.",
    service="A starter pack of furniture and twelve weeks of visits after the keys are handed over.",
    client_group="People moving into a first home of their own",
    began_months_ago=22,
    reaches=Stage.REDESIGN,
    months=_months(6, 12),
    target_starts=8,
    learned=("The first visit works best before the furniture arrives, not after.",),
)
RECOVERY = Plot(
    title="Steady ground: recovery cafés",
    area=Area.DUNDEE_CITY,
    lead="Steady Ground Recovery",
    need="After treatment people go home to the same street with nowhere sober to be in the evening.",
    service="Recovery cafés in four neighbourhoods, open until ten, run by people in recovery.",
    client_group="Adults in recovery from alcohol or drugs",
    began_months_ago=26,
    reaches=Stage.TENDER,
    months=_months(6, 12),
    partners=("Harbour Recovery",),
    monthly_budget=Decimal(14000),
    target_starts=15,
    learned=("People come for the food the first time and for each other the second.",),
)
FAMILIES = Plot(
    title="Bright starts: home visits to new families",
    area=Area.HIGHLAND,
    lead="Bright Starts Families",
    need="Families far from town wait eleven weeks for a health visitor’s second visit.",
    service="Weekly home visits by trained parents until the child is one.",
    client_group="Families with a baby under one year",
    began_months_ago=34,
    reaches=Stage.LIVE,
    months=_months(6, 12),
    target_starts=9,
    learned=("Snow days need a plan: a video call is better than a missed week.",),
    lesson={
        "title": "Agree early who the service’s data belong to",
        "what_happened": "At the end of the pilot nobody could say who might pass the visit records on.",
        "why": "The memorandum spoke of sharing data, not of handing them over.",
        "advice": "Write into the memorandum what happens to each kind of record when the contract goes to others.",
        "evidence": "Eleven weeks between the award and the hand-over of the records.",
        "stage": "design",
        "theme": "governance",
        "kind_of_service": "children",
        "source_label": "Project lead’s notes, mobilisation review",
    },
)
WELLBEING = Plot(
    title="Open door: drop-in wellbeing support",
    area=Area.STIRLING,
    lead="Open Door Wellbeing",
    need="People in distress waited nine weeks for a first conversation.",
    service="A drop-in on the high street with no referral and no waiting list.",
    client_group="Adults in emotional distress",
    began_months_ago=48,
    reaches=Stage.CLOSED,
    months=_months(6, 12),
    target_starts=14,
    learned=("A door without a form on it is the whole service to begin with.",),
    lesson={
        "title": "Count conversations, not referrals",
        "what_happened": "The first reports showed a failing service because few people were referred to it.",
        "why": "The indicators were copied from a clinic, and a drop-in has no referrals.",
        "advice": "Choose the indicators with the people who run the door, and test them for a month.",
        "evidence": "Eleven referrals and 640 conversations in the same quarter.",
        "stage": "pilot",
        "theme": "evidence",
        "kind_of_service": "mental-health",
        "source_label": "Pilot evaluation, finding 3",
    },
)

REPAIR = Plot(
    title="Mended: a repair service for mobility aids",
    area=Area.FIFE,
    lead="Harbour Recovery",
    need="People wait five weeks for a wheelchair to be mended, and stay at home until it is.",
    service="A van with a workshop calls within three days.",
    client_group="People who use a wheelchair or a walking frame",
    began_months_ago=16,
    reaches=Stage.STOPPED,
    months=_months(6, 24),
    target_starts=9,
    learned=("The van was late because the parts were, not because of the roads.",),
)
DRIFTING = Plot(
    title="Home again: lifts after a stay in hospital",
    area=Area.ANGUS,
    lead="Kingdom Wheels",
    need="People who could go home wait in hospital until somebody can fetch them.",
    service="Volunteers with their own cars bring people home, stay for an hour, and come back the next day.",
    client_group="Adults who leave hospital and live alone",
    began_months_ago=32,
    reaches=Stage.PILOT,
    months=_months(6, 28),
    monthly_budget=Decimal(8000),
    target_starts=8,
    learned=(
        "Wards ask for a lift at eight in the morning, not the day before.",
        "A volunteer who drives alone at night does not come a second time.",
    ),
)

PLOTS = (TRANSPORT, BEFRIENDING, HOUSING, RECOVERY, FAMILIES, WELLBEING, REPAIR, DRIFTING)
