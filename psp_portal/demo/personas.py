"""Who is in the demo. The first list can sign in; its labels are printed by `make demo`."""

from dataclasses import dataclass

from accounts.models import OrganisationKind
from accounts.roles import PortalRole
from partnerships.roles import PartnershipRole

DEMO_PASSWORD = "a-quiet-walk-by-the-loch"

BOARD = "Caledon Health and Care Board"
EVALUATORS = "Tay Evaluation"
FIRM = "Northgate Community Services"

ORGANISATIONS: dict[str, tuple[OrganisationKind, str]] = {
    BOARD: (OrganisationKind.PUBLIC_AUTHORITY, "Plans and buys health and social care in six council areas."),
    "Silver Thread Befriending": (OrganisationKind.SCIO, "Befriending for older people, by volunteers."),
    "Kingdom Wheels": (OrganisationKind.CHARITY, "Door-to-door transport for people who cannot use a bus."),
    "First Keys": (OrganisationKind.CHARITY, "Helps people settle into a first home."),
    "Steady Ground Recovery": (OrganisationKind.SCIO, "Recovery cafés run by people in recovery."),
    "Harbour Recovery": (OrganisationKind.CHARITY, "Support after treatment, on the coast."),
    "Bright Starts Families": (OrganisationKind.CIC, "Home visits to families with babies."),
    "Open Door Wellbeing": (OrganisationKind.CHARITY, "Drop-in mental health support."),
    EVALUATORS: (OrganisationKind.BUSINESS, "Independent evaluation of public services."),
    FIRM: (OrganisationKind.BUSINESS, "A contractor for community services."),
}


@dataclass(frozen=True)
class Persona:
    name: str
    email: str
    organisation: str
    job_title: str
    label: str = ""
    portal_role: PortalRole = PortalRole.NONE


ADMINISTRATOR = Persona(
    "Eilidh Brown", "eilidh.brown@caledon.example", BOARD, "Systems manager", "Portal administrator",
    PortalRole.ADMINISTRATOR,
)  # fmt: skip
COMMISSIONER = Persona(
    "Morag Sinclair", "morag.sinclair@caledon.example", BOARD, "Commissioning manager", "Commissioner, public lead",
    PortalRole.COMMISSIONER,
)  # fmt: skip
PROJECT_LEAD = Persona("Callum Reid", "callum.reid@caledon.example", BOARD, "Development officer", "Project lead")
OFFICER = Persona("Fiona MacLeod", "fiona.macleod@caledon.example", BOARD, "Procurement officer", "Procurement officer")
SPONSOR = Persona("Iain Douglas", "iain.douglas@caledon.example", BOARD, "Director of partnerships", "Sponsor")
PUBLISHER = Persona(
    "Catriona Muir", "catriona.muir@caledon.example", BOARD, "Knowledge officer", "Publisher of lessons",
    PortalRole.PUBLISHER,
)  # fmt: skip
SCORER = Persona("Rory Kerr", "rory.kerr@caledon.example", BOARD, "Service manager", "Panel member")
SECOND_SCORER = Persona("Nadia Hussain", "nadia.hussain@caledon.example", BOARD, "Nurse consultant")
EVALUATOR = Persona("Shona Lamont", "shona.lamont@tay-evaluation.example", EVALUATORS, "Researcher", "Pilot evaluator")
MANAGER = Persona(
    "Ailsa Grant", "ailsa.grant@silver-thread.example", "Silver Thread Befriending", "Manager",
    "Third sector manager, third sector lead",
)  # fmt: skip
BIDDER = Persona("Gregor Baird", "gregor.baird@northgate.example", FIRM, "Bid manager", "Bidder, no partner")
LEADS = (
    MANAGER,
    Persona("Hamish Orr", "hamish.orr@kingdom-wheels.example", "Kingdom Wheels", "Manager"),
    Persona("Leila Farouk", "leila.farouk@first-keys.example", "First Keys", "Director"),
    Persona("Donald Petrie", "donald.petrie@steady-ground.example", "Steady Ground Recovery", "Manager"),
    Persona("Isla Munro", "isla.munro@harbour-recovery.example", "Harbour Recovery", "Manager", "Partner and bidder"),
    Persona("Kirsty Wallace", "kirsty.wallace@bright-starts.example", "Bright Starts Families", "Director"),
    Persona("Ewan Gillies", "ewan.gillies@open-door.example", "Open Door Wellbeing", "Manager"),
)
EVERYBODY = (
    ADMINISTRATOR, COMMISSIONER, MANAGER, PROJECT_LEAD, OFFICER, SPONSOR, PUBLISHER, SCORER, SECOND_SCORER, EVALUATOR,
    BIDDER, *LEADS[1:],
)  # fmt: skip

# What the board's people and the evaluator are in every partnership.
STANDING_ROLES = {
    PROJECT_LEAD: PartnershipRole.PROJECT_LEAD,
    OFFICER: PartnershipRole.PROCUREMENT_OFFICER,
    SPONSOR: PartnershipRole.SPONSOR,
    EVALUATOR: PartnershipRole.EVALUATOR,
}

PERSONAS = [(person.label, person.email) for person in EVERYBODY if person.label]
