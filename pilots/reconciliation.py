"""Do the figures of a month add up? Pure functions; a fault is a sentence, None means they do. `domain.md` 3.1."""


def expected_at_end(*, start: int, new_starts: int, planned_exits: int, unplanned_exits: int) -> int:
    """People active at the end of the month: those at its start, plus new starts, minus exits of either kind."""
    return start + new_starts - planned_exits - unplanned_exits


def reach_fault(*, start: int, new_starts: int, planned_exits: int, unplanned_exits: int, end: int) -> str | None:
    """30 at the start, 8 new starts and 5 exits leave 33; 34 is a fault."""
    expected = expected_at_end(
        start=start, new_starts=new_starts, planned_exits=planned_exits, unplanned_exits=unplanned_exits
    )
    if end == expected:
        return None
    exits = planned_exits + unplanned_exits
    return (
        f"You typed {end}; expected {expected} (at the start {start}, plus new starts {new_starts}, minus exits"
        f" {exits}). Correct a figure, or say in the explanation why they do not add up."
    )


def outcomes_fault(*, reviewed: int, improved: int, same: int, worse: int) -> str | None:
    """Everyone reviewed has improved, stayed the same or got worse: nobody twice, nobody left out."""
    counted = improved + same + worse
    if reviewed == counted:
        return None
    return (
        f"You typed {reviewed}; expected {counted} (improved {improved}, plus same {same}, plus worse {worse})."
        " Correct a figure."
    )
