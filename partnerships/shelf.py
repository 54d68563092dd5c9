"""Which documents a partnership ought to hold in which stage: plain data.

Source: `domain.md` 1.7, the column “documents produced before the gate”. The memorandum, the budget, the tender's own
papers and the learning point have pages of their own and are not asked for here.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from partnerships.categories import DocumentCategory as Category
from partnerships.lifecycle import Stage, has_reached


@dataclass(frozen=True)
class Shelf:
    """What is written while a partnership is in `stage`, so that it is there at the gate that ends it."""

    stage: Stage
    when: str
    categories: tuple[Category, ...]


SHELVES = (
    Shelf(
        Stage.PROPOSED,
        "Before it began (G0)",
        (Category.SCOPING_NOTE, Category.OPTIONS_APPRAISAL, Category.SPONSOR_LETTER),
    ),
    Shelf(
        Stage.DESIGN,
        "Design, for the gate to the pilot (G1)",
        (
            Category.SERVICE_DESIGN,
            Category.LOGIC_MODEL,
            Category.BUSINESS_CASE,
            Category.PILOT_PLAN,
            Category.EVALUATION_PLAN,
            Category.EQUALITY,
            Category.DATA_PROTECTION,
        ),
    ),
    Shelf(Stage.PILOT, "Pilot, for the review in its middle (G2)", (Category.REVIEW_REPORT,)),
    Shelf(
        Stage.PILOT,
        "Pilot, for the gate to the redesign (G3)",
        (Category.EVALUATION_REPORT, Category.REDESIGN_NOTE, Category.DRAFT_SPECIFICATION),
    ),
    Shelf(Stage.REDESIGN, "Redesign, for the gate to the tender (G4)", (Category.PROCUREMENT_STRATEGY,)),
    Shelf(Stage.TENDER, "Tender, for the award (G5)", (Category.AWARD_REPORT,)),
    Shelf(Stage.TENDER, "Tender, for the start of the service (G6)", (Category.MOBILISATION_PLAN,)),
)


def needed_by(stage: Stage | str) -> list[Shelf]:
    """What should be there in `stage`: its own shelves and those of the stages before."""
    return [shelf for shelf in SHELVES if has_reached(stage, shelf.stage)]


def missing(stage: Stage | str, held: Iterable[str]) -> list[Category]:
    """The categories of which nothing is held yet."""
    have = set(held)
    return [category for shelf in needed_by(stage) for category in shelf.categories if category not in have]
