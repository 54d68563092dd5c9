"""What becomes of an idea: published with its answer, kept private, or rejected. In every stage, and more than once.

The first decision writes to whoever gave an address, and deletes name, address and access needs in the same
transaction: the mail's row holds the address until the mail is sent.
"""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from partnerships.actions.idea import clear
from partnerships.models import Idea
from partnerships.models.idea import LONGEST_IDEA
from partnerships.moderation import UNANSWERED, IdeaState, Rejection
from partnerships.notifications import mail_idea_answered
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


@verb("idea.publish", on="idea")
def publish_idea(
    *, idea: Idea, shown: str, we_did: str, we_could_not: str, by: "Person", version: int | None = None
) -> None:
    """Show it to everybody, in words without personal details, with what was done or why it could not be."""
    idea = _for_moderator(idea, by, version)
    if not shown.strip():
        raise ValidationError({"shown": "Say what everybody will read: the idea, without what could tell who sent it."})
    if not we_did.strip() and not we_could_not.strip():
        raise ValidationError({"we_did": "Say what you did, or below why you could not."})
    _check_length(shown, "shown")
    idea.shown, idea.we_did, idea.we_could_not = shown, we_did, we_could_not
    _decide(idea, IdeaState.PUBLISHED, by)
    record("idea.publish", on=idea, by=by, summary="published an idea from the public page with its answer")


@verb("idea.keep_private", on="idea")
def keep_idea_private(*, idea: Idea, answer: str = "", by: "Person", version: int | None = None) -> None:
    """Read it, perhaps answer it, and show it to nobody else. What was public is so no longer."""
    idea = _for_moderator(idea, by, version)
    _decide(idea, IdeaState.PRIVATE, by, answer)
    record("idea.keep_private", on=idea, by=by, summary="kept an idea from the public page private")


@verb("idea.reject", on="idea")
def reject_idea(*, idea: Idea, reason: str, by: "Person", version: int | None = None) -> None:
    idea = _for_moderator(idea, by, version)
    if reason not in Rejection.values:
        raise ValidationError({"reason": "Choose one of the reasons."})
    _decide(idea, IdeaState.REJECTED, by, rejected_for=reason)
    told = Rejection(reason).label
    record("idea.reject", on=idea, by=by, summary="rejected an idea from the public page", reason=told)


@verb("idea.remove_details", on="idea")
def remove_details(*, idea: Idea, text: str, shown: str = "", by: "Person", version: int | None = None) -> None:
    """Write it without what could tell who somebody is. What stood there is gone for good, name and address too."""
    idea = _for_moderator(idea, by, version)
    for value, field in ((text, "text"), (shown, "shown")):
        if not value.strip() and (field == "text" or idea.state == IdeaState.PUBLISHED):
            raise ValidationError({field: "Leave what can stay, or write “[removed]”."})
        _check_length(value, field)
    idea.text, idea.shown = text, shown
    clear(idea)
    idea.save()
    record("idea.remove_details", on=idea, by=by, summary="removed personal details from an idea")


def _for_moderator(idea: Idea, by: "Person", version: int | None) -> Idea:
    partnership = locked(idea.partnership)
    idea = locked(idea, version=version)
    require(by, Ability.KEEP_REGISTERS, partnership)
    return idea


def _check_length(text: str, field: str) -> None:
    if len(text) > LONGEST_IDEA:
        raise ValidationError({field: f"Keep it below {LONGEST_IDEA:,} characters."})


def _decide(idea: Idea, state: IdeaState, by: "Person", answer: str = "", rejected_for: str = "") -> None:
    idea.state, idea.rejected_for = state, rejected_for
    idea.moderated_by, idea.moderated_at = by, clock.now()
    if idea.email and rejected_for not in UNANSWERED:
        mail_idea_answered(idea, answer)
    clear(idea)
    idea.save()
