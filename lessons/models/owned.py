"""Rows that belong to exactly one of several kinds of item."""

from functools import reduce
from operator import or_

from django.db.models import Q


def one_of(*fields: str) -> Q:
    """The condition that exactly one of these foreign keys is set."""
    cases = (Q(**{f"{other}__isnull": other != field for other in fields}) for field in fields)
    return reduce(or_, cases)
