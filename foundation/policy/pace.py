"""How often something may be asked for: counted in the cache, as failed sign-ins are, in windows of a minute.

django-allauth's own limits count no GET, and a calendar program sends nothing else.
"""

import hashlib
import time

from django.core.cache import cache

WINDOW_SECONDS = 60


def within(what: str, who: str, most: int) -> bool:
    """Count one more of `what` by `who`; whether that is at most `most` in this minute."""
    window = int(time.time()) // WINDOW_SECONDS
    key = f"pace:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}:{window}"
    cache.add(key, 0, 2 * WINDOW_SECONDS)
    try:
        return bool(cache.incr(key) <= most)
    except ValueError:  # the cache threw it out between the two lines
        return True
