"""The partnership's own evidence at the gates (`domain.md` 1.5, 1.7, 1.8, 1.11). Hung on the gates in `apps.py`."""

from partnerships.gates import Evidence
from partnerships.involvement import Standard
from partnerships.models import (
    NEEDED_HEADINGS,
    BudgetHeading,
    BudgetLine,
    Involvement,
    Memorandum,
    Partner,
    Partnership,
    Signature,
)


def memorandum_is_signed(partnership: Partnership) -> list[Evidence]:
    """Every current partner has signed the newest version: “MoU: 4 of 5 signed”."""
    memorandum = Memorandum.objects.filter(partnership=partnership).order_by("-number").first()
    if memorandum is None:
        return [Evidence("Memorandum of understanding", False, "The memorandum of understanding is not written yet.")]
    partners = list(Partner.objects.current().filter(partnership=partnership).select_related("organisation"))
    signed = set(Signature.objects.filter(memorandum=memorandum).values_list("partner_id", flat=True))
    missing = [str(partner) for partner in partners if partner.pk not in signed]
    told = f"MoU version {memorandum.number}: {len(partners) - len(missing)} of {len(partners)} signed."
    if missing:
        told += f" Still to sign: {_list(missing)}."
    return [Evidence("Memorandum of understanding", not missing, told)]


def partners_plan_for_losing(partnership: Partnership) -> list[Evidence]:
    """Every third sector partner has a contingency plan; each one without is named."""
    partners = Partner.objects.current().filter(partnership=partnership).select_related("organisation")
    missing = [str(p) for p in partners if p.organisation.sector == "third" and not p.contingency_plan]
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


def _list(names: list[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
