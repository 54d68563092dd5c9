"""On the way to publication: partners are asked, comment and sign off; the item is checked; or it is a draft again.

The same for a lesson, a learning point and a profile. Publishing itself is in the modules of their names.
"""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from accounts.models import Organisation
from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons import lifecycle, plainness
from lessons.actions.readiness import missing_in, texts_of
from lessons.lifecycle import LessonState
from lessons.models import Contributor, Item, LearningPoint, ReviewComment
from lessons.names import Flag, flags
from lessons.notifications import contributors_asked, everybody_signed
from lessons.permissions import require_asker, require_contributor, require_publisher
from lessons.who import known_names, said_openly
from partnerships.models import Partner

if TYPE_CHECKING:
    from accounts.models import Person

LONGEST_ROUND = timedelta(days=90)


def partners_of(item: Item) -> list[Organisation]:
    """Who is named to sign off: the partners, today, of the partnerships it is about."""
    partnerships: Any = item.lessons.values("partnership") if isinstance(item, LearningPoint) else [item.partnership_id]
    partners = Partner.objects.current().filter(partnership__in=partnerships)
    return list(Organisation.objects.filter(pk__in=partners.values("organisation")).order_by("name"))


def named_in(item: Item) -> QuerySet[Contributor]:
    """Who is named besides, by a publisher, because it contributed otherwise (`lessons.actions.contributor`)."""
    return item.contributors.exclude(contributed="").select_related("organisation")


def blockers_to_check(item: Item) -> list[str]:
    """What keeps it from its check: the state, partners who are waited for, what is missing or hard to read."""
    return (
        lifecycle.blockers_to_check(item.state, item.name)
        or _waits_for_partners(item)
        or list(dict.fromkeys([*missing_in(item), *plainness.problems(texts_of(item))]))
    )


def names_to_look_at(item: Item) -> list[Flag]:
    """Names of people, places and organisations in its text that nobody has allowed yet."""
    found = flags("\n".join(texts_of(item).values()), known_names(item), item.names_allowed)
    openly = said_openly(item)
    return [flag for flag in found if not any(flag.text in name for name in openly)]


@verb("review.ask", on="item")
def ask_partners(
    *,
    item: Item,
    until: date,
    by: "Person",
    organisations: Iterable[Organisation] | None = None,
    version: int | None = None,
) -> Item:
    """Ask the partners for comments and their sign-off until a day; whose person wrote it has signed already.

    Organisations that are named besides are asked with them.
    """
    item = locked(item, version=version)
    require_asker(by, item)
    stop_if(lifecycle.blockers_to_ask(item.state, item.name) or missing_in(item))
    named = list(named_in(item))
    asked = list(organisations) if organisations is not None else partners_of(item)
    if not asked and not named:
        raise ValidationError("There is no partner to ask. It can go straight to its check.")
    if not clock.today() < until <= clock.today() + LONGEST_ROUND:
        raise ValidationError({"until": "Choose a day after today, at most 90 days from now."})
    item.contributors.filter(contributed="").delete()
    known = {row.organisation_id for row in named}
    partners = [_contributor(item, organisation) for organisation in asked if organisation.pk not in known]
    rows = [*Contributor.objects.bulk_create(partners), *named]
    all_signed = all(row.signed_at for row in rows)
    item.state = LessonState.SIGNED if all_signed else LessonState.COMMENTS
    item.comments_until, item.version = until, item.version + 1
    item.save(update_fields=["state", "comments_until", "version"])
    names = ", ".join(row.organisation.name for row in rows)
    record("review.ask", on=item, by=by, summary=f"asked {names} to sign off “{item}” by {until:%-d %B %Y}")
    contributors_asked(item, [row for row in rows if not row.signed_at])
    return item


@verb("review.comment", on="item")
def comment(*, item: Item, text: str, by: "Person", part: str = "") -> ReviewComment:
    """A partner says what should change. It stays with the item for its writers, and is not published."""
    item = locked(item)
    require_contributor(by, item)
    stop_if(lifecycle.blockers_to_answer(item.state, item.name))
    if not text.strip():
        raise ValidationError({"text": "Say what should change."})
    said = ReviewComment.objects.create(**_parent(item), part=part, text=text, made_by=by)
    record("review.comment", on=item, by=by, summary=f"commented on “{item}”")
    return said


@verb("review.sign", on="item")
def sign_off(*, item: Item, by: "Person", version: int | None = None) -> Contributor:
    """Sign off the text that was on the screen, for one's organisation. The last signature ends the round."""
    item = locked(item, version=version)
    mine = require_contributor(by, item)
    stop_if(lifecycle.blockers_to_answer(item.state, item.name))
    stop_if([f"{mine} has signed it off already."] if mine.signed_at else [])
    mine.signed_by, mine.signed_at = by, clock.now()
    mine.save(update_fields=["signed_by", "signed_at"])
    record("review.sign", on=item, by=by, summary=f"signed off “{item}” for {mine}")
    if not item.contributors.filter(signed_at=None).exists():
        item.state, item.version = LessonState.SIGNED, item.version + 1
        item.save(update_fields=["state", "version"])
        everybody_signed(item)
    return mine


@verb("review.reopen", on="item")
def take_back(*, item: Item, by: "Person", version: int | None = None) -> Item:
    """Make it a draft again so that it can be edited. Comments stay; signatures were for the other text and go.

    Who was named besides stays named, and signs the new text.
    """
    item = locked(item, version=version)
    require_asker(by, item)
    stop_if(lifecycle.blockers_to_reopen(item.state, item.name))
    item.contributors.filter(contributed="").delete()
    item.contributors.update(signed_by=None, signed_at=None)
    item.state, item.comments_until, item.version = LessonState.DRAFT, None, item.version + 1
    item.save(update_fields=["state", "comments_until", "version"])
    record("review.reopen", on=item, by=by, summary=f"took “{item}” back to a draft")
    return item


@verb("review.check", on="item")
def check(*, item: Item, names_may_stay: bool, by: "Person", version: int | None = None) -> Item:
    """Pass the check: everybody can read it, and each name in it was looked at."""
    item = locked(item, version=version)
    require_publisher(by)
    stop_if(blockers_to_check(item))
    found = names_to_look_at(item)
    if found and not names_may_stay:
        raise ValidationError({"names_may_stay": [str(flag) for flag in found]})
    item.names_allowed = [*item.names_allowed, *(flag.text for flag in found)]
    item.state, item.version = LessonState.CHECKED, item.version + 1
    item.save(update_fields=["state", "names_allowed", "version"])
    kept = f", with {len(found)} names that may stay" if found else ""
    record("review.check", on=item, by=by, summary=f"checked “{item}”{kept}")
    return item


def _waits_for_partners(item: Item) -> list[str]:
    """Whom the check waits for: nobody once all have signed, or once the day has passed."""
    if item.state == LessonState.DRAFT and not isinstance(item, LearningPoint) and partners_of(item):
        return ["The partners have not been asked yet: they may comment, and sign it off."]
    if item.state == LessonState.DRAFT and (named := [str(row) for row in named_in(item)]):
        return [f"Not asked yet, though they contributed: {', '.join(named)}. Ask them, or take them off the list."]
    if item.state != LessonState.COMMENTS or item.comments_until is None or item.comments_until < clock.today():
        return []
    waiting = ", ".join(str(row) for row in item.contributors.filter(signed_at=None).select_related("organisation"))
    return [f"Waits for {waiting} to sign it off, until the end of {item.comments_until:%-d %B %Y}."]


def _contributor(item: Item, organisation: Organisation) -> Contributor:
    writer = item.added_by
    wrote_it = not isinstance(item, LearningPoint) and writer is not None and writer.organisation_id == organisation.pk
    signed = {"signed_by": writer, "signed_at": clock.now()} if wrote_it else {}
    return Contributor(**_parent(item), organisation=organisation, **signed)


def _parent(item: Item) -> dict[str, Item]:
    return {item.owner_field: item}
