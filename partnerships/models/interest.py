"""The register of interests, and who stood aside from which decision because of one (`domain.md` 1.5, 1.7)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.database import clock
from foundation.database.models import Record
from partnerships.models.decision import GateDecision
from partnerships.models.partnership import Partnership

if TYPE_CHECKING:
    from accounts.models import Person


class InterestQuerySet(models.QuerySet["Interest"]):
    def current(self) -> "InterestQuerySet":
        """Not ended, as of today; the day it ends still counts."""
        return self.filter(Q(ended_on=None) | Q(ended_on__gte=clock.today()))


class Interest(Record):
    """What a person has to gain or lose in a partnership's decisions. Declared by that person, ended, never deleted."""

    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="interests")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="interests")
    nature = models.CharField(max_length=500, help_text="What it is, for example “My wife is a trustee”.")
    organisation = models.CharField(max_length=200, help_text="With whom. It need not be known to the portal.")
    since = models.DateField()
    ended_on = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = [F("ended_on").desc(nulls_first=True), "-since", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("since")), name="interest_ends_after_it_began"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nature} ({self.organisation})"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def is_current(self) -> bool:
        return self.ended_on is None or self.ended_on >= clock.today()


class Recusal(models.Model):
    """One person standing aside from one decision. Append-only: it outlives the interest."""

    decision = models.ForeignKey(GateDecision, on_delete=models.PROTECT, related_name="recusals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    interest = models.ForeignKey(Interest, on_delete=models.PROTECT, related_name="recusals")
    recused_at = models.DateTimeField(default=clock.now)

    class Meta:
        ordering = ["recused_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["decision", "person"], name="decision_recused_once_per_person")]

    def __str__(self) -> str:
        return f"{self.person} stands aside: {self.interest}"


def interest_of(person: "Person", partnership: Partnership) -> Interest | None:
    """The declared interest that keeps a person out of a partnership's decisions today, if there is one."""
    return Interest.objects.current().filter(partnership=partnership, person=person).first()
