"""Health in three colours, each with a word and a shape: written thresholds, pure functions (`domain.md` 3.3)."""

from dataclasses import dataclass

from django.db import models


class Health(models.TextChoices):
    """Best to worst; grey means there is nothing to measure against yet."""

    GREY = "grey", "No target"
    GREEN = "green", "On track"
    AMBER = "amber", "At risk"
    RED = "red", "Off track"


@dataclass(frozen=True)
class Cause:
    """A health and the one short sentence that says why; a health that needs no explanation has none."""

    health: Health
    because: str = ""


def of_slip(days: int) -> Health:
    """A milestone's health from the days it is late: 0 or fewer green, 1 to 30 amber, more than 30 red."""
    if days <= 0:
        return Health.GREEN
    return Health.AMBER if days <= 30 else Health.RED


def worst(*healths: Health | str) -> Health:
    """The worst of several; grey only when all are grey."""
    order = list(Health)
    return max((Health(h) for h in healths), key=order.index, default=Health.GREY)


def worst_cause(*causes: Cause) -> Cause:
    """The worst of several; of equally bad ones the first."""
    order = list(Health)
    return max(causes, key=lambda cause: order.index(cause.health), default=Cause(Health.GREY))
