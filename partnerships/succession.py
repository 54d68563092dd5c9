"""How long a partnership goes on without its third sector lead. Source: `domain.md` section 8, scenario 21."""

from datetime import date, timedelta

SUCCESSOR_DAYS = 30


def last_day_without_a_lead(left_on: date) -> date:
    """The last day on which a successor comes in time, when the lead's own last day was `left_on`."""
    return left_on + timedelta(days=SUCCESSOR_DAYS)


def left_before(today: date) -> date:
    """A lead whose last day is earlier than this should have had a successor by yesterday at the latest."""
    return today - timedelta(days=SUCCESSOR_DAYS)
