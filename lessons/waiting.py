"""What waits: for a publisher, drafts whose turn it is; for a partner's people, what they may sign off."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse

from accounts.todo import Todo
from foundation.database import clock
from lessons.lifecycle import WRITING, LessonState
from lessons.models import Contributor, FormatRequest, LearningPoint, Lesson, Profile
from lessons.notifications import review_path
from lessons.permissions import can_publish
from partnerships.permissions import Ability, where_may

if TYPE_CHECKING:
    from accounts.models import Person

MOST = 20


def requests_to_settle(person: "Person") -> list[Todo]:
    """Formats and languages that were asked for, with the promised day. One query for a publisher."""
    if not can_publish(person):
        return []
    asked = (
        FormatRequest.objects.waiting()
        .select_related("report", "learning_point__series", "profile")
        .order_by("promised_on")
    )
    return [
        Todo(
            f"Deliver request {one.reference}: {one.wanted}",
            reverse("lessons:format_settle", args=[one.public_id]),
            one.promised_on,
            str(one.report or one.learning_point or one.profile),
        )
        for one in asked[:MOST]
    ]


def drafts_to_publish(person: "Person") -> list[Todo]:
    """The oldest first, without those that partners are waited for. Three queries for a publisher, none otherwise."""
    if not can_publish(person):
        return []
    with_partners = Q(state=LessonState.COMMENTS, comments_until__gte=clock.today())
    lessons = Lesson.objects.on_their_way().exclude(with_partners).select_related("partnership").order_by("number")
    points = LearningPoint.objects.filter(state__in=WRITING).exclude(with_partners).select_related("series")
    profiles = Profile.objects.on_their_way().exclude(with_partners).select_related("partnership").order_by("number")
    return [
        *(
            Todo(
                f"Check and publish the lesson “{lesson}”",
                reverse("lessons:draft_lesson", args=[lesson.public_id]),
                None,
                str(lesson.partnership or "Lessons library"),
            )
            for lesson in lessons[:MOST]
        ),
        *(
            Todo(
                f"Finish and publish learning point {point.number}",
                reverse("lessons:draft_learning_point", args=[point.public_id]),
                None,
                str(point),
            )
            for point in points.order_by("number")[:MOST]
        ),
        *(
            Todo(
                f"Check and publish the profile “{profile}”",
                reverse("lessons:draft_profile", args=[profile.public_id]),
                None,
                str(profile.partnership),
            )
            for profile in profiles[:MOST]
        ),
    ]


def to_sign_off(person: "Person") -> list[Todo]:
    """What the person's organisation is asked to sign off. One query, and the roles that every source shares."""
    if person.organisation_id is None:
        return []
    here = where_may(person, Ability.ADD_LESSON)
    asked = (
        Q(lesson__state=LessonState.COMMENTS, lesson__partnership__in=here)
        | Q(profile__state=LessonState.COMMENTS, profile__partnership__in=here)
        | Q(learning_point__state=LessonState.COMMENTS)
    )
    rows = (
        Contributor.objects.of(person.organisation_id)
        .filter(asked, signed_at=None)
        .select_related("lesson__partnership", "profile__partnership", "learning_point__series", "organisation")[:MOST]
    )
    return [_to_sign(row) for row in rows]


def _to_sign(row: Contributor) -> Todo:
    item = row.lesson or row.learning_point or row.profile
    assert item is not None  # the database holds one of them
    about = item.name if isinstance(item, LearningPoint) else str(item.partnership)
    return Todo(f"Read and sign off “{item}”", review_path(item), item.comments_until, about)
