"""The mails about lessons: partners are asked to sign off, the writer hears that all have, readers of new ones."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.urls import reverse

from accounts.models import Person
from foundation.delivery.kinds import EACH, Kind
from foundation.delivery.outbox import enqueue
from lessons.models import Contributor, Item, LearningPoint, Lesson
from partnerships.models import Member
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole

NEW = Kind(
    "lessons",
    label="New lessons on your themes",
    about="What was published yesterday on the themes of the lessons library that you follow.",
    choices=EACH,
)
SIGNING = [role for role in PartnershipRole if Ability.ADD_LESSON in ABILITIES[role]]
MOST_PEOPLE = 10
"""Of one organisation; a large one is not mailed as a whole."""


def review_path(item: Item) -> str:
    return reverse("lessons:review", args=[item.kind, item.public_id])


def contributors_asked(item: Item, waiting: Sequence[Contributor]) -> None:
    """Ask whoever may sign for each organisation that has not signed yet."""
    assert item.comments_until
    for contributor in waiting:
        for person in _signers(item, contributor):
            enqueue(
                kind="notice",
                key=f"lessons-asked:{item.public_id}:{item.version}:{person.pk}",
                to=person,
                subject=f"Please read and sign off: {item}",
                template="emails/lessons/asked",
                context={
                    "name": person.name,
                    "title": item.title,
                    "kind": item.name,
                    "organisation": contributor.organisation.name,
                    "contributed": contributor.contributed,
                    "until": f"{item.comments_until:%A %-d %B %Y}",
                    "path": review_path(item),
                },
                why=_why(contributor),
                scope=item.audit_scope,
            )


def everybody_signed(item: Item) -> None:
    """Tell whoever wrote it that the round is over."""
    if item.added_by is None or not item.added_by.is_active:
        return
    enqueue(
        kind="notice",
        key=f"lessons-signed:{item.public_id}:{item.version}",
        to=item.added_by,
        subject=f"Everybody who was asked has signed off: {item}",
        template="emails/lessons/signed",
        context={"name": item.added_by.name, "title": item.title, "path": review_path(item)},
        why="You get this mail because you wrote it.",
        scope=item.audit_scope,
    )


def new_lessons(person: Person, lessons: Iterable[Lesson], *, day: date, not_before: datetime) -> None:
    """One mail a day and person, whatever was published on the themes that the person follows."""
    rows = [
        {"title": lesson.title, "theme": lesson.get_theme_display(), "path": lesson.get_absolute_url()}
        for lesson in lessons
    ]
    enqueue(
        kind=NEW.name,
        key=new_lessons_key(person.pk, day),
        to=person,
        subject=f"New in the lessons library: {rows[0]['title']}" + (f" and {len(rows) - 1} more" if rows[1:] else ""),
        template="emails/lessons/new",
        context={"name": person.name, "lessons": rows, "path": reverse("lessons:themes")},
        why="You get this mail because you follow these themes of the lessons library.",
        not_before=not_before,
    )


def new_lessons_key(person_id: int, day: date) -> str:
    return f"lessons-new:{person_id}:{day.isoformat()}"


def _why(contributor: Contributor) -> str:
    did = "contributed to it" if contributor.contributed else "took part in it"
    return f"You get this mail because you may sign for {contributor.organisation}, which {did}."


def _signers(item: Item, contributor: Contributor) -> Iterable[Person]:
    """Members who may sign for the organisation, or for what it has merged into; for a learning point, of the
    partnerships it is about.
    """
    of = {contributor.organisation_id, contributor.organisation.survivor_id} - {None}
    people = Person.objects.filter(is_active=True, organisation__in=of).order_by("pk")
    partnerships: Any = item.lessons.values("partnership") if isinstance(item, LearningPoint) else [item.partnership_id]
    members = Member.objects.current().filter(partnership__in=partnerships, role__in=SIGNING)
    signing = list(people.filter(pk__in=members.values("person"))[:MOST_PEOPLE])
    return signing or (list(people[:MOST_PEOPLE]) if isinstance(item, LearningPoint) else [])
