"""The public page: write its words, publish it, take it down with a reason. All stages; what was public was public."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.models import Partnership, PublicPage
from partnerships.models.public_page import WORDS
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person

NOT_WRITTEN = "The page has no words yet: write them first."


def page_of(partnership: Partnership) -> PublicPage | None:
    """The page as it is prepared or published; None before anybody wrote it."""
    return PublicPage.objects.select_related("partnership", "published_by").filter(partnership=partnership).first()


def ability_to_write(page: PublicPage | None) -> Ability:
    """Both leads and the project lead draft it; once it is public, whoever may publish changes it."""
    return Ability.PUBLISH_PAGE if page and page.is_published else Ability.EDIT_PARTNERSHIP


@verb("public_page.write", on="partnership")
def write_public_page(
    *, partnership: Partnership, by: "Person", version: int | None = None, **words: Any
) -> PublicPage:
    """Write the words of the page. `words`: `WORDS`. A published page changes at once."""
    partnership = locked(partnership)
    page = page_of(partnership)
    require(by, ability_to_write(page), partnership)
    page = locked(page, version=version) if page else PublicPage(partnership=partnership, version=0)
    _check(**words)
    before = _facts(page) if page.pk else None
    for name, value in words.items():
        setattr(page, name, value)
    page.version += 1
    page.save()
    told = "changed the published page" if page.is_published else "wrote the words of the public page"
    record("public_page.write", on=page, by=by, summary=told, before=before, after=_facts(page))
    return page


def blockers_to_publish(page: PublicPage | None) -> list[str]:
    if page is None:
        return [NOT_WRITTEN]
    return ["The page is public already."] if page.is_published else []


@verb("public_page.publish", on="partnership")
def publish_page(*, partnership: Partnership, by: "Person", version: int | None = None) -> PublicPage:
    """Open the page to everybody, as it was shown in the preview."""
    partnership = locked(partnership)
    require(by, Ability.PUBLISH_PAGE, partnership)
    page = page_of(partnership)
    page = locked(page, version=version) if page else None
    stop_if(blockers_to_publish(page))
    assert page is not None
    page.published_at, page.published_by = clock.now(), by
    page.taken_down_at, page.taken_down_because = None, ""
    page.version += 1
    page.save()
    record("public_page.publish", on=page, by=by, summary="published the public page", after=_facts(page))
    return page


def blockers_to_take_down(page: PublicPage | None) -> list[str]:
    return [] if page and page.is_published else ["The page is not public."]


@verb("public_page.take_down", on="partnership")
def take_down_page(*, partnership: Partnership, reason: str, by: "Person", version: int | None = None) -> PublicPage:
    """Close the page again. Its words stay, for whoever publishes it anew."""
    partnership = locked(partnership)
    require(by, Ability.PUBLISH_PAGE, partnership)
    page = page_of(partnership)
    page = locked(page, version=version) if page else None
    stop_if(blockers_to_take_down(page))
    assert page is not None
    if not reason.strip():
        raise ValidationError({"reason": "Say why it is taken down. Everyone in the partnership can read it."})
    page.published_at = page.published_by = None
    page.taken_down_at, page.taken_down_because = clock.now(), reason.strip()
    page.version += 1
    page.save()
    record("public_page.take_down", on=page, by=by, summary="took the public page down", reason=reason)
    return page


def _check(*, summary: str, who_for: str, **others: Any) -> None:
    if not summary.strip():
        raise ValidationError({"summary": "Say what the partnership does, in two or three sentences."})
    if not who_for.strip():
        raise ValidationError({"who_for": "Say who the service is for."})


def _facts(page: PublicPage) -> dict[str, Any]:
    return {name: getattr(page, name) for name in WORDS}
