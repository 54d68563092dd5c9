"""Where django-allauth meets the portal: its events become audit events, its mails go through the outbox.

How often somebody may try is `ACCOUNT_RATE_LIMITS` in the settings; why it counts addresses of the network and never
people is docs/adr/0007.
"""

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from accounts.actions import sign_in
from accounts.models import Person
from foundation.database import clock


def limit_session(request: HttpRequest) -> None:
    """The session ends a fixed time after sign-in, however busy it is."""
    request.session.set_expiry(clock.now() + timedelta(seconds=settings.SESSION_COOKIE_AGE))


class AccountAdapter(DefaultAccountAdapter):
    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": "The e-mail address or the password is not right. Check both and try again.",
        "too_many_login_attempts": "There were too many attempts from your network. Wait a minute, then try again.",
        "enter_current_password": "This is not your present password.",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: Person) -> None:
        super().login(request, user)
        limit_session(request)
        sign_in.record_sign_in(user)

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, Person):
            sign_in.record_sign_out(request.user)
        super().logout(request)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        sign_in.record_refused_sign_in(credentials.get("email", ""), reason="The address or the password was wrong.")

    def respond_user_inactive(self, request: HttpRequest, user: Person) -> HttpResponse:
        sign_in.record_refused_sign_in(user.email, reason="The account is closed.")
        response: HttpResponse = super().respond_user_inactive(request, user)
        return response

    def set_password(self, user: Person, password: str) -> None:
        sign_in.set_password(user, password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("home")

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth has one mail to send here: the link to choose a new password."""
        if template_prefix != "account/email/password_reset_key":
            raise ValueError(f"the portal does not send “{template_prefix}”")
        sign_in.send_password_reset(context["user"])
