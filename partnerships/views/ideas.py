"""The register of ideas: what came through the public page, and the moderators' decisions."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, Value, When
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.actions.moderation import keep_idea_private, publish_idea, reject_idea, remove_details
from partnerships.filters import IdeaFilter
from partnerships.forms.ideas import KeepPrivateForm, PublishIdeaForm, RejectIdeaForm, RemoveDetailsForm
from partnerships.models import Idea
from partnerships.moderation import IdeaState
from partnerships.permissions import Ability, can
from partnerships.views.registers import PER_PAGE, register_page
from partnerships.views.shared import partnership_for, partnership_to

WAITING_FIRST = Case(When(state=IdeaState.WAITING, then=Value(0)), default=Value(1))


def ideas(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Moderators see all of them; everybody else in the partnership what is published."""
    partnership = partnership_for(request, partnership_id)
    moderates = can(person_of(request), Ability.KEEP_REGISTERS, partnership)
    rows = partnership.ideas.all() if moderates else partnership.ideas.published()
    chosen = IdeaFilter(request.GET, queryset=rows.order_by(WAITING_FIRST, "-created_at", "-pk"))
    return register_page(
        request,
        partnership,
        "ideas",
        "partnerships/registers/ideas.html",
        filter=chosen,
        filtered=bool(request.GET.get("state")),
        moderates=moderates,
        page_obj=Paginator(chosen.qs, PER_PAGE).get_page(request.GET.get("page")),
    )


def idea(request: HttpRequest, partnership_id: str, idea_id: str) -> HttpResponse:
    found = _idea(request, partnership_id, idea_id)
    return register_page(request, found.partnership, "ideas", "partnerships/registers/idea.html", idea=found)


def publish(request: HttpRequest, partnership_id: str, idea_id: str) -> HttpResponse:
    found = _idea(request, partnership_id, idea_id)
    initial = {"shown": found.shown or found.text, "we_did": found.we_did, "we_could_not": found.we_could_not}
    form = PublishIdeaForm(posted(request), initial=initial, version=found.version)
    heading = "Change the answer" if found.state == IdeaState.PUBLISHED else "Publish with an answer"
    lead = "Everybody can read this on the public page, and members under “You said, we did”."
    return _decide(request, found, form, publish_idea, heading, "It is published with its answer.", lead)


def keep_private(request: HttpRequest, partnership_id: str, idea_id: str) -> HttpResponse:
    found = _idea(request, partnership_id, idea_id)
    form = KeepPrivateForm(posted(request), version=found.version)
    lead = "It stays with those who may write in the registers."
    return _decide(request, found, form, keep_idea_private, "Keep it private", "It is kept private.", lead)


def reject(request: HttpRequest, partnership_id: str, idea_id: str) -> HttpResponse:
    found = _idea(request, partnership_id, idea_id)
    form = RejectIdeaForm(posted(request), version=found.version)
    lead = "It stays in the register, with the reason, and is shown to nobody else."
    return _decide(request, found, form, reject_idea, "Reject it", "It is rejected.", lead)


def remove(request: HttpRequest, partnership_id: str, idea_id: str) -> HttpResponse:
    found = _idea(request, partnership_id, idea_id)
    form = RemoveDetailsForm(posted(request), initial={"text": found.text, "shown": found.shown}, version=found.version)
    lead = "What stands here is replaced; the name, the e-mail address and the access needs are deleted. Nothing of it can be brought back."  # noqa: E501
    return _decide(request, found, form, remove_details, "Remove personal details", "The details are removed.", lead)


def _decide(
    request: HttpRequest, found: Idea, form: PortalForm, action: Any, heading: str, done: str, lead: str
) -> HttpResponse:
    partnership = found.partnership
    form.cancel_url = reverse("partnerships:idea", args=[partnership.public_id, found.public_id])

    def change_it() -> None:
        action(idea=found, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, change_it, done=done):
        return redirect(form.cancel_url)
    return register_page(
        request, partnership, "ideas", "partnerships/registers/idea_form.html",
        idea=found, form=form, heading=heading, lead=lead,
    )  # fmt: skip


def _idea(request: HttpRequest, partnership_id: str, idea_id: str) -> Idea:
    partnership = partnership_to(request, partnership_id, Ability.KEEP_REGISTERS)
    found = partnership.ideas.select_related("moderated_by").filter(public_id=idea_id).first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found
