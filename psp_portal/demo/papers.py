"""Documents, an issue or two and the trainings of each partnership of the demo; and a partner that joined later."""

from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.models import Person
from foundation.database import clock
from partnerships.actions.document import add_document, add_version, confirm_document, read_on_record
from partnerships.actions.issue import open_issue, resolve_issue, risk_happened
from partnerships.actions.partner import add_member, add_partner
from partnerships.actions.release import grant_document
from partnerships.actions.training import log_training
from partnerships.categories import DocumentCategory as Category
from partnerships.information import InformationClass
from partnerships.models import Document, IssueImpact, Partnership, Risk
from partnerships.plan import add_months
from partnerships.roles import PartnerPart, PartnershipRole
from partnerships.skills import Topic
from psp_portal.demo import personas
from psp_portal.demo.clockwork import midday
from psp_portal.demo.people import organisation, person
from psp_portal.demo.plots import BEFRIENDING
from psp_portal.demo.registers import Writers, assess, still_open

JOINS_LATE = "Open Door Wellbeing"
SHARED, THEIRS, OURS = InformationClass.PARTNERSHIP, InformationClass.PARTNER, InformationClass.AUTHORITY


def keep(partnership: Partnership, writers: Writers, *, began: date, today: date) -> None:
    """What is on paper from the design stage, what went wrong in it, and who learned what."""
    _documents(partnership, writers, began)
    _trainings(partnership, writers, began)
    _issues(partnership, writers, began, today)


def _file(name: str, *lines: str) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, ("\n".join(lines) + "\n").encode())


def _documents(partnership: Partnership, writers: Writers, began: date) -> None:
    need = partnership.need
    lead = partnership.partners.get(organisation=partnership.third_sector_lead)
    rows = (
        (Category.SCOPING_NOTE, "Scoping note", InformationClass.PUBLIC, writers.public, need),
        (Category.LOGIC_MODEL, "Logic model", SHARED, writers.third, "Visits lead to company, company to health."),
        (Category.BUSINESS_CASE, "Costs of the lead, for the business case", THEIRS, writers.third, "Post;Cost"),
        (Category.OTHER, "The most that a contract may cost", OURS, writers.public, "Not to be shared."),
    )
    with midday(add_months(began, 1), 11):
        for category, title, of_class, by, text in rows:
            partner = lead if of_class == THEIRS else None
            add_document(
                partnership=partnership, category=category, title=title, information_class=of_class, partner=partner,
                file=_file(f"{category.value.replace('_', '-')}.txt", title, partnership.title, "", text), log=True,
                by=by,
            )  # fmt: skip
    model = Document.objects.get(partnership=partnership, category=Category.LOGIC_MODEL)
    with midday(add_months(began, 3), 11):
        text = "Visits and a walk to a group lead to company, company to health."
        file = _file("logic-model-2.txt", "Logic model, second version", partnership.title, "", text)
        add_version(document=model, file=file, note="Groups added after the workshop", log=True, by=writers.third)


def _trainings(partnership: Partnership, writers: Writers, began: date) -> None:
    buyer, *sellers = partnership.partners.order_by("pk")
    with midday(add_months(began, 2), 17):
        log_training(
            partnership=partnership, held_on=add_months(began, 2), topic=Topic.PROCUREMENT, hours=3,
            title="What a buyer may and may not ask", given_by="Tay Evaluation", by=writers.project,
            people={buyer: 4} | dict.fromkeys(sellers[:1], 3),
        )  # fmt: skip
    with midday(add_months(began, 3), 17):
        log_training(
            partnership=partnership, held_on=add_months(began, 3), topic=Topic.RISK_MANAGEMENT, hours=2,
            title="A risk register that somebody reads", given_by=writers.project.name, by=writers.project,
            people=dict.fromkeys(sellers[:2], 2),
        )  # fmt: skip


def _issues(partnership: Partnership, writers: Writers, began: date, today: date) -> None:
    day = add_months(began, 3) + timedelta(days=3)
    with midday(day):
        letters = open_issue(
            partnership=partnership, title="Letters went out with the wrong phone number", impact=IssueImpact.MEDIUM,
            what_happened="Forty people got the number of the old office. Nobody answers there.", owner=writers.third,
            due_on=day + timedelta(days=7), by=writers.project,
        )  # fmt: skip
    with midday(day + timedelta(days=5)):
        resolve_issue(issue=letters, resolution="Everybody was rung; the old number is passed on.", by=writers.third)
        risk = Risk.objects.get(partnership=partnership, title__startswith="Volunteers’ checks")
        checks = risk_happened(
            risk=risk, title="Nine volunteers wait for their checks", impact=IssueImpact.HIGH, owner=writers.project,
            what_happened="The checks take eleven weeks instead of four, so nine volunteers cannot begin.",
            due_on=today + timedelta(days=9) if still_open(partnership) else day + timedelta(days=60),
            by=writers.project,
        )  # fmt: skip
    if not still_open(partnership):
        with midday(day + timedelta(days=50)):
            resolve_issue(issue=checks, resolution="All nine checks are through.", by=writers.project)


def what_came_later() -> None:
    """In one pilot: a partner joins in month 9, is granted a paper from before, and takes a copy of it."""
    partnership = Partnership.objects.get(title=BEFRIENDING.title)
    public, project = person(personas.COMMISSIONER), person(personas.PROJECT_LEAD)
    joined_on = add_months(partnership.starts_on, 9)
    newcomer = _newcomer(partnership, joined_on, public)
    model = Document.objects.get(partnership=partnership, category=Category.LOGIC_MODEL)
    with midday(joined_on + timedelta(days=3)):
        partner = partnership.partners.get(organisation__name=JOINS_LATE)
        grant_document(
            document=model, partner=partner, log=True, by=project,
            reason="It takes over the walks to the groups and has to know what they are for.",
        )  # fmt: skip
    with midday(joined_on + timedelta(days=4)):
        read_on_record(document=model, number=2, by=newcomer)
    assess(partnership, since=joined_on, today=clock.today(), only=JOINS_LATE)
    with midday(clock.today() - timedelta(days=30)):
        confirm_document(document=model, by=project)


def _newcomer(partnership: Partnership, joined_on: date, by: Person) -> Person:
    who = next(person(lead) for lead in personas.LEADS if lead.organisation == JOINS_LATE)
    with midday(joined_on):
        add_partner(
            partnership=partnership, organisation=organisation(JOINS_LATE), part=PartnerPart.SUPPORT,
            joined_on=joined_on, by=by,
        )  # fmt: skip
        add_member(
            partnership=partnership, email=who.email, name=who.name, organisation=organisation(JOINS_LATE),
            role=PartnershipRole.PARTNER_MANAGER, by=by,
        )  # fmt: skip
    return who
