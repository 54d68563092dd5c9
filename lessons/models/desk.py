"""The desk: what people asked for in another format or language, with a reference and a promised date.

Nobody needs an account to ask. How to reach them is kept until the request is settled, and is deleted with that; when
nobody settles it, `DETAILS_KEPT_DAYS` after they asked.
"""

from datetime import date

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from foundation.database.models import Record
from lessons.models.learning_point import LearningPoint
from lessons.models.owned import one_of
from lessons.models.profile import Profile
from lessons.models.report import Report

DETAILS = ("name", "email", "contact")
DETAILS_KEPT_DAYS = 90
"""Days: more than four times the ten working days that are promised. Said on the form."""


class RequestState(models.TextChoices):
    WAITING = "waiting", "To be made"
    DELIVERED = "delivered", "Delivered"
    DECLINED = "declined", "Could not be made"


class FormatRequestQuerySet(models.QuerySet["FormatRequest"]):
    def waiting(self) -> "FormatRequestQuerySet":
        return self.filter(state=RequestState.WAITING)

    def late(self, today: date) -> "FormatRequestQuerySet":
        return self.waiting().filter(promised_on__lt=today)

    def with_details(self) -> "FormatRequestQuerySet":
        return self.exclude(**dict.fromkeys(DETAILS, ""))


class FormatRequest(Record):
    number = models.PositiveIntegerField(unique=True, editable=False)
    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    learning_point = models.ForeignKey(
        LearningPoint, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    wanted = models.CharField(max_length=200)
    name = models.CharField(max_length=100, blank=True)
    email = models.EmailField(max_length=254, blank=True)
    contact = models.CharField(max_length=400, blank=True)
    promised_on = models.DateField()
    state = models.CharField(max_length=10, choices=RequestState.choices, default=RequestState.WAITING)
    supplier = models.CharField(max_length=150, blank=True)
    cost = models.DecimalField(max_digits=9, decimal_places=2, null=True, validators=[MinValueValidator(0)])
    note = models.CharField(max_length=500, blank=True)
    settled_on = models.DateField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = FormatRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        indexes = [models.Index(fields=["state", "promised_on"], name="format_request_waiting")]
        constraints = [
            models.CheckConstraint(
                condition=one_of("report", "learning_point", "profile"), name="format_request_of_one_publication"
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING, settled_on=None, settled_by=None)
                | ~Q(state=RequestState.WAITING) & Q(settled_on__isnull=False, settled_by__isnull=False),
                name="format_request_settled_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state=RequestState.WAITING) | Q(name="", email="", contact=""),
                name="format_request_details_go_when_settled",
            ),
        ]

    def __str__(self) -> str:
        """Nothing of who asked: this name goes into the audit trail."""
        return f"Request {self.reference}"

    @property
    def reference(self) -> str:
        """What somebody says on the telephone: F-2026-12."""
        return f"F-{timezone.localtime(self.created_at):%Y}-{self.number}"

    @property
    def audit_scope(self) -> str:
        return f"format-request:{self.public_id}"

    @property
    def is_forgotten(self) -> bool:
        """Waiting still, but nobody can be answered any more: every request is made with a way to answer it."""
        return self.state == RequestState.WAITING and not any(getattr(self, name) for name in DETAILS)

    @property
    def receipt_key(self) -> str:
        """Of the mail that says it has arrived, in the mail ledger."""
        return f"format-request:{self.public_id}:{RequestState.WAITING.value}"

    def is_late(self, today: date) -> bool:
        return self.state == RequestState.WAITING and self.promised_on < today
