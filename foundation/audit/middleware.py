"""Gives every request a number that its audit events, log lines and error page share."""

import secrets
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from foundation.audit.events import request_id


class RequestMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = request_id.set(secrets.token_hex(8))
        try:
            response = self.get_response(request)
            response.headers["X-Request-ID"] = request_id.get()
            return response
        finally:
            request_id.reset(token)
