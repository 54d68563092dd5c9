"""The panel: who judges, what each of them thought, and what they agreed."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database import clock
from foundation.database.models import Record
from procurement.lifecycle import Interest
from procurement.models.bid import Bid
from procurement.models.tender import Criterion, Tender

if TYPE_CHECKING:
    from accounts.models import Person

ZERO_TO_FOUR = Q(score__gte=0, score__lte=4)


class PanelMemberQuerySet(models.QuerySet["PanelMember"]):
    def serving(self) -> "PanelMemberQuerySet":
        return self.filter(ended_at=None)

    def without_interest(self) -> "PanelMemberQuerySet":
        """Those who may read bids: on the panel, and declared that they have no interest."""
        return self.serving().filter(interest=Interest.CLEAR, person__is_active=True)

    def of(self, person: "Person") -> "PanelMemberQuerySet":
        return self.serving().filter(person=person)


class PanelMember(Record):
    tender = models.ForeignKey(Tender, on_delete=models.PROTECT, related_name="panel")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="panels")
    interest = models.CharField(max_length=10, choices=Interest.choices, default=Interest.NONE)
    statement = models.TextField(max_length=2000, blank=True, help_text="What the interest is.")
    declared_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = PanelMemberQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["tender", "person"], condition=Q(ended_at=None), name="panel_member_once_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(interest=Interest.NONE, declared_at=None)
                | (~Q(interest=Interest.NONE) & Q(declared_at__isnull=False)),
                name="declaration_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(interest=Interest.CONFLICT) | ~Q(statement=""), name="conflict_says_what_it_is"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person}, member of the panel"

    @property
    def audit_scope(self) -> str:
        return self.tender.audit_scope


class ScoreQuerySet(models.QuerySet["Score"]):
    def current(self) -> "ScoreQuerySet":
        return self.filter(superseded_at=None, set_aside_at=None)

    def counting(self) -> "ScoreQuerySet":
        """What the panel agrees from: the current scores of those who serve and have no interest."""
        return self.current().filter(member__interest=Interest.CLEAR, member__ended_at=None)


class Score(models.Model):
    """One member's own score of one answer. Append-only: a second thought supersedes the first, and both stay."""

    member = models.ForeignKey(PanelMember, on_delete=models.PROTECT, related_name="scores")
    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="scores")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="scores")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(max_length=2000)
    scored_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True, help_text="When its member declared a conflict.")

    objects = ScoreQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "bid", "criterion"],
                condition=Q(superseded_at=None, set_aside_at=None),
                name="one_current_score_each",
            ),
            models.CheckConstraint(condition=ZERO_TO_FOUR, name="score_0_to_4"),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.criterion}"


class ConsensusQuerySet(models.QuerySet["ConsensusScore"]):
    def current(self) -> "ConsensusQuerySet":
        return self.filter(superseded_at=None)


class ConsensusScore(models.Model):
    """The score the panel agreed: typed, never averaged. Append-only, like the scores it stands on."""

    bid = models.ForeignKey(Bid, on_delete=models.PROTECT, related_name="agreed")
    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="agreed")
    score = models.PositiveSmallIntegerField()
    comment = models.TextField(max_length=2000, blank=True)
    spread = models.PositiveSmallIntegerField(help_text="How far apart the members' own scores were.")
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", help_text="Who wrote it down."
    )
    agreed_at = models.DateTimeField(default=clock.now)
    superseded_at = models.DateTimeField(null=True)

    objects = ConsensusQuerySet.as_manager()

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["bid", "criterion"], condition=Q(superseded_at=None), name="one_current_agreed_score"
            ),
            models.CheckConstraint(condition=ZERO_TO_FOUR, name="agreed_score_0_to_4"),
            models.CheckConstraint(
                condition=Q(spread__lt=2) | ~Q(comment=""), name="wide_spread_needs_a_moderation_comment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} agreed for {self.criterion}"
