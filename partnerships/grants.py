"""A grant as open data: the ten fields that 360Giving requires, and which of them are missing (`domain.md` 5.7).

Pure functions over plain values. Amounts are pounds sterling; the currency is always GBP.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from partnerships.money import FundKind

LONGEST_TITLE = 139  # under 140 characters
CURRENCY = "GBP"
# What somebody awards; a partner's own budget is nobody's grant, and a loan is paid back.
GRANT_KINDS = (FundKind.GRANT, FundKind.TRUST, FundKind.LOTTERY)
HEADINGS = (
    "Identifier", "Title", "Description", "Currency", "Amount Awarded", "Award Date", "Funding Org:Identifier",
    "Funding Org:Name", "Recipient Org:Identifier", "Recipient Org:Name",
)  # fmt: skip


class Mend(Enum):
    """Where a missing field is put right."""

    FUND = "fund"
    GRANT = "grant"
    FUNDER = "funder"
    RECIPIENT = "recipient"
    OPERATOR = "operator"


@dataclass(frozen=True)
class Party:
    """An organisation of the register; without an org-id it cannot be published."""

    name: str = ""
    org_id: str = ""


@dataclass(frozen=True)
class Award:
    """One grant: `reference` is the funder's portal's own, `prefix` the publisher's that 360Giving gave out."""

    prefix: str
    reference: str
    title: str
    description: str
    amount: Decimal
    awarded_on: date | None = None
    funder: Party = Party()
    recipient: Party = Party()
    confirmed: bool = True

    @property
    def identifier(self) -> str:
        return f"{self.prefix}-{self.reference}"

    def values(self) -> tuple[str, str, str, str, Decimal, date | None, str, str, str, str]:
        """Under `HEADINGS`."""
        return (
            self.identifier, self.title, self.description, CURRENCY, self.amount, self.awarded_on,
            self.funder.org_id, self.funder.name, self.recipient.org_id, self.recipient.name,
        )  # fmt: skip


def lacks(award: Award) -> list[tuple[str, Mend]]:
    """What keeps a grant from being published, each with where it is mended; empty when all ten fields are there."""
    if not award.confirmed:
        return [("it is only hoped for, so nothing has been awarded yet", Mend.FUND)]
    found = [
        (not award.title.strip(), "a title", Mend.GRANT),
        (len(award.title) > LONGEST_TITLE, "a title of less than 140 characters", Mend.GRANT),
        (not award.description.strip(), "a description", Mend.GRANT),
        (award.awarded_on is None, "the day it was awarded", Mend.GRANT),
        (not award.funder.name, "the organisation that gives it", Mend.GRANT),
        (not award.recipient.name, "the organisation that receives it", Mend.GRANT),
        (bool(award.funder.name) and not award.funder.org_id, f"an org-id of {award.funder.name}", Mend.FUNDER),
        (
            bool(award.recipient.name) and not award.recipient.org_id,
            f"an org-id of {award.recipient.name}",
            Mend.RECIPIENT,
        ),
        (not award.prefix, "the publisher’s prefix of its identifier", Mend.OPERATOR),
    ]
    return [(what, where) for missing, what, where in found if missing]


def as_json(awards: Sequence[Award]) -> dict[str, Any]:
    """As 360Giving's JSON has it."""
    return {"grants": [_grant(award) for award in awards]}


def _grant(award: Award) -> dict[str, Any]:
    return {
        "id": award.identifier,
        "title": award.title,
        "description": award.description,
        "currency": CURRENCY,
        "amountAwarded": float(award.amount) if award.amount % 1 else int(award.amount),
        "awardDate": award.awarded_on.isoformat() if award.awarded_on else "",
        "fundingOrganization": [{"id": award.funder.org_id, "name": award.funder.name}],
        "recipientOrganization": [{"id": award.recipient.org_id, "name": award.recipient.name}],
    }
