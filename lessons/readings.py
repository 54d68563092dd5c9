"""Counting what was read and downloaded, and nothing of who did: one number for each document, format and month.

The count is written after the answer has gone out (when its bytes are closed), so no reader waits for it, and a count
that cannot be written is lost with a line in the log: it never spoils a download. A page that a cache on the way or
the reader's own browser kept is not asked for, so it is not counted.
"""

import logging
import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from foundation.database import clock
from lessons.models import LearningPoint, Lesson, Profile, Reading, Report
from lessons.models.learning_point import first_of_month

logger = logging.getLogger(__name__)

R = TypeVar("R", bound=HttpResponseBase)
Document = Lesson | LearningPoint | Report | Profile

PAGE, PDF = "page", "pdf"
# What calls itself a program. Whoever sends no name at all is one too.
PROGRAM = re.compile(
    r"bot\b|bot/|crawl|spider|slurp|scrap|preview|monitor|headless|curl|wget|python|java/|okhttp|go-http|libwww|feed",
    re.IGNORECASE,
)


def is_a_reader(user_agent: str, purpose: str = "") -> bool:
    """Whether this looks like a person's browser: by its own name only, and not fetching in advance."""
    return bool(user_agent.strip()) and not PROGRAM.search(user_agent) and "prefetch" not in purpose


def counted(request: HttpRequest, response: R, document: Document, format: str) -> R:
    """The same answer, which is counted once it has gone out: if it succeeded, and if a reader asked."""
    asks = is_a_reader(request.headers.get("User-Agent", ""), request.headers.get("Sec-Purpose", ""))
    if request.method == "GET" and response.status_code == 200 and asks:
        _closers(response).append(partial(count, document, format))
    return response


def _closers(response: HttpResponseBase) -> list[Callable[[], None]]:
    """What Django calls once the last byte is out, or the reader has hung up."""
    found: list[Callable[[], None]] = response._resource_closers  # type: ignore[attr-defined]
    return found


def count(document: Document, format: str) -> None:
    """One more. One UPDATE; the first of a month is an INSERT. Never raises."""
    kept = {
        "kind": document._meta.model_name,
        "document": document.public_id,
        "format": format,
        "month": first_of_month(clock.today()),
    }
    try:
        if _one_more(kept):
            return
        try:
            with transaction.atomic():
                Reading.objects.create(**kept, count=1)
        except IntegrityError:  # somebody else was the first of the month meanwhile
            _one_more(kept)
    except DatabaseError as error:
        logger.warning("a reading of %s was not counted: %s", document.public_id, error)


def _one_more(kept: Mapping[str, Any]) -> int:
    with transaction.atomic():
        return Reading.objects.filter(**kept).update(count=F("count") + 1)
