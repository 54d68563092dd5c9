"""The register of risks (`domain.md` 1.5, 3.1): what may go wrong, how bad it would be, who watches it, until when."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.partnership import Partnership
from partnerships.risk import Impact, Likelihood, RiskColour, colour_of, score_of, scores_of

if TYPE_CHECKING:
    from accounts.models import Person


class RiskQuerySet(models.QuerySet["Risk"]):
    def visible_to(self, person: "Person") -> "RiskQuerySet":
        """Every member of a partnership may read its risks."""
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def open(self) -> "RiskQuerySet":
        return self.filter(closed_on=None)

    def worst_first(self) -> "RiskQuerySet":
        """Open before closed, highest score first; among equals, the one to be reviewed soonest."""
        return self.annotate(points=F("likelihood") * F("impact")).order_by(
            F("closed_on").asc(nulls_first=True), "-points", "review_on", "pk"
        )

    def coloured(self, colour: RiskColour | str) -> "RiskQuerySet":
        scores = scores_of(colour)
        return self.alias(marks=F("likelihood") * F("impact")).filter(marks__gte=scores[0], marks__lte=scores[-1])


class Risk(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="risks")
    title = models.CharField(max_length=150)
    likelihood = models.PositiveSmallIntegerField(choices=Likelihood.choices)
    impact = models.PositiveSmallIntegerField(choices=Impact.choices)
    mitigation = models.TextField(max_length=3000, help_text="What is done so that it is less likely or less bad.")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="risks")
    review_on = models.DateField()
    closed_on = models.DateField(null=True)
    closing_reason = models.TextField(blank=True, max_length=1000)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = RiskQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "pk"]
        indexes = [models.Index(fields=["review_on"], condition=Q(closed_on=None), name="risk_open_review")]
        constraints = [
            models.CheckConstraint(
                condition=Q(likelihood__gte=1, likelihood__lte=5, impact__gte=1, impact__lte=5), name="risk_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(closed_on=None, closing_reason="") | (Q(closed_on__isnull=False) & ~Q(closing_reason="")),
                name="risk_closes_with_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def score(self) -> int:
        return score_of(self.likelihood, self.impact)

    @property
    def colour(self) -> RiskColour:
        return colour_of(self.score)

    @property
    def is_late(self) -> bool:
        return self.closed_on is None and self.review_on < clock.today()


class RiskReview(models.Model):
    """One look at a risk: what was found, and the score it had before and after. Append-only."""

    risk = models.ForeignKey(Risk, on_delete=models.PROTECT, related_name="reviews")
    note = models.TextField(max_length=2000)
    score_before = models.PositiveSmallIntegerField()
    score_after = models.PositiveSmallIntegerField()
    reviewed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewed_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["-reviewed_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.risk}: {self.score_before} → {self.score_after}"
