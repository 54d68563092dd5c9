"""Tell the story: bring everybody in, then each partnership from its first day to where it stands today."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from foundation.database import clock
from foundation.workdays.arithmetic import working_day_on_or_before
from foundation.workdays.models import holidays
from lessons.actions.lesson import add_lesson
from lessons.models import Lesson
from partnerships.actions.budget import add_budget_line
from partnerships.actions.condition import Condition
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.actions.extension import propose_extension, sign_extension
from partnerships.actions.memorandum import sign_memorandum
from partnerships.actions.milestone import complete_milestone
from partnerships.actions.partner import add_member, add_partner, write_contingency_plan
from partnerships.actions.partnership import start_partnership
from partnerships.lifecycle import THE_WAY, Gate, GateOutcome, Stage
from partnerships.models import NEEDED_HEADINGS, BudgetHeading, Member, Milestone, Partner, Partnership
from partnerships.plan import Block, add_months
from partnerships.roles import PartnerPart, PartnershipRole
from psp_portal.demo import (
    agreements,
    competition,
    drift,
    evidence,
    finding,
    interests,
    learning,
    means,
    measured,
    notes,
    outside,
    papers,
    personas,
    pilot,
    planning,
    printed,
    public,
    registers,
    reminded,
    spreadsheets,
    standing,
    value,
    whole_return,
)
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import bring_in_everybody, organisation, person
from psp_portal.demo.plots import DRIFTING, PLOTS, Plot

STANDSTILL_BEGAN_DAYS_AGO = 4


def tell() -> None:
    """Everything, relative to the clock's today."""
    bring_in_everybody()
    means.bring_in_outcomes()
    for plot in PLOTS:
        Chapter(plot, clock.today()).tell()
    papers.what_came_later()
    whole_return.what_is_put_right()
    notes.what_is_jotted_down()
    standing.what_changes_now()
    means.two_hats()
    agreements.what_is_redrafted()
    finding.themes_and_views()
    outside.calendars()
    spreadsheets.what_comes_by_spreadsheet()
    public.open_up()
    learning.library()
    printed.papers()
    reminded.how_people_are_reminded()


class Chapter:
    """One partnership's story, step by step, until it stands where its plot says."""

    def __init__(self, plot: Plot, today: date) -> None:
        self.plot, self.today = plot, today
        self.began = add_months(today.replace(day=1), -plot.began_months_ago)
        self.pilot_from = add_months(self.began, plot.months[Block.DESIGN])
        self.pilot_until = add_months(self.pilot_from, plot.months[Block.PARTNERSHIP])
        self.public = person(personas.COMMISSIONER)
        self.third = next(person(lead) for lead in personas.LEADS if lead.organisation == plot.lead)
        self.project = person(personas.PROJECT_LEAD)

    def tell(self) -> None:
        if self.plot.reaches == Stage.STOPPED:
            self.begin()
            self.ask_whether()
            self.design()
            self.stop()
            return
        steps = (
            self.ask_whether,
            self.design,
            self.run_the_pilot,
            self.redesign,
            self.tender,
            self.go_live,
            self.close,
        )
        self.begin()
        for stage, step in zip(THE_WAY, steps, strict=True):
            step()
            if stage == self.plot.reaches:
                return

    def stop(self) -> None:
        """Two months ago, in the middle of the pilot; the people who used the service have been handed over since."""
        on = add_months(self.today, -2)
        pilot.log_the_months(self.partnership, self.plot, logs=self.third, accepts=self.public, until=on)
        reason = "The health board’s own workshop takes this over. Running both would cost more and help nobody."
        self._decide(on, reason, self.public, self.third, outcome=GateOutcome.STOP)
        handed_over = Milestone.objects.get(partnership=self.partnership, title__startswith="Hand over everybody")
        with midday(on + timedelta(days=25)):
            complete_milestone(milestone=handed_over, evidence="Letters to all 41 people.", by=self.project)

    @property
    def partnership(self) -> Partnership:
        return Partnership.objects.get(title=self.plot.title)

    def begin(self) -> None:
        with midday(self.began):
            start_partnership(
                title=self.plot.title,
                need=self.plot.need,
                service=self.plot.service,
                client_group=self.plot.client_group,
                area=self.plot.area,
                sponsor="Iain Douglas, Director of partnerships",
                public_lead=organisation(personas.BOARD),
                third_sector_lead=organisation(self.plot.lead),
                starts_on=self.began,
                months=self.plot.months,
                by=self.public,
            )
            self._people_and_partners()

    def _people_and_partners(self) -> None:
        partnership = self.partnership
        joins = {personas.EVALUATORS: PartnerPart.EVALUATOR} | dict.fromkeys(self.plot.partners, PartnerPart.PROVIDER)
        for name, part in joins.items():
            add_partner(
                partnership=partnership, organisation=organisation(name), part=part, joined_on=self.began,
                by=self.public,
            )  # fmt: skip
        roles = {person(p): role for p, role in personas.STANDING_ROLES.items()}
        roles[self.third] = PartnershipRole.THIRD_SECTOR_LEAD
        for lead in personas.LEADS:
            if lead.organisation in self.plot.partners:
                roles[person(lead)] = PartnershipRole.PARTNER_MANAGER
        for who, role in roles.items():
            assert who.organisation is not None
            add_member(
                partnership=partnership, email=who.email, name=who.name, organisation=who.organisation, role=role,
                by=self.public,
            )  # fmt: skip

    def ask_whether(self) -> None:
        """Gate G0: the public body asks whether a partnership is the right tool."""
        on = self.began + timedelta(days=5)
        evidence.give(self.partnership, Gate.G0, self._givers(), on=on)
        officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
        self._decide(on, "Nobody can do it alone, and several could do it together.", sponsor, officer)

    def _givers(self) -> evidence.Givers:
        return evidence.Givers(self.project, self.public, person(personas.OFFICER))

    def design(self) -> None:
        """The papers of the design stage; the youngest partnership has only some of them."""
        ready = self.plot.reaches != Stage.DESIGN
        planning.give_owners(
            self.partnership, planning.Owners(self.project, self.public, self.third), began=self.began,
            held=self.plot.reaches != Stage.DESIGN,
        )  # fmt: skip
        with midday(add_months(self.began, 2)):
            self._budget(self.plot, complete=ready)
            self._memorandum(signed_by_all=ready)
        means.provide(self.partnership, self.plot, self.project, began=self.began, pilot_from=self.pilot_from)
        writers = registers.Writers(self.project, self.public, self.third)
        registers.keep(self.partnership, writers, began=self.began, today=self.today)
        papers.keep(self.partnership, writers, began=self.began, today=self.today)
        registers.assess(self.partnership, since=self.began, today=self.today)
        if not ready:
            return
        registers.involve(self.partnership, writers, began=self.began)
        standing.agree(self.partnership, self.plot, add_months(self.began, 2))
        with midday(add_months(self.began, 3)):
            self._contingency_plans()
            measured.agree(self.partnership, self.plot, self.public, pilot_from=self.pilot_from)
        interests.declare(self.partnership, self.plot, on=add_months(self.began, 4))
        self._complete(Block.DESIGN, self.pilot_from)
        evidence.give(self.partnership, Gate.G1, self._givers(), on=self.pilot_from)
        self._decide(self.pilot_from, "The design is agreed, wanted and funded for the pilot.", self.public, self.third)

    def run_the_pilot(self) -> None:
        whole_return.agree_on_the_form(self.partnership, self.plot, on=self.pilot_from, by=self.project)
        reviewed_on, until = add_months(self.pilot_from, 8) + timedelta(days=20), min(self.today, self.pilot_until)
        if self.plot.reaches == Stage.PILOT and self.plot is not DRIFTING:
            agreements.second_version(
                self.partnership, third=self.third, on=self.pilot_from + timedelta(days=3),
                review_on=self.today + timedelta(days=20),
            )  # fmt: skip
        for day in (reviewed_on, until):
            pilot.log_the_months(self.partnership, self.plot, logs=self.third, accepts=self.public, until=day)
            if day == reviewed_on:
                self._review(day)
        means.receive(self.partnership, self.project, until=until)
        evaluator = person(personas.EVALUATOR)
        if self.plot is DRIFTING:
            drift.what_became_of_it(self.partnership, leads=self.third, signs=self.public, today=self.today)
            return
        if self.plot.reaches == Stage.PILOT:
            early = add_months(self.today, -8)  # and nobody has said since that it still holds
            evidence.give(self.partnership, Gate.G3, self._givers(), on=early, only=("money_after",))
            value.tell_what_it_is_worth(
                self.partnership, drafts=self.third, publishes=evaluator, began=self.pilot_from, today=self.today
            )
            self._extend_the_pilot()
            return
        with midday(self.pilot_until + timedelta(days=20)):
            pilot.evaluate(self.partnership, self.plot, writes=evaluator, signs=evaluator)
            self._lesson()
        self._complete(Block.PARTNERSHIP, self.pilot_until + timedelta(days=20))
        evidence.give(self.partnership, Gate.G3, self._givers(), on=self.pilot_until + timedelta(days=27))
        self._decide(
            self.pilot_until + timedelta(days=28), "It worked well enough to buy.", self.public, self.third,
            *self._conditions(),
        )  # fmt: skip

    def _review(self, on: date) -> None:
        """Gate G2, in the middle of the pilot; every partner has looked at its skills again."""
        for partner in self.partnership.partners.current().select_related("organisation"):
            evidence.assess(partner, self._manager_of_partner(partner), on=on)
        evidence.give(self.partnership, Gate.G2, self._givers(), on=on)
        self._decide(on, "It finds the people it is for. We carry on.", self.public, self.third, gate=Gate.G2)

    def _manager_of_partner(self, partner: Partner) -> Person:
        known = {member.person.organisation_id: member.person for member in self._signers()}
        return known[partner.organisation_id]

    def _conditions(self) -> list[Condition]:
        """In the partnership that is being redesigned, what both leads still want to see before the tender."""
        if self.plot.reaches != Stage.REDESIGN:
            return []
        return [
            Condition("Publish what a month of support costs", self.third, self.today + timedelta(days=40)),
            Condition("Ask ten more people who stopped coming why", self.project, self.today + timedelta(days=20)),
        ]

    def _extend_the_pilot(self) -> None:
        """Once already; a second extension waits for the public lead."""
        fund = "Health board’s change fund"
        with midday(self.today - timedelta(days=40)):
            first = propose_extension(
                partnership=self.partnership, months=6, source=fund, amount=self.plot.monthly_budget * 6,
                by=self.public,
                reason="Two winters are needed to see whether people stay in their groups.",
            )  # fmt: skip
        with midday(self.today - timedelta(days=38)):
            sign_extension(extension=first, by=self.third)
        with midday(self.today - timedelta(days=3)):
            propose_extension(
                partnership=self.partnership, months=3, source=fund, amount=self.plot.monthly_budget * 3,
                by=self.third,
                reason="The evaluator asks for three more months of reviews.",
            )  # fmt: skip

    def redesign(self) -> None:
        deadline = self._deadline()
        with midday(min(deadline - timedelta(days=60), self.today)):
            competition.prepare(self.partnership, self.plot, deadline=deadline)
        if self.plot.reaches == Stage.REDESIGN:
            return
        officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
        self._complete(Block.EVALUATION, deadline - timedelta(days=41))
        evidence.give(self.partnership, Gate.G4, self._givers(), on=deadline - timedelta(days=41))
        self._decide(deadline - timedelta(days=40), "The papers are reviewed and the criteria fair.", officer, sponsor)

    def tender(self) -> None:
        deadline = self._deadline()
        tender = self.partnership.tenders.get()
        rivals = [person(lead) for lead in personas.LEADS if lead.organisation == "Harbour Recovery"]
        competition.receive_bids(tender, [self.third, *rivals, person(personas.BIDDER)], deadline=deadline)
        competition.judge(tender, deadline=deadline)
        recommended_on = deadline + timedelta(days=9)
        evidence.give(self.partnership, Gate.G5, self._givers(), on=recommended_on)
        officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
        self._decide(recommended_on, "Scored and agreed as published.", officer, sponsor, gate=Gate.G5)
        self.award = competition.award(tender, on=recommended_on)
        self.award = competition.send_letters(self.award, on=self._letters_on())

    def go_live(self) -> None:
        signed_on = competition.sign(self.award)
        officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
        self._complete(Block.CONTRACT, signed_on + timedelta(days=10))
        evidence.give(self.partnership, Gate.G6, self._givers(), on=signed_on + timedelta(days=9))
        self._decide(signed_on + timedelta(days=10), "The new team is in place.", officer, sponsor)
        if self.plot.lesson:
            with midday(signed_on + timedelta(days=20)):
                draft = Lesson.objects.filter(partnership=self.partnership).first()
                assert draft is not None
                learning.publish(draft)

    def close(self) -> None:
        interests.end(self.partnership, on=self.pilot_until)
        evidence.give(self.partnership, Gate.G7, self._givers(), on=add_months(self.pilot_until, 24))
        self._decide(add_months(self.pilot_until, 24), "What we learned is published.", self.public, self.third)

    def _deadline(self) -> date:
        """When bids are due: so that the letters of the tender in standstill went out a few days ago."""
        if self.plot.reaches == Stage.TENDER:
            return self._letters_on() - timedelta(days=12)
        if self.plot.reaches == Stage.REDESIGN:
            return working_day_on_or_before(self.today + timedelta(days=75), holidays())
        return working_day_on_or_before(add_months(self.pilot_until, 5), holidays())

    def _letters_on(self) -> date:
        if self.plot.reaches == Stage.TENDER:
            return working_day_on_or_before(self.today - timedelta(days=STANDSTILL_BEGAN_DAYS_AGO), holidays())
        return self._deadline() + timedelta(days=12)

    def _complete(self, block: Block, on: date) -> None:
        milestone = Milestone.objects.open().get(partnership=self.partnership, block=block, ends_block=True)
        with midday(on, 10):
            complete_milestone(milestone=milestone, evidence="Agreed by the governance group.", by=self.project)

    def _budget(self, plot: Plot, *, complete: bool) -> None:
        amounts = {
            BudgetHeading.DEVELOPMENT_OFFICER: Decimal(42_000),
            BudgetHeading.VISION_AND_VALUES: Decimal("3_500"),
            BudgetHeading.ADMINISTRATION: Decimal(9_800),
            BudgetHeading.DELIVERY_STAFF: plot.monthly_budget * 12,
            BudgetHeading.EVALUATION: Decimal(14_000),
        }
        missing = () if complete else NEEDED_HEADINGS[1:2]
        for heading, amount in amounts.items():
            if heading not in missing:
                add_budget_line(
                    partnership=self.partnership,
                    heading=heading,
                    amount=amount,
                    note="For the whole pilot",
                    by=self.project,
                )

    def _memorandum(self, *, signed_by_all: bool) -> None:
        memorandum = agreements.first_version(
            self.partnership, self.plot, third=self.third, on=add_months(self.began, 2)
        )
        people = {member.person.organisation_id: member.person for member in self._signers()}
        partners = list(self.partnership.partners.select_related("organisation"))
        for partner in partners if signed_by_all else partners[:1]:
            signer = people.get(partner.organisation_id)
            if signer is None:
                signer = self._manager_of(partner.organisation.name)
            sign_memorandum(memorandum=memorandum, partner=partner, by=signer)

    def _signers(self) -> list[Member]:
        roles = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PARTNER_MANAGER)
        return list(self.partnership.members.filter(role__in=roles).select_related("person"))

    def _manager_of(self, name: str) -> Person:
        """The evaluators' manager signs for them, in the role that may."""
        who = person(personas.EVALUATOR)
        add_member(
            partnership=self.partnership, email=who.email, name=who.name, organisation=organisation(name),
            role=PartnershipRole.PARTNER_MANAGER, by=self.public,
        )  # fmt: skip
        return who

    def _contingency_plans(self) -> None:
        for partner in self.partnership.partners.select_related("organisation"):
            lead = next((p for p in personas.LEADS if p.organisation == partner.organisation.name), None)
            if lead:
                write_contingency_plan(
                    partner=partner, by=person(lead),
                    plan="Four posts would end or transfer. Reserves cover two months. People who use the service are "
                    "introduced to the new team in person; records go over with their consent.",
                )  # fmt: skip

    def _lesson(self) -> None:
        if self.plot.lesson:
            add_lesson(partnership=self.partnership, by=self.project, **self.plot.lesson)

    def _decide(
        self, on: date, reason: str, first: Person, second: Person, *conditions: Condition,
        outcome: GateOutcome = GateOutcome.PASS, gate: Gate | None = None,
    ) -> None:  # fmt: skip
        with midday(on, 14):
            decision = propose_decision(
                partnership=self.partnership, reason=reason, by=first, conditions=conditions, gate=gate,
                outcome=GateOutcome.CONDITIONS if conditions else outcome,
            )  # fmt: skip
        with midday(on, 16):
            sign_decision(decision=decision, by=second)
