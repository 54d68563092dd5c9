"""The pages that are measured, and who asks for them."""

from partnerships.models import Partnership

BARE, ADMIN = "bare page", "admin change list"
PORTFOLIO, DETAIL, FORM, UNRULED = "portfolio", "partnership", "edit form", "portfolio, no rules"
# For whom the portal keeps the same number of queries and the same cost, however many partnerships there are.
GROWING = ("home", PORTFOLIO, "portfolio, filtered", DETAIL, "plan", "organisations")
LISTS = (PORTFOLIO, "portfolio, filtered", "organisations", "tenders", "lessons", "lessons, search")


def for_the_observer(partnership: Partnership) -> dict[str, str]:
    """The yardsticks first, then every page the least role reads."""
    pid = partnership.public_id
    return {
        BARE: "/bare/",
        ADMIN: "/yardstick/partnerships/partnership/",
        "home": "/",
        PORTFOLIO: "/partnerships/",
        "portfolio, filtered": "/partnerships/?stage=pilot&text=partnership&order=next_due",
        DETAIL: f"/partnerships/{pid}/",
        "plan": f"/partnerships/{pid}/plan/",
        "partners": f"/partnerships/{pid}/partners/",
        "gate": f"/partnerships/{pid}/gate/",
        "history": f"/partnerships/{pid}/history/",
        "pilot": f"/pilots/{pid}/",
        "all pilots together": "/pilots/",
        "organisations": "/organisations/",
        "tenders": "/tenders/",
        "lessons": "/lessons/",
        "lessons, search": "/lessons/?text=partnership",
    }


def for_the_lead(partnership: Partnership) -> dict[str, str]:
    return {FORM: f"/partnerships/{partnership.public_id}/edit/"}


def without_rules() -> dict[str, str]:
    return {UNRULED: "/no-rules/"}
