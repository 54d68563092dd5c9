"""Who may do what with lessons: publishers, and in a draft also those who may add lessons to its partnership.

Whoever signs off a text for an organisation belongs to it; for a lesson of a partnership, also to the partnership.
"""

from typing import Any

from django.db.models import F

from accounts import permissions as portal
from foundation.policy.refusals import NotPermitted
from lessons.models import Contributor, Item, LearningPoint, Lesson, Profile
from partnerships import permissions as partnership
from partnerships.models import Partnership

PUBLISH = portal.Ability.PUBLISH_LESSONS
PUBLISHERS = PUBLISH.value


def can_publish(person: Any) -> bool:
    """Whether the person's portal role lets them publish lessons, learning points and reports."""
    return portal.can(person, PUBLISH)


def require_publisher(person: Any) -> None:
    portal.require(person, PUBLISH)


def can_edit(person: Any, lesson: Lesson | Profile) -> bool:
    """A publisher always; a draft also whoever may add lessons to its partnership."""
    if can_publish(person):
        return True
    if lesson.partnership is None or not lesson.is_on_its_way or not person.is_authenticated:
        return False
    return partnership.can(person, partnership.Ability.ADD_LESSON, lesson.partnership)


def require_editor(person: Any, lesson: Lesson | Profile) -> None:
    if not can_edit(person, lesson):
        raise NotPermitted(
            f"You may not edit this {lesson.kind}. Publishers of lessons may; a draft also the leads and managers of "
            "its partnership."
        )


def can_ask(person: Any, item: Item) -> bool:
    """Send it to the partners, or take it back: a publisher, and for a lesson whoever may add lessons there."""
    if can_publish(person):
        return True
    if isinstance(item, LearningPoint) or item.partnership is None or not person.is_authenticated:
        return False
    return partnership.can(person, partnership.Ability.ADD_LESSON, item.partnership)


def require_asker(person: Any, item: Item) -> None:
    if not can_ask(person, item):
        raise NotPermitted(
            "You may not send this to the partners or take it back. Publishers of lessons may; for a lesson or a "
            "profile also the leads and managers of its partnership."
        )


def contributor_of(person: Any, item: Item) -> Contributor | None:
    """The organisation for which this person may comment on it and sign it off."""
    if not person.is_authenticated or not person.is_active or person.organisation_id is None:
        return None
    about = None if isinstance(item, LearningPoint) else item.partnership
    if about and not partnership.can(person, partnership.Ability.ADD_LESSON, about):
        return None
    mine = item.contributors.select_related("organisation").of(person.organisation_id)
    return mine.order_by(F("signed_at").asc(nulls_first=True), "pk").first()


def require_contributor(person: Any, item: Item) -> Contributor:
    mine = contributor_of(person, item)
    if mine is None:
        raise NotPermitted(
            "You may not comment on this or sign it off. People of the organisations that were asked may."
        )
    return mine


def can_start_profile(person: Any, about: Partnership) -> bool:
    """A publisher always; otherwise whoever may add lessons to the partnership."""
    return can_publish(person) or (
        person.is_authenticated and partnership.can(person, partnership.Ability.ADD_LESSON, about)
    )


def require_starter(person: Any, about: Partnership) -> None:
    if not can_start_profile(person, about):
        raise NotPermitted(
            "You may not write a profile of this partnership. Its leads and managers may, and publishers of lessons."
        )
