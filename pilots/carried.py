"""Which figures stand still from one period to the next, so that the form offers last period's. Pure. `domain.md` 3.1.

A figure is carried over where it is agreed for longer than a period (posts, the month's budget, the lowest pay) or is
the same people seen a moment later (who is active, who volunteers). What is counted anew in each period (referrals,
starts, exits, reviews, spend, days, hours, incidents) never is: a figure that nobody counted would look like one that
somebody did. Nor are words, nor who waits: a waiting list that is carried over hides that nobody looked.
"""

from decimal import Decimal

from pilots.entry import Entry

# The field, and the field of the period before that it begins with.
CARRIED = {
    "active_at_start": "active_at_end",  # the same people, a night later
    "budget": "budget",  # agreed for the year, in equal months as a rule
    "posts_funded": "posts_funded",  # as the grant says
    "in_post": "in_post",  # changes when somebody comes or goes
    "vacancies": "vacancies",  # the other side of the same
    "lowest_pay": "lowest_pay",  # changes once a year
    "volunteers": "volunteers",  # the list of them, not what they did
}


def carried_over(entry: Entry, before: Entry, *, same_length: bool) -> dict[str, int | Decimal]:
    """What the form offers in boxes that are still empty, by field. Nothing that was typed is ever replaced.

    `same_length`: both are months or both are quarters; a month's budget says nothing about a quarter's.
    """
    offered = {}
    for name, source in CARRIED.items():
        value = getattr(before, source)
        if getattr(entry, name) is None and value is not None and (same_length or name != "budget"):
            offered[name] = value
    return offered


def as_expected(before: Entry) -> dict[str, int | Decimal | None]:
    """What each carried field would be if nothing had changed since."""
    return {name: getattr(before, source) for name, source in CARRIED.items()}
