"""Closed by default: no rule, no page; no sign-in, no page, unless the rule says public."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers

from foundation.policy.refusals import NotPermitted, Refused
from foundation.policy.table import TABLE

SIGNED_OUT = (
    "You had been signed out, so what you sent was not saved. Sign in; your browser’s back button may then bring the "
    "form back with what you typed."
)


class PolicyMiddleware(LoginRequiredMiddleware):
    def process_view(
        self, request: HttpRequest, view_func: Callable[..., Any], view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        assert request.resolver_match is not None
        rule = TABLE.get(request.resolver_match.view_name)
        if rule is None:
            return refused_page(request, NotPermitted("This address has no rule in the policy table, so it is closed."))
        if request.method not in rule.methods:
            return HttpResponseNotAllowed(rule.methods)
        if rule.public:
            return None
        if not request.user.is_authenticated:
            return self._to_sign_in(request, view_func, may_be_opened="GET" in rule.methods)
        if rule.allows and not rule.allows(request.user):
            return refused_page(request, NotPermitted(f"This page needs: {rule.needs}."))
        return None

    def _to_sign_in(
        self, request: HttpRequest, view_func: Callable[..., Any], *, may_be_opened: bool
    ) -> HttpResponseBase:
        """Afterwards back to the page, if it is one. Whoever was typing hears that nothing was kept."""
        if request.method == "POST":
            messages.warning(request, SIGNED_OUT)
        return self.handle_no_permission(request, view_func) if may_be_opened else redirect(settings.LOGIN_URL)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """What a signed-in person is shown is kept by nobody on the way, nor for whoever sits down there next."""
        if not response.has_header("Cache-Control") and request.user.is_authenticated:
            add_never_cache_headers(response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return refused_page(request, exception) if isinstance(exception, Refused) else None


def refused_page(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The plain page that says why not: 403 for "you may not", 409 for "not now"."""
    return render(request, "refused.html", {"refusal": refusal}, status=refusal.status)
