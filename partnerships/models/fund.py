"""Where the money comes from (`domain.md` 1.8): funds in cash or in kind, and the instalments cash arrives in."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.budget import Allocation, BudgetLine
from partnerships.models.partnership import Partnership
from partnerships.money import Books, Certainty, FundFacts, FundKind, added, totals

if TYPE_CHECKING:
    from accounts.models import Person


def _pounds() -> "models.DecimalField[Decimal, Decimal]":
    return models.DecimalField(max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))])


class FundQuerySet(models.QuerySet["Fund"]):
    def visible_to(self, person: "Person") -> "FundQuerySet":
        """Every member of a partnership may read where its money comes from."""
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def with_instalments(self) -> "FundQuerySet":
        """For whoever asks what was planned or has arrived: one more query, however many funds."""
        return self.prefetch_related("instalments")


class Fund(Record):
    """Money, or help that is worth money, from one source for one purpose."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="funds")
    source = models.CharField(max_length=200)
    kind = models.CharField(max_length=12, choices=FundKind.choices)
    amount = _pounds()
    in_kind = models.BooleanField(default=False, help_text="Help instead of money; `amount` is what it is worth.")
    what = models.CharField(max_length=300, blank=True, help_text="In kind: what it is.")
    valued_how = models.CharField(max_length=500, blank=True, help_text="In kind: how its worth was worked out.")
    conditions = models.TextField(max_length=2000, blank=True)
    from_on = models.DateField()
    until_on = models.DateField()
    certainty = models.CharField(max_length=10, choices=Certainty.choices)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FundQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="fund_above_zero"),
            models.CheckConstraint(condition=Q(until_on__gte=models.F("from_on")), name="fund_ends_after_it_begins"),
            models.CheckConstraint(
                condition=Q(in_kind=False, what="", valued_how="")
                | (Q(in_kind=True) & ~Q(what="") & ~Q(valued_how="")),
                name="fund_in_kind_says_what_and_how_valued",
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def is_confirmed(self) -> bool:
        return self.certainty == Certainty.CONFIRMED

    @property
    def planned(self) -> Decimal:
        """What its instalments come to, in pounds."""
        return added(one.amount for one in self.instalments.all())

    @property
    def arrived(self) -> Decimal:
        """What of its instalments was received, in pounds."""
        return added(one.amount for one in self.instalments.all() if one.received_on)


class Instalment(Record):
    """A part of a fund that arrives on a day, if its condition is met. Money only: help in kind has none."""

    fund = models.ForeignKey(Fund, on_delete=models.PROTECT, related_name="instalments")
    due_on = models.DateField()
    amount = _pounds()
    condition = models.CharField(max_length=500, blank=True)
    return_for = models.DateField(
        null=True, help_text="The month whose return it is tied to, as its first day; empty: it is tied to none."
    )
    released_on = models.DateField(null=True)
    released_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    released_because = models.TextField(
        max_length=1000, blank=True, help_text="Why, although the return was not accepted; empty when it was."
    )
    received_on = models.DateField(null=True)
    received_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True, help_text="Who recorded it."
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="instalment_above_zero"),
            models.CheckConstraint(
                condition=Q(received_on=None, received_by=None)
                | Q(received_on__isnull=False, received_by__isnull=False),
                name="instalment_received_on_a_day_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(return_for=None) | Q(return_for__day=1), name="instalment_tied_to_a_month"
            ),
            models.CheckConstraint(
                condition=Q(released_on=None, released_by=None, released_because="")
                | Q(released_on__isnull=False, released_by__isnull=False, return_for__isnull=False),
                name="instalment_released_by_somebody_from_a_return",
            ),
            models.CheckConstraint(
                condition=Q(return_for=None) | Q(received_on=None) | Q(released_on__isnull=False),
                name="instalment_released_before_it_is_received",
            ),
        ]

    def __str__(self) -> str:
        return f"£{self.amount:,.2f} due on {self.due_on:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.fund.audit_scope

    @property
    def is_held(self) -> bool:
        """Tied to a return and not released yet."""
        return self.return_for is not None and self.released_on is None

    @property
    def is_late(self) -> bool:
        return self.received_on is None and self.due_on < clock.today()


def books_of(partnership: Partnership) -> Books:
    """Every total of a partnership, read from its rows. Four queries; totals by partner are keyed by its id."""
    funds = [
        FundFacts(fund.amount, fund.in_kind, fund.is_confirmed, fund.arrived)
        for fund in Fund.objects.filter(partnership=partnership).with_instalments()
    ]
    lines = BudgetLine.objects.filter(partnership=partnership).values_list("amount", flat=True)
    shares = Allocation.objects.filter(line__partnership=partnership).values_list("partner_id", "amount")
    return totals(funds, lines, shares)
