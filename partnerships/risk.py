"""A risk's score and its colour: written thresholds, pure functions.

Source: `domain.md` 3.1 and 9 rule 30: score = likelihood × impact, each 1 to 5; red from 15, amber 8 to 14, else green.
"""

from django.db import models

LOWEST, HIGHEST = 1, 5
AMBER_FROM, RED_FROM = 8, 15


class Likelihood(models.IntegerChoices):
    VERY_UNLIKELY = 1, "1: very unlikely"
    UNLIKELY = 2, "2: unlikely"
    POSSIBLE = 3, "3: possible"
    LIKELY = 4, "4: likely"
    VERY_LIKELY = 5, "5: very likely"


class Impact(models.IntegerChoices):
    VERY_SMALL = 1, "1: very small"
    SMALL = 2, "2: small"
    NOTICEABLE = 3, "3: noticeable"
    SERIOUS = 4, "4: serious"
    VERY_SERIOUS = 5, "5: very serious"


class RiskColour(models.TextChoices):
    """Worst first: the order of the list and of its filter."""

    RED = "red", "Red"
    AMBER = "amber", "Amber"
    GREEN = "green", "Green"


def score_of(likelihood: int, impact: int) -> int:
    """1 to 25; ValueError for anything outside the two scales of 1 to 5."""
    if not (LOWEST <= likelihood <= HIGHEST and LOWEST <= impact <= HIGHEST):
        raise ValueError("Likelihood and impact are whole numbers from 1 to 5.")
    return likelihood * impact


def colour_of(score: int) -> RiskColour:
    if score >= RED_FROM:
        return RiskColour.RED
    return RiskColour.AMBER if score >= AMBER_FROM else RiskColour.GREEN


def scores_of(colour: RiskColour | str) -> range:
    """The scores that have a colour: what the list's filter asks the database for."""
    starts = {RiskColour.GREEN: 1, RiskColour.AMBER: AMBER_FROM, RiskColour.RED: RED_FROM}
    ends = {RiskColour.GREEN: AMBER_FROM, RiskColour.AMBER: RED_FROM, RiskColour.RED: HIGHEST * HIGHEST + 1}
    return range(starts[RiskColour(colour)], ends[RiskColour(colour)])
