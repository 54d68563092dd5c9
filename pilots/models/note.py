"""A note: a number, a quote, a lesson or a photo, jotted down in the middle of a month for the return at its end."""

from decimal import Decimal
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from foundation.audit.events import new_form_token
from foundation.database.models import Record
from foundation.files.models import StoredFile
from partnerships.models import Partnership
from pilots.models.monthly_return import MonthlyReturn
from pilots.noted import Jotted, NoteKind
from pilots.periods import months_from, name_of

if TYPE_CHECKING:
    from accounts.models import Person


class NoteQuerySet(models.QuerySet["Note"]):
    def visible_to(self, person: "Person") -> "NoteQuerySet":
        return self.filter(partnership__in=Partnership.objects.visible_to(person))

    def waiting(self) -> "NoteQuerySet":
        """Neither used in a return nor set aside."""
        return self.filter(used_in=None, set_aside_at=None)

    def in_order(self) -> "NoteQuerySet":
        """What waits first; in each part the newest first."""
        rows = self.select_related("noted_by", "used_in", "set_aside_by")
        return rows.order_by(F("used_at").asc(nulls_first=True), F("set_aside_at").asc(nulls_first=True), "-pk")

    def sums_in(self, row: MonthlyReturn) -> dict[str, Decimal]:
        """By field, the sum of the numbers that `row` was made from. One query."""
        used = self.filter(used_in=row, kind=NoteKind.NUMBER).values_list("goes_to").order_by("goes_to")
        return dict(used.annotate(total=models.Sum("number")))

    def waiting_for(self, row: MonthlyReturn) -> "list[Note]":
        """What a return may bring in, oldest first: notes of its own months, and late ones, whose return is sent.

        An earlier note whose own return is still to be filled in waits for that one. Two queries at most.
        """
        notes = self.waiting().filter(partnership_id=row.partnership_id, period__lt=row.over_on)
        found = list(notes.select_related("noted_by").order_by("noted_on", "pk"))
        if all(note.period >= row.period for note in found):
            return found
        others = MonthlyReturn.objects.to_fill_in().filter(partnership_id=row.partnership_id).exclude(pk=row.pk)
        taken = {
            month for period, count in others.values_list("period", "months") for month in months_from(period, count)
        }
        return [note for note in found if note.period >= row.period or note.period not in taken]


class Note(Record):
    partnership = models.ForeignKey(Partnership, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=6, choices=NoteKind.choices)
    period = models.DateField(help_text="The month it belongs to, as its first day.")
    noted_on = models.DateField(help_text="The day it was typed, which may be before it arrived.")
    noted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    text = models.TextField(max_length=1000, blank=True, help_text="Of a photo: what it shows.")
    number = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    goes_to = models.CharField(max_length=30, blank=True, help_text="The return's field that the number adds to.")
    photo = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        help_text="Deleted when the note is set aside.",
    )
    client_key = models.CharField(
        max_length=40, default=new_form_token, help_text="From the page it was typed on: sent twice, it is kept once."
    )
    used_in = models.ForeignKey(MonthlyReturn, on_delete=models.PROTECT, related_name="notes", null=True)
    used_at = models.DateTimeField(null=True)
    set_aside_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", null=True)
    set_aside_at = models.DateTimeField(null=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        ordering = ["-pk"]
        indexes = [
            models.Index(
                fields=["partnership", "period"], condition=Q(used_in=None, set_aside_at=None), name="note_waiting"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["noted_by", "client_key"], name="note_kept_once"),
            models.CheckConstraint(condition=Q(period__day=1), name="note_period_is_a_month"),
            models.CheckConstraint(
                condition=Q(kind=NoteKind.NUMBER, number__gte=0, photo=None) & ~Q(goes_to="")
                | Q(kind=NoteKind.PHOTO, number=None, goes_to="")
                & ~Q(text="")
                & (Q(photo__isnull=False) | Q(set_aside_at__isnull=False))
                | Q(kind__in=(NoteKind.QUOTE, NoteKind.LESSON), photo=None, number=None, goes_to="") & ~Q(text=""),
                name="note_holds_what_its_kind_says",
            ),
            models.CheckConstraint(
                condition=Q(used_in=None, used_at=None) | Q(used_in__isnull=False, used_at__isnull=False),
                name="note_used_in_and_at",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_by=None, set_aside_at=None)
                | Q(set_aside_by__isnull=False, set_aside_at__isnull=False, used_in=None),
                name="note_set_aside_by_and_at_and_not_used",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} noted on {self.noted_on:%-d %B %Y}"

    @property
    def audit_scope(self) -> str:
        return self.partnership.audit_scope

    @property
    def month(self) -> str:
        return name_of(self.period, 1)

    @property
    def is_waiting(self) -> bool:
        return self.used_in_id is None and self.set_aside_at is None

    def jotted(self, row: MonthlyReturn, counting: str = "") -> Jotted:
        """As plain values, for `row`."""
        in_time = row.period <= self.period < row.over_on
        return Jotted(self.public_id, self.kind, self.text, self.number, self.goes_to, in_time, counting)
