"""The numbers organisations are known by, and the one shape that holds them all: the org-id, PREFIX-NUMBER.

Prefixes (org-id.guide; `domain.md` 5.7): GB-SC a Scottish charity, GB-COH a company, GB-CHC a charity in England and
Wales. Others, such as those of councils, are taken as they are typed.
"""

from django.core.validators import RegexValidator

charity_number_shape = RegexValidator(
    r"^SC[0-9]{6}\Z", "A Scottish charity number is SC and six digits, for example SC012345."
)
company_number_shape = RegexValidator(
    r"^(SC|SO|[0-9]{2})[0-9]{6}\Z", "A company number is eight characters, for example SC123456 or 01234567."
)
# A prefix whose numbers we know has numbers of that shape; any other needs only to look like an org-id.
org_id_shape = RegexValidator(
    r"^(GB-SC-SC[0-9]{6}|GB-COH-(SC|SO|[0-9]{2})[0-9]{6}|GB-CHC-[0-9]{6,7}"
    r"|(?!GB-(SC|COH|CHC)-)[A-Z]{2}-[A-Z0-9]{2,10}-[A-Z0-9][A-Z0-9./-]{0,39})\Z",
    "An org-id is a prefix and a number, for example GB-SC-SC012345, GB-COH-SC123456 or GB-CHC-1234567.",
)

CHARITY, COMPANY = "GB-SC-", "GB-COH-"


def identifiers(charity_number: str = "", company_number: str = "", org_id: str = "") -> list[str]:
    """Every org-id an organisation is known by, the charity's first."""
    found = [
        f"{CHARITY}{charity_number}" if charity_number else "",
        f"{COMPANY}{company_number}" if company_number else "",
        org_id,
    ]
    return list(dict.fromkeys(filter(None, found)))


def numbers_in(org_ids: list[str]) -> dict[str, list[str]]:
    """The charity and company numbers that some org-ids hold, by the field they are stored in."""
    fields = {"charity_number": CHARITY, "company_number": COMPANY}
    return {
        field: [one.removeprefix(prefix) for one in org_ids if one.startswith(prefix)]
        for field, prefix in fields.items()
    }


def contradiction(charity_number: str, company_number: str, org_id: str) -> str:
    """A sentence when an org-id names another charity or company than the number beside it; else empty."""
    for prefix, number, words in (
        (CHARITY, charity_number, "charity number"),
        (COMPANY, company_number, "company number"),
    ):
        if number and org_id.startswith(prefix) and org_id != f"{prefix}{number}":
            return f"This is not what the {words} {number} says. Leave it empty: it follows from the number."
    return ""
