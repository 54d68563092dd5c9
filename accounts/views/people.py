"""People: the list, one person's page, and what keepers and administrators may do there."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_filters.views import FilterView

from accounts.actions.invitation import blockers_to_resend, invite_to_portal, resend_invitation
from accounts.actions.person import (
    blockers_to_close,
    blockers_to_reopen,
    close_account,
    edit_person,
    give_portal_role,
    reopen_account,
)
from accounts.filters import PeopleFilter
from accounts.forms.people import CloseAccountForm, InviteForm, PersonForm, PortalRoleForm, of_person
from accounts.models import Person
from accounts.permissions import Ability, can, require
from accounts.roles import DESCRIPTION, PortalRole
from accounts.views.shared import form_page, person_for, person_of
from foundation.forms.base import ConfirmForm
from foundation.forms.submit import carry_out, posted

RESEND = "Send a new invitation"
REOPEN = "Reopen the account"


class People(FilterView):
    filterset_class = PeopleFilter
    template_name = "accounts/people.html"
    paginate_by = 50
    strict = False

    def get_queryset(self) -> QuerySet[Person]:
        return Person.objects.visible_to(person_of(self.request)).select_related("organisation")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        return context | {
            "rows": [row(person) for person in context["object_list"]],
            "may_invite": can(self.request.user, Ability.INVITE),
            "filtered": any(self.request.GET.get(name) for name in PeopleFilter.base_filters),
        }


def row(person: Person) -> dict[str, Any]:
    """One line of the list, ready to print."""
    return {
        "name": person.name,
        "url": person.get_absolute_url(),
        "email": person.email,
        "organisation": str(person.organisation or ""),
        "role": person.get_portal_role_display() if person.portal_role != PortalRole.NONE else "",
        "state": state_of(person),
    }


def state_of(person: Person) -> str:
    """What an account can be, in words."""
    if not person.is_active:
        return "Account closed"
    return "Can sign in" if person.has_usable_password() else "Invited, no password yet"


def person(request: HttpRequest, person_id: str) -> HttpResponse:
    found, reader = person_for(request, person_id), person_of(request)
    invitation = found.invitations.open().first()
    manages = can(reader, Ability.MANAGE_PEOPLE)
    context = {
        "person": found,
        "facts": [
            ("E-mail address", found.email),
            ("Organisation", str(found.organisation or "")),
            ("Post", found.job_title),
            ("Role for the whole portal", f"{found.get_portal_role_display()}. {DESCRIPTION[_role(found)]}"),
            ("Account", state_of(found)),
        ],
        "invitation": invitation,
        "is_me": found.pk == reader.pk,
        "may_edit": found.pk == reader.pk or can(reader, Ability.KEEP_REGISTER),
        "may_read_history": found.pk == reader.pk or manages,
        "may_give_role": manages and found.is_active,
        "may_close": manages and found.is_active,
        "resend_form": _resend_form(found) if can(reader, Ability.INVITE) and not blockers_to_resend(found) else None,
        "reopen_form": _reopen_form(found) if manages and not blockers_to_reopen(found) else None,
    }
    return render(request, "accounts/person.html", context)


def invite(request: HttpRequest) -> HttpResponse:
    inviter = person_of(request)
    form = InviteForm(posted(request), initial={"organisation": request.GET.get("organisation", "")})
    found: list[Person] = []
    if request.method == "POST" and carry_out(
        request,
        form,
        lambda: found.append(invite_to_portal(**form.values(), by=inviter)),
        done="This person has an invitation, or can sign in already.",
    ):
        return redirect(found[0]) if found else redirect("accounts:people")
    return render(
        request,
        "accounts/form.html",
        form_page(
            form,
            "Invite a person",
            ("People", reverse("accounts:people")),
            lead="They get a mail with a link, choose a password and can then sign in. The link works for 14 days.",
        ),
    )


def edit(request: HttpRequest, person_id: str) -> HttpResponse:
    found, editor = person_for(request, person_id), person_of(request)
    keeps = can(editor, Ability.KEEP_REGISTER)
    if found.pk != editor.pk:
        require(editor, Ability.KEEP_REGISTER)
    form = PersonForm(posted(request), with_organisation=keeps, initial=of_person(found), version=found.version)
    return _person_form(
        request,
        found,
        form,
        f"Change the facts of {found}",
        lambda: edit_person(person=found, **form.values(), by=editor, version=form.version),
        done="Saved.",
    )


def role(request: HttpRequest, person_id: str) -> HttpResponse:
    found, editor = person_for(request, person_id), person_of(request)
    form = PortalRoleForm(posted(request), initial={"role": found.portal_role}, version=found.version)
    return _person_form(
        request,
        found,
        form,
        f"The role of {found} for the whole portal",
        lambda: give_portal_role(person=found, **form.values(), by=editor, version=form.version),
        done=f"{found} has the role from now on.",
        lead="A role inside a partnership is given on that partnership's page, by its leads.",
    )


def close(request: HttpRequest, person_id: str) -> HttpResponse:
    found, editor = person_for(request, person_id), person_of(request)
    form = CloseAccountForm(posted(request), version=found.version)
    return _person_form(
        request,
        found,
        form,
        f"Close the account of {found}",
        lambda: close_account(person=found, **form.values(), by=editor, version=form.version),
        done=f"The account of {found} is closed.",
        lead="They are signed out everywhere at once and cannot come back in. What they did stays, with their name.",
        blockers=blockers_to_close(found),
    )


def resend(request: HttpRequest, person_id: str) -> HttpResponse:
    found, sender = person_for(request, person_id), person_of(request)
    form = _resend_form(found, request.POST)
    return _pressed(
        request, found, form, lambda: resend_invitation(person=found, by=sender), done="A new invitation is on its way."
    )


def reopen(request: HttpRequest, person_id: str) -> HttpResponse:
    found, editor = person_for(request, person_id), person_of(request)
    form = _reopen_form(found, request.POST)
    return _pressed(
        request,
        found,
        form,
        lambda: reopen_account(person=found, by=editor),
        done="The account is open. A new invitation is on its way.",
    )


def _role(person: Person) -> PortalRole:
    return PortalRole(person.portal_role)


def _resend_form(person: Person, data: Any = None) -> ConfirmForm:
    return ConfirmForm(data, button=RESEND, address=reverse("accounts:person_resend", args=[person.public_id]))


def _reopen_form(person: Person, data: Any = None) -> ConfirmForm:
    return ConfirmForm(data, button=REOPEN, address=reverse("accounts:person_reopen", args=[person.public_id]))


def _person_form(
    request: HttpRequest, found: Person, form: Any, heading: str, action: Callable[[], Any], *, done: str, **more: Any
) -> HttpResponse:
    """A form below a person's page: carried out, or shown again with what is wrong."""
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(found)
    crumbs = (("People", reverse("accounts:people")), (found.name, found.get_absolute_url()))
    return render(request, "accounts/form.html", form_page(form, heading, *crumbs, **more))


def _pressed(
    request: HttpRequest, found: Person, form: ConfirmForm, action: Callable[[], Any], *, done: str
) -> HttpResponse:
    """A button of a person's page: a refusal is said on the same page."""
    if not carry_out(request, form, action, done=done):
        for reason in form.non_field_errors():
            messages.error(request, str(reason))
    return redirect(found)
