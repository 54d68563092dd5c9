"""Public pages that caches on the way may keep for a minute, and that a browser asks for again by their ETag.

Only for a visitor: without a session, without a waiting message, and on a page without a form's secret. What a
signed-in person is shown is kept by nobody (`foundation.policy.middleware`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.cache import get_conditional_response, patch_vary_headers, set_response_etag

FRESH_SECONDS = 60
KEPT = (200, 410)  # an answer that something was withdrawn is the same for everybody too


def for_visitors(view: Callable[..., Any]) -> Callable[..., Any]:
    """A view whose answers may be kept when a visitor asked."""

    @wraps(view)
    def kept(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        response = view(request, *args, **kwargs)
        if isinstance(response, TemplateResponse):
            response.render()
        if not isinstance(response, HttpResponse) or response.status_code not in KEPT or not is_a_visitors(request):
            return response
        if response.has_header("Cache-Control"):
            return response
        response["Cache-Control"] = f"public, max-age={FRESH_SECONDS}"
        patch_vary_headers(response, ["Cookie"])
        set_response_etag(response)
        return get_conditional_response(request, etag=response["ETag"], response=response) or response

    return kept


def is_a_visitors(request: HttpRequest) -> bool:
    """Whether the answer holds nothing that is this reader's alone."""
    theirs = {settings.SESSION_COOKIE_NAME, "messages"} & set(request.COOKIES)
    return not theirs and not request.user.is_authenticated and "CSRF_COOKIE_NEEDS_UPDATE" not in request.META
