"""What is said of a fund that is a grant, so that it can be published as open data (`domain.md` 5.7)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models

from accounts.models import Organisation
from foundation.database.models import Record
from partnerships.grants import GRANT_KINDS, LONGEST_TITLE, Award, Party
from partnerships.models.fund import Fund
from partnerships.money import Certainty

if TYPE_CHECKING:
    from django.db.models import QuerySet


class GrantAward(Record):
    """Who awarded a fund to whom, and when. A title or description left empty is the partnership's own."""

    fund = models.OneToOneField(Fund, on_delete=models.CASCADE, related_name="grant_award")
    title = models.CharField(max_length=LONGEST_TITLE, blank=True)
    description = models.TextField(max_length=2000, blank=True)
    awarded_on = models.DateField()
    funder = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recipient = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(funder=models.F("recipient")), name="grant_goes_to_another_organisation"
            ),
        ]

    def __str__(self) -> str:
        return f"Grant of {self.fund}"

    @property
    def audit_scope(self) -> str:
        return self.fund.audit_scope


def grants_among(funds: "QuerySet[Fund]") -> "QuerySet[Fund]":
    """Those of some funds that are grants: money that somebody else awards. With all that `award_of` asks."""
    found = funds.filter(kind__in=GRANT_KINDS, in_kind=False)
    return found.select_related("partnership", "grant_award__funder", "grant_award__recipient")


def is_a_grant(fund: Fund) -> bool:
    return fund.kind in GRANT_KINDS and not fund.in_kind


def award_of(fund: Fund) -> Award:
    """A grant's ten fields, as far as they are known. No query after `grants_among`."""
    said = getattr(fund, "grant_award", None)
    partnership = fund.partnership
    return Award(
        prefix=settings.GRANTS_PUBLISHER_PREFIX,
        reference=fund.public_id,
        title=(said.title if said else "") or partnership.title,
        description=(said.description if said else "") or partnership.service or partnership.need,
        amount=fund.amount,
        awarded_on=said.awarded_on if said else None,
        funder=Party(said.funder.name, said.funder.identifier) if said else Party(),
        recipient=Party(said.recipient.name, said.recipient.identifier) if said else Party(),
        confirmed=fund.certainty == Certainty.CONFIRMED,
    )
