"""Social accounts beside the SROI map: eight principles, the audit panel and its statement (`domain.md` 3.6)."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from foundation.database.models import Record
from partnerships.models import Partnership
from pilots.principles import Principle

if TYPE_CHECKING:
    from accounts.models import Person


class SocialAccountsQuerySet(models.QuerySet["SocialAccounts"]):
    def visible_to(self, person: "Person") -> "SocialAccountsQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))


class SocialAccounts(Record):
    partnership = models.OneToOneField(Partnership, on_delete=models.PROTECT, related_name="social_accounts")
    panel_chair = models.CharField(max_length=150, blank=True, help_text="The approved auditor who chairs the panel.")
    panel_members = models.TextField(max_length=1000, blank=True)
    panel_met_on = models.DateField(null=True)
    statement = models.TextField(max_length=5000, blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = SocialAccountsQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(panel_met_on=None, panel_chair="", statement="")
                | (Q(panel_met_on__isnull=False) & ~Q(panel_chair="")),
                name="social_accounts_panel_has_chair_and_day",
            ),
        ]

    def __str__(self) -> str:
        return "Social accounts"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope


class PrincipleNote(models.Model):
    """What was done for one principle. `done_on` is the day it was ticked; empty while it is not done."""

    accounts = models.ForeignKey(SocialAccounts, on_delete=models.PROTECT, related_name="principles")
    principle = models.CharField(max_length=12, choices=Principle.choices)
    note = models.TextField(max_length=2000, blank=True)
    done_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["accounts", "principle"], name="principle_once_per_accounts"),
            models.CheckConstraint(condition=Q(done_on=None) | ~Q(note=""), name="principle_done_with_a_note"),
        ]

    def __str__(self) -> str:
        return self.get_principle_display()
