"""Who the people are, in counts only (`domain.md` 3.1): the dimensions, their categories, and what a reader may see.

The counts are of the people who *started* in the period, so that periods can be added up and nobody counts twice.
Pure functions.
"""

from collections.abc import Mapping, Sequence

from django.db import models

Counts = Mapping[tuple[str, str], int]
NOT_TOLD = "Not told"
FEWER, HIDDEN = "<5", "Not shown"
LARGEST_SMALL = 4  # 1 to 4 people could be recognised (domain.md, section 9, rule 31)


class Dimension(models.TextChoices):
    AGE = "age", "Age"
    SEX = "sex", "Sex"
    SIMD = "simd", "SIMD quintile"
    DISABILITY = "disability", "Disability"
    ETHNICITY = "ethnicity", "Ethnicity"


CATEGORIES: dict[Dimension, dict[str, str]] = {
    Dimension.AGE: {
        "0_15": "Under 16", "16_24": "16 to 24", "25_44": "25 to 44", "45_64": "45 to 64", "65_up": "65 or over",
    },
    Dimension.SEX: {"female": "Female", "male": "Male"},
    Dimension.SIMD: {
        "1": "1, the most deprived fifth", "2": "2", "3": "3", "4": "4", "5": "5, the least deprived fifth",
    },
    Dimension.DISABILITY: {"yes": "Disabled", "no": "Not disabled"},
    Dimension.ETHNICITY: {
        "white": "White", "mixed": "Mixed or multiple ethnic groups", "asian": "Asian, Scottish Asian or British Asian",
        "african": "African, Scottish African or British African", "caribbean": "Caribbean or Black", "other": "Other",
    },
}  # fmt: skip
ALL = [(dimension, category) for dimension, categories in CATEGORIES.items() for category in categories]


def field_of(dimension: str, category: str) -> str:
    """The name of the form's field."""
    return f"who_{dimension}_{category}"


def too_many(counts: Counts, people: int | None) -> dict[str, list[str]]:
    """By field: each dimension whose counts add up to more than the people who started; empty means they may be so."""
    found = {}
    for dimension, categories in CATEGORIES.items():
        counted = sum(counts.get((dimension, category), 0) for category in categories)
        if people is not None and counted > people:
            said = f"{dimension.label} adds up to {counted}, but {people} people started. Nobody counts twice."
            found[field_of(dimension, next(iter(categories)))] = [said]
    return found


def rows(counts: Counts, people: int, *, whole: bool) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each dimension with its categories and their counts in words; those who did not tell come last.

    `whole`: for whoever typed or checks them. Everybody else sees no small count, nor what would give one away.
    """
    found = []
    for dimension, categories in CATEGORIES.items():
        cells = [counts.get((dimension, category), 0) for category in categories]
        if not any(cells):
            continue
        cells.append(people - sum(cells))
        told = [str(cell) for cell in cells] if whole else suppressed(cells)
        found.append((str(dimension.label), list(zip([*categories.values(), NOT_TOLD], told, strict=True))))
    return found


def suppressed(cells: Sequence[int]) -> list[str]:
    """The counts as anybody may see them beside their known total: 1 to 4 as “<5”, and nothing that gives one away."""
    small = [n for n, cell in enumerate(cells) if 1 <= cell <= LARGEST_SMALL]
    if not small:
        return [str(cell) for cell in cells]
    if sum(cells) <= LARGEST_SMALL:
        return [HIDDEN] * len(cells)
    hidden = sum(cells[n] for n in small)
    also = None
    if hidden in (len(small), LARGEST_SMALL * len(small)) or len(small) == 1:
        also = _another(cells, small)
        if also is None or (cells[also] == 0 and hidden == len(small)):
            return [HIDDEN] * len(cells)
    return [FEWER if n in small else HIDDEN if n == also else str(cell) for n, cell in enumerate(cells)]


def _another(cells: Sequence[int], small: Sequence[int]) -> int | None:
    """The smallest count that can be hidden with the small ones: one of people rather than a nought."""
    others = [n for n in range(len(cells)) if n not in small]
    return min(others, key=lambda n: (cells[n] == 0, cells[n]), default=None)
