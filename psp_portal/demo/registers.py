"""What each partnership of the demo wrote into its registers while it designed its service."""

from dataclasses import dataclass
from datetime import date, timedelta

from accounts.models import Organisation, Person
from partnerships.actions.involvement import log_involvement
from partnerships.actions.meeting import add_action_point, add_meeting, add_meeting_decision, finish_action_point
from partnerships.actions.risk import add_risk, close_risk, review_risk
from partnerships.actions.sharing import correct_sharing, log_sharing
from partnerships.actions.skills import assess_skills
from partnerships.information import InformationClass
from partnerships.involvement import ActivityKind, Standard
from partnerships.models import Partnership, Risk
from partnerships.permissions import Ability, can
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole
from partnerships.skills import Topic
from psp_portal.demo.clockwork import midday
from psp_portal.demo.plots import BEFRIENDING, TRANSPORT


@dataclass(frozen=True)
class Writers:
    """Who writes: the project lead and the two equal leads."""

    project: Person
    public: Person
    third: Person


def keep(partnership: Partnership, writers: Writers, *, began: date, today: date) -> None:
    """The registers of the design stage, in the order of the days."""
    _risks(partnership, writers, began, today)
    _sharing(partnership, writers, began)
    _meetings(partnership, writers, began, today)


def _risks(partnership: Partnership, writers: Writers, began: date, today: date) -> None:
    first, later = add_months(began, 1), add_months(began, 2)
    review = min(add_months(began, 5), today + timedelta(days=10))
    rows = (
        ("Too few people are referred in the first months", 4, 4, "We visit practices twice a month.", writers.third),
        ("The grant for transport ends halfway", 3, 3, "A second funder is asked.", writers.public),
        ("Volunteers’ checks take longer than planned", 2, 3, "Applications go in at once.", writers.project),
        ("No hall can be found for the workshops", 2, 2, "The library holds two dates.", writers.project),
    )  # fmt: skip
    with midday(first):
        risks = [
            add_risk(
                partnership=partnership, title=title, likelihood=likelihood, impact=impact, mitigation=mitigation,
                owner=owner, review_on=max(review, later), by=writers.project,
            )
            for title, likelihood, impact, mitigation, owner in rows
        ]  # fmt: skip
    with midday(later):
        review_risk(
            risk=risks[0], note="Three practices now send people; two are still to be visited.", likelihood=3,
            impact=4, review_on=max(review, later + timedelta(days=30)), by=writers.third,
        )  # fmt: skip
        close_risk(risk=risks[3], reason="The workshops were held.", by=writers.project)
    _review_twice_a_year(risks[:3], began, today)


def _review_twice_a_year(risks: list[Risk], began: date, today: date) -> None:
    """By their owners, up to today; the first is looked at a little late."""
    for risk in risks:
        late = timedelta(days=20) if risk == risks[0] else timedelta()
        for months in range(5, 240, 6):
            on = add_months(began, months) + late
            if on > today:
                break
            with midday(on):
                risk.refresh_from_db()
                review_risk(
                    risk=risk, note="Looked at together; it stays as it is.", likelihood=risk.likelihood,
                    impact=risk.impact, review_on=add_months(began, months + 6), by=risk.owner,
                )  # fmt: skip


def _sharing(partnership: Partnership, writers: Writers, began: date) -> None:
    """News for everybody, a partner's own costs, a figure for the public body alone, and a slip put right."""
    lead, others = partnership.third_sector_lead, [p.organisation for p in partnership.partners.all()]
    day = add_months(began, 2)
    shared: tuple[tuple[str, list[Organisation], str, InformationClass, Person], ...] = (
        ("Needs data of 2024: how many people asked, by postcode district", others, "At the first workshop",
         InformationClass.PARTNERSHIP, writers.public),
        ("The strategy for community services, as published", others, "By e-mail", InformationClass.PUBLIC,
         writers.public),
        ("Pay scales and overheads of the lead", [partnership.public_lead], "By e-mail, for the budget",
         InformationClass.PARTNER, writers.third),
        ("The most that a contract may cost a year", [partnership.public_lead], "In the budget meeting",
         InformationClass.AUTHORITY, writers.public),
    )  # fmt: skip
    with midday(day):
        first, *_ = [
            log_sharing(
                partnership=partnership, what=what, given_to=given_to, shared_on=day - timedelta(days=3), how=how,
                shared_by=who, information_class=of_class, by=who,
            )
            for what, given_to, how, of_class, who in shared
        ]  # fmt: skip
    with midday(day + timedelta(days=2)):
        correct_sharing(
            entry=first, what="Needs data of 2025: how many people asked, by postcode district", given_to=[lead],
            shared_on=first.shared_on, how="At the first workshop, on paper", shared_by=writers.public,
            information_class=InformationClass.PARTNERSHIP, by=writers.public,
            reason="It was the newer table, and only the lead took the paper home.",
        )  # fmt: skip


def _meetings(partnership: Partnership, writers: Writers, began: date, today: date) -> None:
    """A meeting of the governance group with everything that comes of one."""
    day = add_months(began, 3)
    with midday(day, 15):
        meeting = add_meeting(
            partnership=partnership, title="Governance group, third meeting", held_on=day,
            present=[writers.public, writers.third, writers.project], others="Effie Laird, carers’ forum",
            agenda="1. How referrals go\n2. Volunteers’ expenses\n3. Date of the next workshop",
            minutes="Referrals are slow outside the towns. Expenses were agreed, see the decision.", by=writers.project,
        )  # fmt: skip
        add_meeting_decision(
            meeting=meeting, what="Volunteers’ fares are paid on the day, in cash.",
            reasons="People on low incomes cannot wait six weeks for a claim.", who=writers.third.name,
            noted="the cash should be held by two people.", by=writers.project,
        )  # fmt: skip
        asked = add_action_point(
            meeting=meeting, what="Ask the three surgeries outside the towns", owner=writers.third,
            due_on=day + timedelta(days=21), by=writers.project,
        )  # fmt: skip
        guide = add_action_point(
            meeting=meeting, what="Write the one-page guide to expenses", owner=writers.project,
            due_on=today + timedelta(days=12) if still_open(partnership) else day + timedelta(days=30),
            by=writers.project,
        )  # fmt: skip
    with midday(day + timedelta(days=10)):
        finish_action_point(point=asked, note="Two said yes, one will call back.", by=writers.third)
    if not still_open(partnership):
        with midday(day + timedelta(days=24)):
            finish_action_point(point=guide, note="It hangs in every hall.", by=writers.project)


def still_open(partnership: Partnership) -> bool:
    """Whether what came up in the design stage is still open: everywhere at once, it would fill the same list twice."""
    return partnership.title in {TRANSPORT.title, BEFRIENDING.title}


def involve(partnership: Partnership, writers: Writers, *, began: date) -> None:
    """The workshop and the interviews that gate G1 asks for."""
    workshop, interviews = add_months(began, 3) - timedelta(days=2), add_months(began, 4)
    with midday(workshop, 16):
        log_involvement(
            partnership=partnership, held_on=workshop, kind=ActivityKind.WORKSHOP, people=14,
            about="Design workshop with people who would use the service", standard=Standard.WORKING_TOGETHER,
            access_needs="Taxis, a signer, tea first and a quiet room.", expenses_paid=True,
            heard="Come to us in the evening. One person to ring, not three. Say what happens next.",
            we_did="One phone number, answered until eight. A card with the next step after each visit.",
            we_could_not="Visits on Sundays, because there is no money for a second team.", by=writers.project,
        )  # fmt: skip
    with midday(interviews, 16):
        log_involvement(
            partnership=partnership, held_on=interviews, kind=ActivityKind.INTERVIEWS, people=6,
            about="Interviews at home", standard=Standard.INCLUSION, access_needs="", expenses_paid=True,
            heard="A letter frightens me; a voice does not.", we_did="", we_could_not="", by=writers.third,
        )  # fmt: skip


def assess(partnership: Partnership, *, since: date, today: date, only: str = "") -> None:
    """Every partner (or `only` one) at the start and every six months since; each time a topic more has moved up."""
    roles = (PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD, PartnershipRole.PARTNER_MANAGER)
    managers = partnership.members.filter(role__in=roles).select_related("person")
    manager_of = {member.person.organisation_id: member.person for member in managers}
    partners = partnership.partners.current().filter(organisation__in=manager_of)
    if only:
        partners = partners.filter(organisation__name=only)
    day, round_ = since, 0
    while day <= today:
        scores = {t.value: min(4, 1 + n % 3 + (n < round_)) for n, t in enumerate(Topic)}
        with midday(day, 17):
            for partner in partners:
                who = manager_of[partner.organisation_id]
                if can(who, Ability.KEEP_REGISTERS, partnership):  # the evaluators' manager is named later
                    assess_skills(partner=partner, scores=scores, by=who)
        round_ += 1
        day = add_months(since, 6 * round_)
