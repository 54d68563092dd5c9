"""How an indicator is measured: its unit, which way is good, how months become one figure. Source: `domain.md` 3.2."""

from decimal import ROUND_HALF_UP, Decimal

from django.db import models


class Unit(models.TextChoices):
    COUNT = "count", "People or things, counted"
    PERCENT = "percent", "Per cent"
    DAYS = "days", "Days"
    POINTS = "points", "Points on a scale"
    POUNDS = "pounds", "Pounds"


class Direction(models.TextChoices):
    UP = "up", "Higher is better"
    DOWN = "down", "Lower is better"
    NEAR = "near", "As near the target as possible"


class Rollup(models.TextChoices):
    SUM = "sum", "Add the months up"
    RATIO = "ratio", "Ratio of sums: parts and wholes are added up first, then divided"
    LATEST = "latest", "The latest month"
    WEIGHTED_MEAN = "weighted_mean", "Mean, weighted by the people behind each month's figure"


# The same in words for people who fill in forms.
ROLLUP_IN_WORDS = {
    Rollup.SUM: "The months are added up",
    Rollup.RATIO: "All months together: the parts added up, divided by the wholes added up",
    Rollup.LATEST: "The latest month counts",
    Rollup.WEIGHTED_MEAN: "Average of all months, each counted by its number of people",
}

# A percentage is worked out from its parts and never added up or averaged (domain.md 3.2).
ROLLUPS_OF_PERCENT = (Rollup.RATIO, Rollup.LATEST)
# These ask for two figures a month: a part and its whole, or a mean and the people behind it.
ROLLUPS_IN_PAIRS = (Rollup.RATIO, Rollup.WEIGHTED_MEAN)

_ENDING = {Unit.PERCENT: "%", Unit.DAYS: " days", Unit.POINTS: " points"}


def rounded(value: Decimal, places: int) -> Decimal:
    """For the screen only, half up: 65.85 becomes 65.9."""
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def shown(value: Decimal | None, unit: str) -> str:
    """A figure with its unit, as a reader sees it: 65.8%, 7.2 days, £1,234.50, 1,200. Empty when there is none."""
    if value is None:
        return ""
    if unit == Unit.POUNDS:
        return f"£{rounded(value, 2):,}".removesuffix(".00")
    return f"{rounded(value, 1):,}".removesuffix(".0") + _ENDING.get(Unit(unit), "")
