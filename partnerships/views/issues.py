"""The register of issues, and the button that makes an issue of a risk that happened."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import posted
from partnerships.actions.issue import (
    blockers_to_change_issue,
    edit_issue,
    open_issue,
    resolve_issue,
    risk_happened,
)
from partnerships.actions.registers import blockers_to_write
from partnerships.filters import IssueFilter
from partnerships.forms.issues import EditIssueForm, IssueForm, ResolveIssueForm, RiskHappenedForm
from partnerships.models import Issue, Partnership
from partnerships.permissions import Ability, require_own_or
from partnerships.views.registers import register_form, register_list, register_page
from partnerships.views.shared import partnership_for, partnership_to


def issues(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    chosen = IssueFilter(request.GET, queryset=partnership.issues.worst_first())
    rows = chosen.qs.select_related("owner")
    return register_list(request, partnership, "issues", chosen, rows, blockers_to_write(partnership))


def issue(request: HttpRequest, partnership_id: str, issue_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _issue(partnership, issue_id)
    return register_page(
        request,
        partnership,
        "issues",
        "partnerships/registers/issue.html",
        issue=found,
        blockers=blockers_to_change_issue(found),
        mine=found.owner_id == person_of(request).pk,
    )


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    back = reverse("partnerships:issues", args=[partnership.public_id])
    form = IssueForm(posted(request), partnership=partnership, cancel_url=back)

    def action() -> None:
        open_issue(partnership=partnership, **form.values(), by=person_of(request))

    return register_form(
        request, partnership, "issues", form, action, heading="Open an issue", done="The issue is open."
    )


def of_risk(request: HttpRequest, partnership_id: str, risk_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    risk = partnership.risks.select_related("owner").filter(public_id=risk_id).first()
    if risk is None:
        raise Http404
    risk.partnership = partnership
    initial = {"title": risk.title, "owner": risk.owner.public_id}
    back = reverse("partnerships:risk", args=[partnership.public_id, risk.public_id])
    form = RiskHappenedForm(
        posted(request), initial=initial, partnership=partnership, version=risk.version, cancel_url=back
    )

    def action() -> None:
        risk_happened(risk=risk, **form.values(), by=person_of(request), version=form.version)

    lead = f"The risk “{risk}” is closed, and the issue that it became keeps a link to it."
    done = "The risk is closed and the issue open."
    return register_form(
        request, partnership, "risks", form, action, heading="The risk has happened", done=done, lead=lead
    )


def edit(request: HttpRequest, partnership_id: str, issue_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = _issue(partnership, issue_id)
    names = ("title", "what_happened", "impact", "due_on")
    initial = {name: getattr(found, name) for name in names} | {"owner": found.owner.public_id}
    form = EditIssueForm(posted(request), initial=initial, partnership=partnership, version=found.version)
    return _change(request, found, form, edit_issue, "Edit the issue", "The issue is changed.")


def resolve(request: HttpRequest, partnership_id: str, issue_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    found = _issue(partnership, issue_id)
    require_own_or(person_of(request), found.owner_id, Ability.KEEP_REGISTERS, partnership)
    form = ResolveIssueForm(posted(request), version=found.version)
    return _change(request, found, form, resolve_issue, "Resolve the issue", "The issue is resolved.")


def _change(request: HttpRequest, found: Issue, form: PortalForm, action: Any, heading: str, done: str) -> HttpResponse:
    partnership = found.partnership
    form.cancel_url = reverse("partnerships:issue", args=[partnership.public_id, found.public_id])

    def change_it() -> None:
        action(issue=found, **form.values(), by=person_of(request), version=form.version)

    return register_form(request, partnership, "issues", form, change_it, heading=heading, done=done, lead=f"“{found}”")


def _issue(partnership: Partnership, issue_id: str) -> Issue:
    found = partnership.issues.select_related("owner", "risk").filter(public_id=issue_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
