"""The tender: what is bought, how bids are judged, by when; its criteria and the papers disclosed to every bidder."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation
from foundation.database.models import Record
from partnerships.models import Partnership, held_by
from partnerships.roles import PartnershipRole
from procurement.lifecycle import AFTER_OPENING, RELEASED, Disclosure, Route, TenderState, TieBreak
from procurement.timetable import DEADLINE_FOR_BIDS, DEADLINE_FOR_QUESTIONS, LAST_DAY_FOR_ANSWERS, last_answer_on

if TYPE_CHECKING:
    from accounts.models import Person

BUYER_ROLES = (PartnershipRole.PROCUREMENT_OFFICER, PartnershipRole.SPONSOR, PartnershipRole.PUBLIC_LEAD)


class TenderQuerySet(models.QuerySet["Tender"]):
    def published(self) -> "TenderQuerySet":
        """What anybody may read: every notice that ever went out, abandoned or not."""
        return self.exclude(published_at=None)

    def for_buyer(self, person: "Person") -> "TenderQuerySet":
        """Tenders whose file the person may read: a buyer's role, acted in by somebody the buying authority employs."""
        mine = [pk for pk, roles in held_by(person).items() if roles & set(BUYER_ROLES)]
        return self.filter(partnership__in=mine, partnership__public_lead=person.organisation_id)

    def visible_to(self, person: "Person") -> "TenderQuerySet":
        """Tenders the person may know of: published, or of a partnership they take part in."""
        return self.filter(
            ~Q(published_at=None) | Q(partnership__in=Partnership.objects.visible_to(person).values("pk"))
        )


class Tender(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="tenders")
    title = models.CharField(max_length=150)
    summary = models.CharField(max_length=500, help_text="What is bought, in two or three sentences for the public.")
    specification = models.TextField(max_length=30000, blank=True)
    how_to_bid = models.TextField(
        max_length=3000, blank=True, help_text="Whom to ask for an invitation to the portal, and anything else."
    )
    route = models.CharField(max_length=12, choices=Route.choices, default=Route.LIGHT_TOUCH)
    notice_reference = models.CharField(
        max_length=60, blank=True, help_text="The number of the notice on the national website, once it has one."
    )
    estimated_value = models.DecimalField(
        max_digits=12, decimal_places=2, validators=[MinValueValidator(1)], help_text="Whole term, without VAT."
    )
    contract_starts_on = models.DateField()
    contract_ends_on = models.DateField()
    price_weight = models.DecimalField(
        max_digits=5, decimal_places=2, default=50, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    tie_break = models.CharField(max_length=20, choices=TieBreak.choices, blank=True)
    lots_reason = models.TextField(max_length=1000, blank=True, help_text="Why the contract is not split into lots.")
    community_benefits = models.TextField(
        max_length=2000, blank=True, help_text="The benefits asked for, or why none are."
    )
    question_deadline_at = models.DateTimeField(null=True)
    answers_due_on = models.DateField(
        null=True, help_text="The officer's own last day for answers; empty: the last one that the timetable permits."
    )
    deadline_at = models.DateTimeField(null=True)

    state = models.CharField(max_length=12, choices=TenderState.choices, default=TenderState.PREPARING)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_at = models.DateTimeField(null=True)
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    closed_at = models.DateTimeField(null=True)
    opened_at = models.DateTimeField(null=True)
    quality_locked_at = models.DateTimeField(null=True)
    quality_locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True
    )
    abandoned_at = models.DateTimeField(null=True)
    abandoned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    abandoned_because = models.TextField(max_length=3000, blank=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = TenderQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["state", "deadline_at"], name="tender_state_deadline")]
        constraints = [
            models.UniqueConstraint(
                fields=["partnership"], condition=~Q(state=TenderState.ABANDONED), name="one_tender_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(contract_ends_on__gt=models.F("contract_starts_on")), name="contract_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[TenderState.PREPARING, TenderState.ABANDONED])
                | Q(published_at__isnull=False, published_by__isnull=False, deadline_at__isnull=False),
                name="tender_open_means_published",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=AFTER_OPENING) | Q(opened_at__isnull=False), name="tender_judged_means_opened"
            ),
            models.CheckConstraint(
                condition=Q(quality_locked_at=None, quality_locked_by=None)
                | Q(quality_locked_at__isnull=False, quality_locked_by__isnull=False, opened_at__isnull=False),
                name="quality_lock_has_its_person",
            ),
            models.CheckConstraint(
                condition=Q(state=TenderState.ABANDONED, abandoned_at__isnull=False, abandoned_by__isnull=False)
                | (~Q(state=TenderState.ABANDONED) & Q(abandoned_at=None, abandoned_by=None)),
                name="abandoned_has_its_person",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return f"tender:{self.public_id}"

    @property
    def sealed_scope(self) -> str:
        """The history of what bidders do: nobody on the buyer's side reads it before bids are opened."""
        return f"sealed:tender:{self.public_id}"

    @property
    def box(self) -> "BidBox":
        return BidBox(self)

    @property
    def buyer(self) -> Organisation:
        return self.partnership.public_lead

    @property
    def last_permitted_answer_on(self) -> date | None:
        """The last day on which an answer needs no later deadline; None while there is no deadline."""
        return last_answer_on(timezone.localdate(self.deadline_at)) if self.deadline_at else None

    @property
    def last_answer_on(self) -> date | None:
        """The last day for answers that bidders are told: the officer's own, or the last one permitted."""
        return self.answers_due_on or self.last_permitted_answer_on

    def get_absolute_url(self) -> str:
        return reverse("procurement:notice", args=[self.public_id])

    def facts(self) -> dict[str, Any]:
        """The editable fields, as plain values for the audit trail; moments in UTC, whoever typed them."""
        return {name: _plain(getattr(self, name)) for name in EDITABLE}


def _plain(value: Any) -> str:
    return str(value.astimezone(UTC) if isinstance(value, datetime) else value or "")


# What can be edited while a tender is prepared, with the name its form and its history have for it.
EDITABLE = {
    "title": "Title",
    "summary": "Summary",
    "specification": "Specification",
    "how_to_bid": "How to bid",
    "route": "Rules that apply",
    "notice_reference": "Number of the notice on the national website",
    "estimated_value": "Estimated value (£)",
    "contract_starts_on": "Contract starts",
    "contract_ends_on": "Contract ends",
    "price_weight": "Weight of price (%)",
    "tie_break": "If two totals are equal",
    "lots_reason": "Why the contract is not split into lots",
    "community_benefits": "Community benefits",
    "question_deadline_at": DEADLINE_FOR_QUESTIONS,
    "answers_due_on": LAST_DAY_FOR_ANSWERS,
    "deadline_at": DEADLINE_FOR_BIDS,
}


@dataclass(frozen=True)
class BidBox:
    """The tender as bidders act on it: what they do, and what is refused them, goes into the sealed history."""

    tender: Tender

    def __str__(self) -> str:
        return str(self.tender)

    @property
    def public_id(self) -> str:
        return self.tender.public_id

    @property
    def audit_scope(self) -> str:
        return self.tender.sealed_scope


class KeyScheme(models.TextChoices):
    """How a tender's key is kept. A later release adds one in which two of several openers each bring a share."""

    PORTAL = "portal", "Wrapped with the portal's secret"


class TenderKey(models.Model):
    """The key bids are sealed with, made at publication and only ever stored wrapped (`sealing`)."""

    tender = models.OneToOneField(Tender, on_delete=models.PROTECT, related_name="key")
    scheme = models.CharField(max_length=10, choices=KeyScheme.choices, default=KeyScheme.PORTAL)
    wrapped = models.BinaryField(max_length=200)

    def __str__(self) -> str:
        return f"Key of {self.tender}"


class Criterion(Record):
    """A quality question: bidders answer it, the panel scores it."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="criteria")
    position = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=150)
    guidance = models.TextField(max_length=3000, blank=True, help_text="What a good answer covers.")
    weight = models.DecimalField(max_digits=5, decimal_places=2)

    class Meta:
        verbose_name_plural = "criteria"
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(weight__gt=0, weight__lte=100), name="criterion_weight_0_to_100"),
            models.UniqueConstraint(fields=["tender", "title"], name="criterion_title_once"),
        ]

    def __str__(self) -> str:
        return self.title


class DisclosureItem(Record):
    """A paper the partnership shared, and whether every bidder gets it when the notice goes out."""

    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="papers")
    title = models.CharField(max_length=200)
    source = models.CharField(max_length=200, help_text="Where it comes from: who wrote it, in which stage.")
    decision = models.CharField(max_length=12, choices=Disclosure.choices, default=Disclosure.UNDECIDED)
    reason = models.CharField(max_length=1000, blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(decision=Disclosure.UNDECIDED, decided_at=None, decided_by=None)
                | (
                    ~Q(decision=Disclosure.UNDECIDED)
                    & ~Q(reason="")
                    & Q(decided_at__isnull=False, decided_by__isnull=False)
                ),
                name="disclosure_decided_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.tender.audit_scope

    @property
    def is_released(self) -> bool:
        """Whether bidders get it (once the notice is out)."""
        return self.decision in RELEASED
