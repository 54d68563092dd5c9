"""`/healthz`: can this process serve? 200 or 503, and not a word more to strangers. “Health” tells an operator more."""

import logging
import threading

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache

from psp_portal import condition
from psp_portal.running import schema

log = logging.getLogger(__name__)
# Tables that were current once stay so for the life of this code: only a "no" is asked again.
_schema_is_current = threading.Event()


@never_cache
def healthz(request: HttpRequest) -> HttpResponse:
    """The database answers and has the tables this code expects."""
    try:
        well = _database_answers() and _has_its_tables()
    except DatabaseError:
        log.exception("The database does not answer")
        well = False
    return HttpResponse("well\n" if well else "unwell\n", status=200 if well else 503, content_type="text/plain")


@never_cache
def health(request: HttpRequest) -> HttpResponse:
    """Every sign, first those that are not well, each with what to do."""
    signs = sorted(condition.signs(condition.facts()), key=lambda sign: sign.is_well)
    return render(request, "portal/health.html", {"signs": signs, "troubles": [s for s in signs if not s.is_well]})


def _database_answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone())


def _has_its_tables() -> bool:
    if not _schema_is_current.is_set() and schema.is_current():
        _schema_is_current.set()
    return _schema_is_current.is_set()
