"""The page behind an invitation's link: the only one a stranger can change anything on, and only their own password."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from accounts.actions.invitation import START, accept_invitation, blockers_to_accept
from accounts.adapter import AccountAdapter
from accounts.forms.sign_in import AcceptInvitationForm
from accounts.models import Invitation
from foundation.forms.submit import carry_out, posted

UNKNOWN = (
    "This link is not complete, or a newer invitation has taken its place. Copy the whole link from the last mail."
)


@never_cache
@sensitive_post_parameters("password1", "password2")
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    found = Invitation.objects.with_token(token)
    if found is None:
        return _gone(request, [UNKNOWN], status=404)
    form = AcceptInvitationForm(posted(request))
    if request.method == "POST" and _accepted(request, found, form):
        AccountAdapter(request).login(request, found.person)
        return redirect(_inside(found.opens))
    if blockers := blockers_to_accept(found):
        return _gone(request, blockers, status=410)
    return render(request, "accounts/invitation.html", {"invitation": found, "form": form})


def _accepted(request: HttpRequest, found: Invitation, form: AcceptInvitationForm) -> bool:
    """Whether the password was saved now, or a moment ago by the first click of two."""
    done = carry_out(
        request,
        form,
        lambda: accept_invitation(invitation=found, password=form.cleaned_data["password1"], by=found.person),
        done=f"Welcome, {found.person}. Your password is saved.",
    )
    if done:
        found.person.refresh_from_db()
    return done and found.person.is_active


def _inside(address: str) -> str:
    """The page to open, if it is one of ours."""
    return address if url_has_allowed_host_and_scheme(address, allowed_hosts=None) else START


def _gone(request: HttpRequest, reasons: list[str], *, status: int) -> HttpResponse:
    return render(request, "accounts/invitation_gone.html", {"reasons": reasons}, status=status)
