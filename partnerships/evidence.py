"""The facts the partnership itself tells the gates (`domain.md` 1.5, 1.7, 1.8, 1.11). A checklist asks for them."""

from django.db.models import Exists, Max, OuterRef, Subquery

from foundation.database import clock
from partnerships import gates, ladder
from partnerships.checklist import ItemKind
from partnerships.gates import Evidence, Fact
from partnerships.involvement import Standard
from partnerships.lifecycle import Gate
from partnerships.models import (
    NEEDED_HEADINGS,
    BudgetHeading,
    BudgetLine,
    Involvement,
    Member,
    Memorandum,
    Partner,
    Partnership,
    Risk,
    Signature,
)
from partnerships.models.partner import PartnerQuerySet
from partnerships.roles import PartnershipRole
from partnerships.skills import next_due

DECIDERS = (
    PartnershipRole.SPONSOR,
    PartnershipRole.PROCUREMENT_OFFICER,
    PartnershipRole.PUBLIC_LEAD,
    PartnershipRole.THIRD_SECTOR_LEAD,
)


def register() -> None:
    """Offer every fact below to the checklists."""
    for key, label, check, page, mend, kind in (
        ("memorandum", "The memorandum is signed by every partner", memorandum_is_signed, "memorandum",
         "Open the memorandum", ItemKind.AGREEMENT),
        ("contingency", "Each third sector partner has a contingency plan", partners_plan_for_losing, "partners",
         "Open the partners", ItemKind.FACT),
        ("budget", "The budget has the three lines it needs", budget_has_the_needed_lines, "budget",
         "Open the budget", ItemKind.FACT),
        ("involvement", "People who use services were involved", people_were_involved, "involvement",
         "Open the involvement diary", ItemKind.FACT),
        ("deciders", "The people who decide are named", deciders_are_named, "partners", "Open the partners",
         ItemKind.FACT),
        ("risks", "Risks are in the register", risks_are_kept, "risks", "Open the register of risks", ItemKind.FACT),
        ("skills", "Every partner has assessed its skills", skills_are_assessed, "skills",
         "Open the self-assessments", ItemKind.FACT),
    ):  # fmt: skip
        gates.add(Fact(f"partnerships.{key}", label, check, f"partnerships:{page}", mend, kind=kind))
    gates.add(
        Fact(gates.REVIEW, "The mid-pilot review was passed", review_was_passed, "partnerships:gate_at",
             "Open gate G2", args=(Gate.G2.value,))
    )  # fmt: skip


def memorandum_is_signed(partnership: Partnership) -> list[Evidence]:
    """Every current partner has signed the newest version: “MoU: 4 of 5 signed”."""
    newest = Memorandum.objects.filter(partnership=partnership).order_by("-number")
    has_signed = Exists(Signature.objects.filter(memorandum=Subquery(newest.values("pk")[:1]), partner=OuterRef("pk")))
    partners = _partners(partnership).annotate(number=Subquery(newest.values("number")[:1]), has_signed=has_signed)
    rows = list(partners.values_list("organisation__name", "number", "has_signed"))
    number = rows[0][1] if rows else None
    if number is None:
        return [Evidence("Memorandum of understanding", False, "The memorandum of understanding is not written yet.")]
    missing = [name for name, _, signed in rows if not signed]
    told = f"MoU version {number}: {len(rows) - len(missing)} of {len(rows)} signed."
    if missing:
        told += f" Still to sign: {_list(missing)}."
    return [Evidence("Memorandum of understanding", not missing, told)]


def partners_plan_for_losing(partnership: Partnership) -> list[Evidence]:
    """Every third sector partner has a contingency plan; each one without is named."""
    missing = [str(p) for p in _partners(partnership) if p.organisation.sector == "third" and not p.contingency_plan]
    told = (
        f"No contingency plan yet from {_list(missing)}."
        if missing
        else "Every third sector partner has a contingency plan."
    )
    return [Evidence("Contingency plans", not missing, told)]


def budget_has_the_needed_lines(partnership: Partnership) -> list[Evidence]:
    """The three lines that funding should cover, by name."""
    present = set(BudgetLine.objects.filter(partnership=partnership).values_list("heading", flat=True))
    missing = [BudgetHeading(heading).label for heading in NEEDED_HEADINGS if heading not in present]
    told = (
        f"The budget has no line for: {'; '.join(missing)}."
        if missing
        else "The budget covers the development officer, vision and values, and administration."
    )
    return [Evidence("Budget", not missing, told)]


def people_were_involved(partnership: Partnership) -> list[Evidence]:
    """Co-production: at least one activity with people who use services is in the diary (`domain.md` 3.1, 8.9)."""
    entries = list(Involvement.objects.filter(partnership=partnership).values_list("people", "standard"))
    standards = {standard for _, standard in entries}
    served = _list([s.label for s in Standard if s in standards]) if standards else ""
    many = "activities" if len(entries) > 1 else "activity"
    told = (
        f"{len(entries)} {many} with people who use services, {sum(people for people, _ in entries)} taking part, "
        f"under the National Standard{'s' if len(standards) > 1 else ''} {served}."
        if entries
        else "The involvement diary has no activity with people who use services yet."
    )
    return [Evidence("Co-production", bool(entries), told)]


def deciders_are_named(partnership: Partnership) -> list[Evidence]:
    """A sponsor, a procurement officer, and somebody for each lead: nobody else can sign at a gate."""
    held = set(
        Member.objects.current().filter(partnership=partnership, role__in=DECIDERS).values_list("role", flat=True)
    )
    missing = [role.label.lower() for role in DECIDERS if role not in held]
    told = (
        f"Nobody is {_list(missing)} yet. A lead or the project lead gives the role."
        if missing
        else "A sponsor, a procurement officer and somebody for each lead are named."
    )
    return [Evidence("People who decide", not missing, told)]


def risks_are_kept(partnership: Partnership) -> list[Evidence]:
    """At least one risk is being watched: a partnership without any has not looked."""
    count = Risk.objects.open().filter(partnership=partnership).count()
    told = f"Open risks in the register: {count}." if count else "The register of risks has no open risk yet."
    return [Evidence("Register of risks", bool(count), told)]


def skills_are_assessed(partnership: Partnership) -> list[Evidence]:
    """Every current partner's newest self-assessment is not due again yet; each one that is due is named."""
    today = clock.today()
    partners = _partners(partnership).annotate(assessed_on=Max("skills__assessed_on"))
    rows = partners.values_list("organisation__name", "joined_on", "assessed_on")
    due = [name for name, joined_on, last_on in rows if last_on is None or next_due(joined_on, last_on) < today]
    told = "Every partner has assessed its skills in the past six months."
    if due:
        told = f"No self-assessment of the past six months from {_list(due)}."
    return [Evidence("Skills of the partners", not due, told)]


def review_was_passed(partnership: Partnership) -> list[Evidence]:
    """Gate G2 was passed since this pilot began."""
    decision = ladder.passed(Gate.G2, partnership)
    if decision is None or decision.decided_at is None:
        return [Evidence("Mid-pilot review", False, "The mid-pilot review has not been held: gate G2 was not passed.")]
    return [Evidence("Mid-pilot review", True, f"Gate G2 was passed on {decision.decided_at:%-d %B %Y}.")]


def _partners(partnership: Partnership) -> PartnerQuerySet:
    return Partner.objects.current().filter(partnership=partnership).select_related("organisation")


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
