"""Case stories: publishing one with its consents, and withdrawing it (scenario 34). Told in the return."""

from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.permissions import Ability, require
from pilots import retold
from pilots.actions.papers import withdraw_papers_telling
from pilots.lifecycle import ONCE_ACCEPTED
from pilots.models import Story
from pilots.permissions import require_to_withdraw_story

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_publish(story: Story) -> list[str]:
    """Why a story cannot be published now."""
    if story.withdrawn_on:
        return ["The consent to this story was withdrawn. It can no longer be used."]
    if story.published_on:
        return [f"It was published on {story.published_on:%-d %B %Y}."]
    found = []
    if missing := story.missing_consents:
        found.append(
            "It cannot be published: it is not recorded that "
            + ", nor that ".join(missing)
            + ". Whoever fills in the returns records the consents."
        )
    if story.monthly_return.state not in ONCE_ACCEPTED:
        found.append("Its return has not been accepted yet.")
    return found


def blockers_to_consent(story: Story) -> list[str]:
    """Why the consents cannot be changed now."""
    if story.withdrawn_on:
        return ["The consent to this story was withdrawn. A new consent needs a new story, in a new return."]
    if story.published_on:
        return ["It is published. Withdraw it if the person no longer agrees."]
    return []


def blockers_to_withdraw(story: Story) -> list[str]:
    """Why a story cannot be withdrawn now; otherwise it can be at any time, even when the partnership is closed."""
    return [f"It was withdrawn on {story.withdrawn_on:%-d %B %Y}."] if story.withdrawn_on else []


@verb("story.consent", on="story")
def record_consents(
    *, story: Story, may_use: bool, anonymised: bool, may_publish: bool, by: "Person", version: int | None = None
) -> None:
    """Write down what the person has agreed to since the story was told."""
    partnership = locked(story.monthly_return.partnership)
    story = locked(story, version=version)
    require(by, Ability.LOG_PROGRESS, partnership)
    stop_if(blockers_to_consent(story))
    before = _consents(story)
    story.may_use, story.anonymised, story.may_publish = may_use, anonymised, may_publish
    _save(story, "may_use", "anonymised", "may_publish")
    if story.missing_consents:
        retold.stop_telling(story, by)
    told = "recorded the consents to a story"
    record("story.consent", on=story, by=by, summary=told, before=before, after=_consents(story))


@verb("story.publish", on="story")
def publish_story(*, story: Story, by: "Person", version: int | None = None) -> None:
    """Let public pages and packs show a story. Refused until all three consents are recorded."""
    partnership = locked(story.monthly_return.partnership)
    story = locked(story, version=version)
    require(by, Ability.ACCEPT_PROGRESS, partnership)
    stop_if(blockers_to_publish(story))
    story.published_on = clock.today()
    _save(story, "published_on")
    record("story.publish", on=story, by=by, summary="published a story", after=_consents(story))


@verb("story.withdraw", on="story")
def withdraw_story(*, story: Story, by: "Person", version: int | None = None) -> None:
    """The person no longer agrees: from this moment no page and no pack shows the story. It cannot be taken back.

    Papers that told it are withdrawn with it: their PDFs are gone from the store, and can be made again without it.
    Whatever of an upper floor told it stops doing so (`pilots.retold`).
    """
    partnership = locked(story.monthly_return.partnership)
    story = locked(story, version=version)
    require_to_withdraw_story(by, partnership)
    stop_if(blockers_to_withdraw(story))
    was_published = bool(story.published_on)
    story.withdrawn_on, story.withdrawn_by, story.published_on = clock.today(), by, None
    story.may_use = story.may_publish = False
    _save(story, "withdrawn_on", "withdrawn_by", "published_on", "may_use", "may_publish")
    papers = [*withdraw_papers_telling(story), *retold.stop_telling(story, by)]
    told = "withdrew a story that was published" if was_published else "withdrew a story"
    if papers:
        told += f", and with it {len(papers)} paper{'' if len(papers) == 1 else 's'} that told it"
    record("story.withdraw", on=story, by=by, summary=told, after=_consents(story) | {"papers": papers})


def _save(story: Story, *fields: str) -> None:
    story.version += 1
    story.save(update_fields=["version", *fields])


def _consents(story: Story) -> dict[str, bool | str | None]:
    return {
        "may_use": story.may_use,
        "anonymised": story.anonymised,
        "may_publish": story.may_publish,
        "published_on": story.published_on.isoformat() if story.published_on else None,
        "withdrawn_on": story.withdrawn_on.isoformat() if story.withdrawn_on else None,
    }
