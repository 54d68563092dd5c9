"""A portal of a given size, the same every time: written straight to the tables, because only reading is measured."""

from datetime import date, timedelta

from django.test import Client

from accounts.models import Organisation, OrganisationKind, Person
from accounts.roles import PortalRole
from partnerships.areas import Area
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import Member, Milestone, Partner, Partnership, PlanBlock
from partnerships.plan import RECOMMENDED, Block
from partnerships.roles import PartnerPart, PartnershipRole

MINE = 50
MILESTONES = 20
START = date(2025, 1, 1)


def fill(partnerships: int) -> tuple[Person, Partnership]:
    """The reader, who has a part in 50 partnerships as an observer, and one of those."""
    board = Organisation.objects.create(name="Example Board", kind=OrganisationKind.PUBLIC_AUTHORITY)
    charities = Organisation.objects.bulk_create(
        Organisation(name=f"Charity {n}", kind=OrganisationKind.CHARITY) for n in range(100)
    )
    reader = Person.objects.create_user(
        "reader@example.org", name="Reader", organisation=board, portal_role=PortalRole.COMMISSIONER
    )
    made = Partnership.objects.bulk_create(
        (_partnership(n, board, charities[n % 100]) for n in range(partnerships)), batch_size=500
    )
    Milestone.objects.bulk_create((_milestone(p, n) for p in made for n in range(MILESTONES)), batch_size=1000)
    mine = made[:MINE]
    Member.objects.bulk_create(
        Member(partnership=p, person=reader, role=PartnershipRole.OBSERVER, joined_on=START) for p in mine
    )
    Partner.objects.bulk_create(
        Partner(partnership=p, organisation=o, part=part, joined_on=START)
        for p in mine
        for o, part in (
            (p.public_lead, PartnerPart.PUBLIC_LEAD),
            (p.third_sector_lead, PartnerPart.THIRD_SECTOR_LEAD),
        )
    )
    PlanBlock.objects.bulk_create(
        PlanBlock(partnership=p, block=b, months=RECOMMENDED[b].default) for p in mine for b in Block
    )
    return reader, mine[0]


def _partnership(n: int, board: Organisation, charity: Organisation) -> Partnership:
    return Partnership(
        title=f"Partnership {n:05}", need="A need.", client_group="People", area=list(Area)[n % 32], sponsor="S",
        public_lead=board, third_sector_lead=charity, starts_on=START, stage_since=START, stage=list(Stage)[n % 6],
        health=list(Health)[n % 4], next_due_on=START + timedelta(days=n % 900), next_due_title="Milestone",
    )  # fmt: skip


def _milestone(partnership: Partnership, n: int) -> Milestone:
    due = START + timedelta(days=40 * n)
    return Milestone(
        partnership=partnership, block=list(Block)[n % 4], title=f"Milestone {n}", baseline_on=due, due_on=due,
        done_on=due if n < 8 else None,
    )  # fmt: skip


def session_cookie(person: Person) -> str:
    client = Client()
    client.force_login(person)
    return client.cookies.output(header="", sep=";").split(";")[0].strip()
