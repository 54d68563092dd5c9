"""Tell the story: bring everybody in, then each partnership from its first day to where it stands today."""

from datetime import date, timedelta
from decimal import Decimal

from accounts.models import Person
from foundation.database import clock
from foundation.workdays.arithmetic import working_day_on_or_before
from foundation.workdays.models import holidays
from lessons.actions.lesson import add_lesson, publish_lesson
from lessons.actions.report import make_report
from lessons.models import Lesson
from partnerships.actions.budget import add_budget_line
from partnerships.actions.condition import Condition
from partnerships.actions.decision import propose_decision, sign_decision
from partnerships.actions.dependency import offers_after, wait_for
from partnerships.actions.extension import propose_extension, sign_extension
from partnerships.actions.memorandum import sign_memorandum, write_memorandum
from partnerships.actions.milestone import add_milestone, complete_milestone, edit_milestone, move_milestone
from partnerships.actions.partner import add_member, add_partner, write_contingency_plan
from partnerships.actions.partnership import start_partnership
from partnerships.lifecycle import THE_WAY, GateOutcome, Stage
from partnerships.models import NEEDED_HEADINGS, BudgetHeading, Member, Milestone, Partnership
from partnerships.plan import Block, MilestoneKind, add_months
from partnerships.roles import PartnerPart, PartnershipRole
from psp_portal.demo import competition, interests, personas, pilot, registers, standing
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import bring_in_everybody, organisation, person
from psp_portal.demo.plots import PLOTS, Plot

STANDSTILL_BEGAN_DAYS_AGO = 4


def tell() -> None:
    """Everything, relative to the clock's today."""
    bring_in_everybody()
    for plot in PLOTS:
        Chapter(plot, clock.today()).tell()
    standing.what_changes_now()
    make_report(
        title="What partnerships have learned about starting well",
        introduction="Ten lessons for people who are about to sign their first memorandum.",
        lessons=list(Lesson.objects.filter(state="published").order_by("number")[:10]),
        filters={},
        by=person(personas.PUBLISHER),
    )


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
            self.design()
            self.stop()
            return
        steps = (self.design, self.run_the_pilot, self.redesign, self.tender, self.go_live, self.close)
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

    def design(self) -> None:
        """The papers of the design stage; the youngest partnership has only some of them."""
        ready = self.plot.reaches != Stage.DESIGN
        self._give_the_plan_owners()
        with midday(add_months(self.began, 2)):
            self._budget(self.plot, complete=ready)
            self._memorandum(signed_by_all=ready)
        writers = registers.Writers(self.project, self.public, self.third)
        registers.keep(self.partnership, writers, began=self.began, today=self.today)
        registers.assess(self.partnership, writers, began=self.began, today=self.today)
        if not ready:
            return
        registers.involve(self.partnership, writers, began=self.began)
        standing.agree(self.partnership, self.plot, add_months(self.began, 2))
        with midday(add_months(self.began, 3)):
            self._contingency_plans()
            pilot.agree_on_indicators(self.partnership, self.plot, self.public)
        interests.declare(self.partnership, self.plot, on=add_months(self.began, 4))
        self._complete(Block.DESIGN, self.pilot_from)
        self._decide(self.pilot_from, "The design is agreed, wanted and funded for the pilot.", self.public, self.third)

    def run_the_pilot(self) -> None:
        until = min(self.today, self.pilot_until)
        pilot.log_the_months(self.partnership, self.plot, logs=self.third, accepts=self.public, until=until)
        if self.plot.reaches == Stage.PILOT:
            self._extend_the_pilot()
            return
        evaluator = person(personas.EVALUATOR)
        with midday(self.pilot_until + timedelta(days=20)):
            pilot.evaluate(self.partnership, self.plot, writes=evaluator, signs=evaluator)
            self._lesson()
        self._complete(Block.PARTNERSHIP, self.pilot_until + timedelta(days=20))
        self._decide(
            self.pilot_until + timedelta(days=28), "It worked well enough to buy.", self.public, self.third,
            *self._conditions(),
        )  # fmt: skip

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
        self._decide(deadline - timedelta(days=40), "The papers are reviewed and the criteria fair.", officer, sponsor)

    def tender(self) -> None:
        deadline = self._deadline()
        tender = self.partnership.tenders.get()
        rivals = [person(lead) for lead in personas.LEADS if lead.organisation == "Harbour Recovery"]
        competition.receive_bids(tender, [self.third, *rivals, person(personas.BIDDER)], deadline=deadline)
        self.award = competition.judge(tender, deadline=deadline)
        self.award = competition.send_letters(self.award, on=self._letters_on())

    def go_live(self) -> None:
        signed_on = competition.sign(self.award)
        officer, sponsor = person(personas.OFFICER), person(personas.SPONSOR)
        self._complete(Block.CONTRACT, signed_on + timedelta(days=10))
        self._decide(signed_on + timedelta(days=10), "The new team is in place.", officer, sponsor)
        if self.plot.lesson:
            with midday(signed_on + timedelta(days=20)):
                draft = Lesson.objects.filter(partnership=self.partnership).first()
                assert draft is not None
                publish_lesson(lesson=draft, by=person(personas.PUBLISHER))

    def close(self) -> None:
        interests.end(self.partnership, on=self.pilot_until)
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

    def _give_the_plan_owners(self) -> None:
        owners = {Block.DESIGN: self.project, Block.PARTNERSHIP: self.third, Block.EVALUATION: self.public}
        with midday(self.began + timedelta(days=7)):
            for milestone in Milestone.objects.filter(partnership=self.partnership):
                owner = owners.get(Block(milestone.block), person(personas.OFFICER))
                edit_milestone(milestone=milestone, title=milestone.title, owner=owner, by=self.project)
            add_milestone(
                partnership=self.partnership, title="Workshop with people who would use the service",
                block=Block.DESIGN, due_on=add_months(self.began, 2), owner=self.project, by=self.project,
                kind=MilestoneKind.REVIEW,
            )  # fmt: skip
            report = add_milestone(
                partnership=self.partnership, title="Report of the workshop", kind=MilestoneKind.DELIVERABLE,
                block=Block.DESIGN, due_on=add_months(self.began, 2) + timedelta(days=14), owner=self.third,
                by=self.project,
            )  # fmt: skip
            workshop = self._milestone("Workshop")
            wait_for(milestone=report, others=[workshop], by=self.project)
        self._hold_the_workshop(workshop)

    def _milestone(self, title: str) -> Milestone:
        return Milestone.objects.get(partnership=self.partnership, title__startswith=title)

    def _hold_the_workshop(self, workshop: Milestone) -> None:
        """Moved once everywhere, and its report with it; in the youngest partnership it is late."""
        moved_to = add_months(self.began, 3)
        along = [offer.milestone.public_id for offer in offers_after(workshop, moved_to)]
        with midday(add_months(self.began, 2) - timedelta(days=5)):
            move_milestone(
                milestone=workshop, due_on=moved_to, by=self.project, along=along,
                reason="The hall was double-booked and people asked for an evening.",
            )  # fmt: skip
        if self.plot.reaches != Stage.DESIGN:
            with midday(add_months(self.began, 3) - timedelta(days=2)):
                complete_milestone(milestone=workshop, evidence="Notes of the workshop, 14 people.", by=self.project)
            with midday(add_months(self.began, 3) + timedelta(days=12)):
                report = self._milestone("Report of the workshop")
                complete_milestone(milestone=report, evidence="Sent to everyone who came.", by=self.project)

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
                    partnership=self.partnership, heading=heading, amount=amount, note="A year", by=self.project
                )

    def _memorandum(self, *, signed_by_all: bool) -> None:
        memorandum = write_memorandum(
            partnership=self.partnership,
            purpose=f"We will find out together what helps {self.plot.client_group.lower()}, try it, and share what we "
            "learn with everyone who may one day bid for the service.",
            how_we_work="The two leads have equal rights and chair the meetings in turn.\n\nDecisions are made by "
            "agreement; the gates are signed by both.\n\nEvery partner shares its figures by the tenth working day.\n\n"
            "A partner may leave with three months’ notice and hands its cases over.",
            review_on=add_months(clock.today(), 12),
            by=self.project,
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
        outcome: GateOutcome = GateOutcome.PASS,
    ) -> None:  # fmt: skip
        with midday(on, 14):
            decision = propose_decision(
                partnership=self.partnership, reason=reason, by=first, conditions=conditions,
                outcome=GateOutcome.CONDITIONS if conditions else outcome,
            )  # fmt: skip
        with midday(on, 16):
            sign_decision(decision=decision, by=second)
