"""Preparing the public page: its words, hints about them, the preview, publishing and taking down."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships import in_public
from partnerships.actions.public_page import (
    ability_to_write,
    blockers_to_publish,
    blockers_to_take_down,
    page_of,
    publish_page,
    take_down_page,
    write_public_page,
)
from partnerships.forms.public_page import PublicPageForm, PublishPageForm, TakeDownForm
from partnerships.models import Partnership, PublicPage
from partnerships.models.public_page import WORDS
from partnerships.permissions import Ability, can, require
from partnerships.plain_english import hints
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def prepare(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    page, person = page_of(partnership), person_of(request)
    may_publish = can(person, Ability.PUBLISH_PAGE, partnership)
    return partnership_page(
        request,
        partnership,
        "public",
        "partnerships/public_page/prepare.html",
        page=page,
        hints=hints(f"{page.summary}\n{page.take_part}") if page else [],
        may_write=can(person, ability_to_write(page), partnership),
        may_publish=may_publish and not blockers_to_publish(page),
        may_take_down=may_publish and not blockers_to_take_down(page),
        waiting=partnership.ideas.waiting().count() if can(person, Ability.KEEP_REGISTERS, partnership) else 0,
    )


def write(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    page = page_of(partnership)
    require(person_of(request), ability_to_write(page), partnership)
    form = PublicPageForm(posted(request), initial=_words(partnership, page), version=page.version if page else 0)

    def action() -> None:
        write_public_page(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    lead = "The page is public: what you save is read by everybody at once." if page and page.is_published else ""
    return _form(request, partnership, form, action, "Write the public page", "The words are saved.", lead)


def publish(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """The page as visitors would see it, and the button above it."""
    partnership = partnership_to(request, partnership_id, Ability.PUBLISH_PAGE)
    page = page_of(partnership)
    back = reverse("partnerships:public_prepare", args=[partnership.public_id])
    form = PublishPageForm(posted(request), version=page.version if page else 0, cancel_url=back)

    def action() -> None:
        publish_page(partnership=partnership, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="The page is public."):
        return redirect(back)
    blockers = blockers_to_publish(page)
    seen: dict[str, Any] = {}
    if page:
        page.partnership = partnership
        seen = in_public.seen_by_visitors(page)
    context = seen | {"page": page, "form": form, "blockers": blockers}
    return partnership_page(request, partnership, "public", "partnerships/public_page/publish.html", **context)


def take_down(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.PUBLISH_PAGE)
    page = page_of(partnership)
    form = TakeDownForm(posted(request), version=page.version if page else 0)

    def action() -> None:
        take_down_page(partnership=partnership, **form.values(), by=person_of(request), version=form.version)

    lead = " ".join(blockers_to_take_down(page)) or "Its address answers “not found” from then on; its words are kept."
    return _form(request, partnership, form, action, "Take the public page down", "The page is no longer public.", lead)


def _words(partnership: Partnership, page: PublicPage | None) -> dict[str, Any]:
    """What stands in the form: the page's words, or as a start what the partnership says of itself."""
    if page:
        return {name: getattr(page, name) for name in WORDS}
    summary = "\n\n".join(text for text in (partnership.need, partnership.service) if text)[:2000]
    return {"summary": summary, "who_for": partnership.client_group, "shows_vision": True, "takes_ideas": True}


def _form(
    request: HttpRequest, partnership: Partnership, form: PortalForm, action: Any, heading: str, done: str, lead: str
) -> HttpResponse:
    form.cancel_url = reverse("partnerships:public_prepare", args=[partnership.public_id])
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(form.cancel_url)
    return partnership_page(
        request, partnership, "public", "partnerships/form.html", form=form, heading=heading, lead=lead
    )
