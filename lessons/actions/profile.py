"""Profiles: started from what the portal knows, edited, published, revised, withdrawn; and a story taken out.

The way to publication is `review`'s, as for a lesson.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from lessons import editions, lifecycle
from lessons.actions.numbering import take_number
from lessons.actions.readiness import missing_in_profile
from lessons.actions.review import names_to_look_at
from lessons.actions.vocabulary import learn
from lessons.documents import discard_files, request_every_format
from lessons.lifecycle import LISTED, LearningPointState
from lessons.models import PROFILES, Profile
from lessons.models.lesson import address
from lessons.permissions import require_editor, require_publisher, require_starter
from lessons.prefilled import first_words, story_to_tell
from lessons.publications import Publication
from partnerships.models import Partnership
from pilots.models import Story

if TYPE_CHECKING:
    from accounts.models import Person

TAKEN_OUT = "A person’s story was taken out."


def blockers_to_start(partnership: Partnership) -> list[str]:
    """Only one profile of a partnership is written at a time."""
    writing = Profile.objects.on_their_way().filter(partnership=partnership).first()
    return [f"{writing.name} of this partnership is being written already."] if writing else []


def blockers_to_publish(profile: Profile) -> list[str]:
    """What keeps it from being published: its state, and the parts that are still empty."""
    return lifecycle.blockers_to_publish(profile.state, profile.name) + missing_in_profile(profile)


@verb("profile.start", on="partnership")
def start_profile(*, partnership: Partnership, by: "Person") -> Profile:
    """Start a draft, filled in with what the portal knows of the partnership."""
    partnership = locked(partnership)
    require_starter(by, partnership)
    stop_if(blockers_to_start(partnership))
    number, words = take_number(PROFILES), first_words(partnership)
    profile = Profile.objects.create(
        number=number,
        slug=address(number, words["title"]),
        partnership=partnership,
        story=story_to_tell(partnership),
        added_by=by,
        **words,
    )
    record("profile.start", on=profile, by=by, summary=f"started {profile.name}, “{profile}”", after=profile.texts())
    return profile


@verb("profile.edit", on="profile")
def edit_profile(
    *, profile: Profile, texts: Mapping[str, str], story: Story | None, by: "Person", version: int | None = None
) -> Profile:
    """Change a draft: its words, and which story it tells."""
    profile = locked(profile, version=version)
    require_editor(by, profile)
    stop_if(lifecycle.blockers_to_edit(profile.state, profile.name))
    before = profile.texts()
    _write(profile, texts, story)
    profile.slug = address(profile.number, profile.title)
    profile.save()
    summary = f"edited the draft of {profile.name}"
    record("profile.edit", on=profile, by=by, summary=summary, before=before, after=profile.texts())
    return profile


@verb("profile.publish", on="profile")
def publish_profile(*, profile: Profile, by: "Person", version: int | None = None) -> Profile:
    """Publish at an address that stays, and ask the worker for every format."""
    profile = locked(profile, version=version)
    require_publisher(by)
    stop_if(blockers_to_publish(profile))
    profile.state, profile.published_at = LearningPointState.PUBLISHED, clock.now()
    profile.version += 1
    profile.save(update_fields=["state", "published_at", "version"])
    learn([profile])
    request_every_format(Publication(profile=profile), by)
    record("profile.publish", on=profile, by=by, summary=f"published {profile.name}, “{profile}”")
    return profile


@verb("profile.revise", on="profile")
def revise_profile(
    *,
    profile: Profile,
    texts: Mapping[str, str],
    story: Story | None,
    change_note: str,
    by: "Person",
    names_may_stay: bool = False,
    version: int | None = None,
) -> Profile:
    """Correct a published profile: same number and address, a new date and note, and every format made again;
    the text it replaces stays readable as an earlier edition, without its story.

    Names that come in with the change are looked at as they are before it is first published.
    """
    profile = locked(profile, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_revise(profile.state, profile.name))
    if not change_note.strip():
        raise ValidationError({"change_note": "Say what was changed. Readers see it beside the date."})
    before, before_story, frozen = profile.texts(), profile.story_id, editions.freeze(profile)
    _write(profile, texts, story)
    stop_if(missing_in_profile(profile))
    if before == profile.texts() and before_story == profile.story_id:
        raise ValidationError("Nothing was changed.")
    new = [flag for flag in names_to_look_at(profile) if not any(flag.text in old for old in before.values())]
    if new and not names_may_stay:
        raise ValidationError({"names_may_stay": [str(flag) for flag in new]})
    profile.names_allowed = [*profile.names_allowed, *(flag.text for flag in new)]
    profile.state, profile.revised_at, profile.change_note = LearningPointState.REVISED, clock.now(), change_note
    profile.save()
    editions.keep(profile, frozen, until=profile.revised_at)
    learn([profile])
    discard_files(Publication(profile=profile))
    request_every_format(Publication(profile=profile), by)
    record(
        "profile.revise",
        on=profile,
        by=by,
        summary=f"revised {profile.name}, “{profile}”",
        reason=change_note,
        before=before,
        after=profile.texts(),
    )
    return profile


@verb("profile.withdraw", on="profile")
def withdraw_profile(*, profile: Profile, reason: str, by: "Person", version: int | None = None) -> Profile:
    """Take it out of the list. Its address stays, and says when and why the text went."""
    profile = locked(profile, version=version)
    require_publisher(by)
    stop_if(lifecycle.blockers_to_withdraw(profile.state, profile.name))
    if not reason.strip():
        raise ValidationError({"reason": "Say why. Readers who come to this address will see it."})
    profile.state, profile.withdrawn_at, profile.change_note = LearningPointState.WITHDRAWN, clock.now(), reason
    profile.version += 1
    profile.save(update_fields=["state", "withdrawn_at", "change_note", "version"])
    discard_files(Publication(profile=profile))
    record("profile.withdraw", on=profile, by=by, summary=f"withdrew {profile.name}, “{profile}”", reason=reason)
    return profile


def stop_telling(story: Story, by: "Person") -> list[str]:
    """The person no longer agrees: it is taken out of every profile, and out of the store with every file that told it.

    Part of withdrawing it (`pilots.retold`). What is published is made again in every format without it, and its text
    so far becomes an earlier edition: those never hold a story.
    """
    told = list(Profile.objects.filter(story=story).select_related("partnership"))
    for found in told:
        profile = locked(found)
        frozen = editions.freeze(profile) if profile.state in LISTED else None
        profile.story, profile.version = None, profile.version + 1
        discard_files(Publication(profile=profile))
        if frozen:
            _publish_without(profile, frozen, by)
        else:
            profile.save()
    return [profile.name for profile in told]


def _publish_without(profile: Profile, frozen: editions.Frozen, by: "Person") -> None:
    profile.state, profile.revised_at = LearningPointState.REVISED, clock.now()
    profile.change_note = TAKEN_OUT
    profile.save()
    editions.keep(profile, frozen, until=profile.revised_at)
    request_every_format(Publication(profile=profile), by)


def _write(profile: Profile, texts: Mapping[str, Any], story: Story | None) -> None:
    for name, value in texts.items():
        setattr(profile, name, value)
    if story and story.pk != profile.story_id and story not in stories_for(profile.partnership):
        raise ValidationError({"story": "Choose a story that may be published, of this partnership."})
    profile.story = story
    profile.version += 1


def stories_for(partnership: Partnership) -> list[Story]:
    """Those that a profile of the partnership may tell, the newest first. One query."""
    found = Story.objects.publishable().filter(monthly_return__partnership=partnership)
    return list(found.select_related("monthly_return").order_by("-monthly_return__period"))
