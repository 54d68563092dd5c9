"""Case stories: the list with their consents, recording consents, publishing, withdrawing."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.base import ConfirmForm, PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships.models import Partnership
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to
from pilots.actions.stories import (
    blockers_to_consent,
    blockers_to_publish,
    blockers_to_withdraw,
    publish_story,
    record_consents,
    withdraw_story,
)
from pilots.forms.judging import ConsentForm
from pilots.models import Story
from pilots.permissions import require_to_withdraw_story, sees_whole
from pilots.tables import story_rows
from pilots.views.shared import stories_of


def stories(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    whole = sees_whole(person_of(request), partnership)
    return partnership_page(
        request,
        partnership,
        "pilot",
        "pilots/stories.html",
        stories=story_rows(stories_of(request, partnership), partnership, whole=whole),
        may_withdraw=whole,
    )


def consent(request: HttpRequest, partnership_id: str, story_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.LOG_PROGRESS)
    story = _story(request, partnership, story_id)
    form = ConsentForm(posted(request), story=story)

    def action() -> None:
        record_consents(story=story, **form.values(), by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The consents are saved."):
        return redirect("pilots:stories", partnership.public_id)
    return _form_page(request, partnership, form, f"Consents to the {_name(story)}", "", blockers_to_consent(story))


def publish(request: HttpRequest, partnership_id: str, story_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ACCEPT_PROGRESS)
    story = _story(request, partnership, story_id)
    form = ConfirmForm(posted(request), button="Publish the story", version=story.version)

    def action() -> None:
        publish_story(story=story, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The story may be shown to everybody."):
        return redirect("pilots:stories", partnership.public_id)
    lead = "Public pages and packs may show it, without the name of anybody."
    return _form_page(request, partnership, form, f"Publish the {_name(story)}", lead, blockers_to_publish(story))


def withdraw(request: HttpRequest, partnership_id: str, story_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    require_to_withdraw_story(person_of(request), partnership)
    story = _story(request, partnership, story_id)
    form = ConfirmForm(posted(request), button="Withdraw the story", version=story.version)

    def action() -> None:
        withdraw_story(story=story, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The story is withdrawn from every page."):
        return redirect("pilots:stories", partnership.public_id)
    lead = "The person no longer agrees. The story disappears from every page and from future packs at once, for good."
    return _form_page(request, partnership, form, f"Withdraw the {_name(story)}", lead, blockers_to_withdraw(story))


def _story(request: HttpRequest, partnership: Partnership, story_id: str) -> Story:
    found = stories_of(request, partnership).filter(public_id=story_id).first()
    if found is None:
        raise Http404
    return found


def _name(story: Story) -> str:
    return f"story of {story.monthly_return.month}"


def _form_page(
    request: HttpRequest, partnership: Partnership, form: PortalForm, heading: str, lead: str, blockers: list[str]
) -> HttpResponse:
    return partnership_page(
        request, partnership, "pilot", "pilots/form.html", form=form, heading=heading, lead=lead, blockers=blockers
    )
