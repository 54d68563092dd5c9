"""Error pages in plain words, with the request's number so that support can find it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from foundation.audit.events import request_id


def _page(request: HttpRequest, status: int, heading: str, text: str) -> HttpResponse:
    context = {"heading": heading, "text": text, "reference": request_id.get(), "status": status}
    return render(request, "error.html", context, status=status)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 400, "That request did not make sense", "Go back, reload the page and try again.")


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "You may not see this page", str(exception or "Your roles do not include it."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    page = _page(
        request, 403, "This form is out of date",
        "You were signed out, or the page was open for too long. Go back: what you typed is still there. "
        "Copy it, reload the page and send it again.",
    )  # fmt: skip
    page["X-Form-Out-Of-Date"] = "yes"  # for scripts that send in the background: any other 403 is a refusal
    return page


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(
        request, 404, "Page not found",
        "The address may be wrong, or the page belongs to a partnership or tender you have no part in.",
    )  # fmt: skip


def too_many(request: HttpRequest) -> HttpResponse:
    return _page(
        request, 429, "Too many tries in a short time",
        "Your network has tried this too often. Wait a minute and try again: nothing is locked for good.",
    )  # fmt: skip


def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "Something went wrong", "It is not your fault, and what you saved before is safe.")
