"""The dated holiday table. A buyer may add days (a local trades holiday), never remove the statutory ones."""

from datetime import date

from django.db import models


class Holiday(models.Model):
    on = models.DateField(unique=True)
    name = models.CharField(max_length=100)
    statutory = models.BooleanField(
        default=False, help_text="A bank holiday in Scotland under the 1971 Act, its substitute, or a proclaimed day."
    )

    class Meta:
        ordering = ["on"]

    def __str__(self) -> str:
        return f"{self.on:%-d %B %Y}: {self.name}"


def holidays() -> frozenset[date]:
    """Every day in the table. One query: ask once and hand the set to the functions in `arithmetic`."""
    return frozenset(Holiday.objects.values_list("on", flat=True))
