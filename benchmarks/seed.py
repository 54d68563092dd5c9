"""A portal that grows, the same every time: written straight to the tables, because only reading is measured."""

from datetime import date, timedelta

from django.test import Client

from accounts.models import Organisation, OrganisationKind, Person
from accounts.roles import PortalRole
from partnerships.areas import Area
from partnerships.health import Health
from partnerships.lifecycle import THE_WAY
from partnerships.models import Member, Milestone, Partner, Partnership, PlanBlock
from partnerships.plan import RECOMMENDED, Block
from partnerships.roles import PartnerPart, PartnershipRole

MINE = 50
MILESTONES = 20
CHARITIES = 100
START = date(2025, 1, 1)


class Portal:
    """`observer` has the least role in the first 50 partnerships, `everywhere` in all; `lead` leads the first."""

    def __init__(self) -> None:
        self.board = Organisation.objects.create(name="Example Board", kind=OrganisationKind.PUBLIC_AUTHORITY)
        self.charities = Organisation.objects.bulk_create(
            Organisation(name=f"Charity {n}", kind=OrganisationKind.CHARITY) for n in range(CHARITIES)
        )
        self.observer, self.everywhere, self.lead = (
            Person.objects.create_user(f"{name.lower()}@example.org", name=name, organisation=self.board)
            for name in ("Observer", "Everywhere", "Lead")
        )
        Person.objects.filter(pk=self.lead.pk).update(portal_role=PortalRole.COMMISSIONER)
        self.size = 0

    @property
    def partnership(self) -> Partnership:
        return Partnership.objects.order_by("pk")[0]

    def pilots(self) -> list[Partnership]:
        """The observer's, which get a history."""
        return list(Partnership.objects.visible_to(self.observer))

    def grow_to(self, partnerships: int) -> None:
        made = Partnership.objects.bulk_create(
            (_partnership(n, self.board, self.charities[n % CHARITIES]) for n in range(self.size, partnerships)),
            batch_size=500,
        )
        Milestone.objects.bulk_create((_milestone(p, n) for p in made for n in range(MILESTONES)), batch_size=1000)
        mine = made[: max(0, MINE - self.size)]
        Member.objects.bulk_create(
            [_member(p, self.observer, PartnershipRole.OBSERVER) for p in mine]
            + [_member(p, self.everywhere, PartnershipRole.OBSERVER) for p in made]
            + [_member(p, self.lead, PartnershipRole.PUBLIC_LEAD) for p in made[: int(not self.size)]],
            batch_size=1000,
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
        self.size = partnerships


def _member(partnership: Partnership, person: Person, role: PartnershipRole) -> Member:
    return Member(partnership=partnership, person=person, role=role, joined_on=START)


def fill_pilots(partnerships: int) -> tuple[Person, list[Partnership]]:
    """A reader without a part in anything yet, and partnerships without a plan."""
    board = Organisation.objects.create(name="Example Board", kind=OrganisationKind.PUBLIC_AUTHORITY)
    charity = Organisation.objects.create(name="Charity", kind=OrganisationKind.CHARITY)
    reader = Person.objects.create_user("reader@example.org", name="Reader", organisation=board)
    made = Partnership.objects.bulk_create(
        (_partnership(n, board, charity) for n in range(partnerships)), batch_size=500
    )
    return reader, made


def two_sides() -> tuple[Person, Person]:
    """Who sends returns, and who accepts them."""
    board = Organisation.objects.get(name="Example Board")
    sends, accepts = (
        Person.objects.create_user(f"{name}@example.org", name=name, organisation=board) for name in ("Sender", "Taker")
    )
    return sends, accepts


def join(reader: Person, partnerships: list[Partnership]) -> None:
    Member.objects.bulk_create(
        Member(partnership=p, person=reader, role=PartnershipRole.OBSERVER, joined_on=START) for p in partnerships
    )


def _partnership(n: int, board: Organisation, charity: Organisation) -> Partnership:
    return Partnership(
        title=f"Partnership {n:05}", need="A need.", client_group="People", area=list(Area)[n % 32], sponsor="S",
        public_lead=board, third_sector_lead=charity, starts_on=START, stage_since=START, stage=THE_WAY[1 + n % 6],
        health=list(Health)[n % 4], health_because="“Milestone 8” is 41 days late",
        next_due_on=START + timedelta(days=n % 900), next_due_title="Milestone",
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
