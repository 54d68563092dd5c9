"""The partnership: what it is for, who leads it, where it stands."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from foundation.database.models import Record
from partnerships.areas import Area
from partnerships.checklist import Variant
from partnerships.health import Health
from partnerships.lifecycle import Stage, health_is_told
from partnerships.themes import Theme

if TYPE_CHECKING:
    from accounts.models import Person


class Vehicle(models.TextChoices):
    """How the partners deliver together (`domain.md` 1.9). Every one of them lets each member keep its identity."""

    LOOSE = "loose", "Loose partnership: each organisation delivers its own part"
    CONSORTIUM = "consortium", "Consortium: one organisation leads, the others deliver with it"
    COMPANY = "company", "Separate company: it delivers, and each member keeps its own board, staff and identity"


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, person: "Person") -> "PartnershipQuerySet":
        """The partnerships a person has a part in today: no part, no knowledge of it."""
        from partnerships.models.partner import Member  # noqa: PLC0415  app ready

        return self.filter(pk__in=Member.objects.of(person).values("partnership"))

    def open(self) -> "PartnershipQuerySet":
        """Not closed. A stopped partnership is open until then: its exit tasks have dates and owners."""
        return self.exclude(stage=Stage.CLOSED)


class Partnership(Record):
    title = models.CharField(max_length=150)
    need = models.TextField(max_length=3000, help_text="What people need that they do not get today.")
    service = models.TextField(max_length=3000, blank=True, help_text="The service, once its design is known.")
    client_group = models.CharField(max_length=200, help_text="Who the service is for.")
    area = models.CharField(max_length=30, choices=Area.choices)
    sponsor = models.CharField(max_length=200, help_text="The senior person who answers for it: name and post.")
    public_lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    third_sector_lead = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    starts_on = models.DateField()
    stage = models.CharField(max_length=10, choices=Stage.choices, default=Stage.PROPOSED)
    stage_since = models.DateField()
    variant = models.CharField(max_length=10, choices=Variant.choices, default=Variant.STANDARD)
    design = models.PositiveSmallIntegerField(
        default=1, editable=False, help_text="One more whenever it enters design again."
    )
    design_since = models.DateField(null=True, editable=False, help_text="When the second or a later design opened.")
    vehicle = models.CharField(max_length=10, choices=Vehicle.choices, blank=True)
    vision = models.TextField(max_length=3000, blank=True, help_text="The statement of shared vision and values.")
    vision_agreed_on = models.DateField(null=True, blank=True)
    paused_on = models.DateField(null=True, blank=True, help_text="Since when nothing is decided; a pause is no stage.")
    paused_because = models.CharField(max_length=500, blank=True)
    paused_for_want_of_lead = models.BooleanField(default=False, help_text="By the calendar: a successor lifts it.")
    version = models.PositiveIntegerField(default=1, editable=False)

    # The summary row, so that the portfolio reads one table: `actions.summary.refresh` keeps it right in the
    # transaction of every change.
    health = models.CharField(max_length=5, choices=Health.choices, default=Health.GREY, editable=False)
    health_because = models.CharField(
        max_length=250, blank=True, editable=False, help_text="Why: the worst cause, or what it waits for."
    )
    next_due_on = models.DateField(null=True, editable=False)
    next_due_title = models.CharField(max_length=150, blank=True, editable=False)
    open_milestones = models.PositiveIntegerField(default=0, editable=False)
    done_milestones = models.PositiveIntegerField(default=0, editable=False)

    extensions = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often the pilot was extended."
    )
    extended_months = models.PositiveSmallIntegerField(default=0, editable=False)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        ordering = ["title", "pk"]
        indexes = [
            models.Index(fields=["stage", "health"], name="partnership_stage_health"),
            models.Index(fields=["next_due_on"], name="partnership_next_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(public_lead=models.F("third_sector_lead")), name="partnership_two_different_leads"
            ),
            models.CheckConstraint(
                condition=Q(vision="", vision_agreed_on=None) | (~Q(vision="") & Q(vision_agreed_on__isnull=False)),
                name="partnership_vision_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(paused_on=None, paused_because="", paused_for_want_of_lead=False)
                | (Q(paused_on__isnull=False) & ~Q(paused_because="")),
                name="partnership_pause_has_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tells_health(self) -> bool:
        return health_is_told(self.health, self.stage)

    @property
    def audit_scope(self) -> str:
        return f"partnership:{self.public_id}"

    def get_absolute_url(self) -> str:
        from django.urls import reverse  # noqa: PLC0415  app ready

        return reverse("partnerships:partnership", args=[self.public_id])

    def facts(self) -> dict[str, str]:
        """The descriptive fields, as plain values for the audit trail."""
        return {
            name: str(getattr(self, name))
            for name in ("title", "need", "service", "client_group", "area", "sponsor", "variant", "starts_on")
        }

    def theme_labels(self) -> list[str]:
        """Its themes in words, in the order of the list. One query."""
        chosen = set(self.themes.values_list("theme", flat=True))
        return [theme.label for theme in Theme if theme in chosen]


class PartnershipTheme(models.Model):
    """One of the themes a partnership works on: they are those of the lessons, so that one finds the other."""

    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="themes")
    theme = models.CharField(max_length=20, choices=Theme.choices)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partnership", "theme"], name="partnership_theme_once")]
        indexes = [models.Index(fields=["theme"], name="partnership_by_theme")]

    def __str__(self) -> str:
        return self.get_theme_display()
