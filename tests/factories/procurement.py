"""Tenders for tests, told as a story: each step is the real action, so every state is one the portal can reach."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import factory
from django.core.files.uploadedfile import SimpleUploadedFile
from factory.django import DjangoModelFactory

from accounts.models import Organisation, Person
from foundation.database import clock
from foundation.files import store
from partnerships.lifecycle import Gate, Stage
from partnerships.roles import PartnershipRole
from procurement.actions.award import award_contract
from procurement.actions.bid import save_draft, submit_bid, take_part
from procurement.actions.evaluation import Mark, agree_scores, lock_quality, score_criterion
from procurement.actions.letter import send_letter, write_letter
from procurement.actions.opening import open_bids
from procurement.actions.panel import add_panel_member, declare_interest
from procurement.actions.preparation import CriterionLine, add_paper, decide_paper, set_criteria
from procurement.actions.publication import close, publish
from procurement.lifecycle import Disclosure, Interest, Means, TieBreak
from procurement.models import Award, Bid, Bidder, PanelMember, StandstillLetter, Tender
from tests.factories.accounts import OrganisationFactory, PersonFactory
from tests.factories.gates import passed
from tests.factories.partnerships import PartnershipFactory, person_as

PUBLISHED = datetime(2026, 10, 1, 9, 0, tzinfo=UTC)
QUESTIONS_CLOSE = datetime(2026, 10, 20, 11, 0, tzinfo=UTC)
DEADLINE = datetime(2026, 11, 5, 12, 0, tzinfo=UTC)
OPENED = DEADLINE + timedelta(hours=1)
CRITERIA = (("Outcomes", 25), ("Co-production", 15), ("Workforce and fair work", 10), ("Community benefits", 10))


class TenderFactory(DjangoModelFactory):
    """A tender that is being prepared: text and dates are there, criteria and papers are not."""

    class Meta:
        model = Tender

    partnership = factory.SubFactory(PartnershipFactory, in_tender=True)
    title = factory.Sequence(lambda n: f"Befriending service {n}")
    summary = "Befriending for people over 65 who live alone."
    specification = "The provider finds, trains and supports befrienders."
    how_to_bid = "Write to the procurement team for an invitation to the portal."
    estimated_value = Decimal(600_000)
    contract_starts_on = date(2027, 4, 1)
    contract_ends_on = date(2030, 3, 31)
    price_weight = Decimal(40)
    tie_break = TieBreak.HIGHER_QUALITY
    lots_reason = "One small area with one team of befrienders."
    question_deadline_at = QUESTIONS_CLOSE
    deadline_at = DEADLINE
    prepared_by = factory.SubFactory(PersonFactory)


class BidderFactory(DjangoModelFactory):
    class Meta:
        model = Bidder

    tender = factory.SubFactory(TenderFactory)
    organisation = factory.SubFactory(OrganisationFactory)
    contact = factory.SubFactory(PersonFactory, organisation=factory.SelfAttribute("..organisation"))


@dataclass
class Story:
    """One tender and the people around it. Each method is one step forward; the clock is set for each."""

    tender: Tender
    officer: Person
    sponsor: Person
    bidders: list[Bidder] = field(default_factory=list)
    panel: list[PanelMember] = field(default_factory=list)

    def again(self) -> Tender:
        self.tender.refresh_from_db()
        return self.tender

    def with_criteria(self) -> "Story":
        lines = [CriterionLine(title, f"What good {title.lower()} look like.", Decimal(w)) for title, w in CRITERIA]
        set_criteria(tender=self.tender, price_weight=Decimal(40), lines=lines, by=self.officer)
        return self

    def with_papers(self) -> "Story":
        file = store.keep_bytes(
            b"%PDF-1.4 evaluation", name="evaluation.pdf", content_type="application/pdf", scope="test", by=self.officer
        )
        paper = add_paper(tender=self.tender, title="Pilot evaluation", source="The evaluator", by=self.officer)
        decide_paper(
            paper=paper, decision=Disclosure.RELEASE, reason="Every bidder needs it.", file=file, by=self.officer
        )
        return self

    def published(self) -> "Story":
        with clock.at(PUBLISHED):
            publish(tender=self.tender, by=self.officer)
        self.again()
        return self

    def bid(
        self,
        price: int = 500_000,
        at: datetime | None = None,
        organisation: Organisation | None = None,
        text: str = "We",
    ) -> Bid:
        with clock.at(at or DEADLINE - timedelta(hours=2)):
            person = PersonFactory(organisation=organisation or OrganisationFactory())
            bidder = take_part(box=self.tender.box, by=person)
            answers = {c.public_id: f"{text} will do {c.title.lower()} well." for c in self.tender.criteria.all()}
            save_draft(bidder=bidder, answers=answers, price=Decimal(price), by=person)
            bid = submit_bid(bidder=bidder, by=person)
        self.bidders.append(bidder)
        return bid

    def closed(self) -> "Story":
        with clock.at(DEADLINE + timedelta(seconds=1)):
            close(tender=self.tender, by=None)
        self.again()
        return self

    def opened(self) -> "Story":
        with clock.at(OPENED):
            open_bids(tender=self.tender, by=self.officer)
            open_bids(tender=self.tender, by=self.sponsor)
        self.again()
        return self

    def with_panel(self, size: int = 2) -> "Story":
        with clock.at(OPENED):
            for _ in range(size):
                member = add_panel_member(
                    tender=self.tender, person=PersonFactory(organisation=self.tender.buyer), by=self.officer
                )
                self.panel.append(
                    declare_interest(member=member, interest=Interest.CLEAR, statement="", by=member.person)
                )
        return self

    def score(self, bid: Bid, *scores: int, by: PanelMember) -> None:
        for criterion, score in zip(self.tender.criteria.all(), scores, strict=True):
            marks = [Mark(bid, score, "As the answer says.")]
            score_criterion(member=by, criterion=criterion, marks=marks, by=by.person)

    def agreed(self, bid: Bid, *scores: int) -> None:
        """Everybody gives these scores, and they are agreed."""
        self.all_agreed({bid: scores})

    def all_agreed(self, scores: dict[Bid, tuple[int, ...]]) -> None:
        with clock.at(OPENED):
            for place, criterion in enumerate(self.tender.criteria.all()):
                marks = [Mark(bid, given[place], "As the answer says.") for bid, given in scores.items()]
                for member in self.panel:
                    score_criterion(member=member, criterion=criterion, marks=marks, by=member.person)
                agree_scores(tender=self.tender, criterion=criterion, marks=marks, by=self.officer)

    def locked(self) -> "Story":
        with clock.at(OPENED):
            lock_quality(tender=self.tender, by=self.officer)
        self.again()
        return self

    def through_g5(self, at: datetime = OPENED) -> "Story":
        """Gate G5 passed: the recommendation is sound."""
        with clock.at(at):
            passed(Gate.G5, self.tender.partnership)
        return self

    def award(self, bid: Bid, at: datetime = OPENED) -> Award:
        self.through_g5(at)
        with clock.at(at):
            return award_contract(tender=self.tender, bid=bid, reasons="Ranked first.", by=self.officer)

    def send_letters(self, award: Award, at: datetime, means: str = Means.ELECTRONIC) -> list[StandstillLetter]:
        with clock.at(at):
            letters = [
                write_letter(letter=letter, advantages="Stronger on outcomes.", means=means, by=self.officer)
                for letter in award.letters.all()
            ]
            posted_on = clock.today() if means == Means.POST else None
            sent = [send_letter(letter=letter, by=self.officer, posted_on=posted_on) for letter in letters]
        award.refresh_from_db()
        return sent


def preparing(stage: Stage = Stage.TENDER, **fields: object) -> Story:
    """A tender being prepared, with its officer and its sponsor, both employed by the buying authority."""
    tender = TenderFactory(partnership__stage=stage, **fields)
    buyer = tender.partnership.public_lead
    officer = person_as(PartnershipRole.PROCUREMENT_OFFICER, tender.partnership, organisation=buyer)
    sponsor = person_as(PartnershipRole.SPONSOR, tender.partnership, organisation=buyer)
    return Story(tender, officer, sponsor)


def ready(**fields: object) -> Story:
    """Nothing is left on the checklist."""
    return preparing(**fields).with_criteria().with_papers()


def open_tender(**fields: object) -> Story:
    return ready(**fields).published()


def worked_example() -> tuple[Story, dict[str, Bid]]:
    """Test vector 2 of the reference, agreed and locked: C 90.83, A 83.75, B 78.75."""
    story = open_tender()
    bids = {"A": story.bid(480_000), "B": story.bid(450_000), "C": story.bid(540_000)}
    story.closed().opened().with_panel()
    story.all_agreed({bids["A"]: (3, 4, 3, 2), bids["B"]: (2, 3, 3, 3), bids["C"]: (4, 4, 3, 4)})
    return story.locked().through_g5(), bids


def upload(name: str = "plan.pdf", words: str = "our plan") -> SimpleUploadedFile:
    """A small file that begins and ends as a PDF does, with `words` in the middle."""
    content = f"%PDF-1.4\n{words}\nstartxref\n0\n%%EOF\n".encode()
    return SimpleUploadedFile(name, content, content_type="application/pdf")
