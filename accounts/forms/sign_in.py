"""django-allauth's forms in our words and our look, and the form that accepts an invitation."""

from typing import Any

from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django import forms
from django.http import HttpRequest, HttpResponse

from accounts.adapter import limit_session
from foundation.forms.base import PortalForm

WHAT_IS_GOOD = "At least 12 characters. Three or four unrelated words are easy to remember and hard to guess."
DIFFERENT = "The two passwords are not the same. Type the new password again."


class SignInForm(LoginForm, PortalForm):
    button = "Sign in"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["login"], "E-mail address")
        _relabel(self.fields["password"], "Password")

    def login(self, request: HttpRequest, redirect_url: str | None = None) -> HttpResponse:
        response: HttpResponse = super().login(request, redirect_url=redirect_url)
        if request.user.is_authenticated:
            limit_session(request)  # allauth has just set its own expiry
        return response


class ForgottenPasswordForm(ResetPasswordForm, PortalForm):
    button = "Send me a link"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["email"], "E-mail address")


class _NewPasswordTwice(PortalForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["password1"], "New password", WHAT_IS_GOOD)
        _relabel(self.fields["password2"], "New password again")

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = forms.Form.clean(self)  # type: ignore[assignment]
        first, second = cleaned.get("password1"), cleaned.get("password2")
        if first and second and first != second:
            self.add_error("password2", DIFFERENT)
        return cleaned


class NewPasswordForm(_NewPasswordTwice, ResetPasswordKeyForm):
    button = "Save the new password"


class PasswordChangeForm(_NewPasswordTwice, ChangePasswordForm):
    button = "Change my password"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _relabel(self.fields["oldpassword"], "Present password")


class AcceptInvitationForm(_NewPasswordTwice):
    button = "Save the password and sign in"
    password1 = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))
    password2 = forms.CharField(strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}))


def _relabel(field: forms.Field, label: str, help_text: str | None = None) -> None:
    field.label = label
    field.help_text = help_text or ""
    field.widget.attrs.pop("placeholder", None)
