"""Who may write the evaluation and the SROI map, and withdraw a story; the rest is in `partnerships.permissions`."""

from typing import TYPE_CHECKING

from foundation.policy.refusals import NotPermitted
from partnerships.models import Partnership
from partnerships.permissions import Ability, abilities_of

if TYPE_CHECKING:
    from accounts.models import Person

# Whoever logs the pilot may draft its evaluation; only the evaluator signs it off (domain.md 1.4).
WRITES_EVALUATION = frozenset({Ability.LOG_PROGRESS, Ability.SIGN_EVALUATION})
# The same people draft what the pilot is worth; `Ability.PUBLISH_VALUE` publishes it.
WRITES_VALUE = WRITES_EVALUATION


def may_write_evaluation(person: "Person", partnership: Partnership) -> bool:
    return not WRITES_EVALUATION.isdisjoint(abilities_of(person, partnership))


def require_to_write_evaluation(person: "Person", partnership: Partnership) -> None:
    if not may_write_evaluation(person, partnership):
        raise NotPermitted(
            "You may not write the evaluation. The pilot evaluator may, and everyone who logs the pilot's progress."
        )


def may_write_value(person: "Person", partnership: Partnership) -> bool:
    """The SROI map and the social accounts."""
    return not WRITES_VALUE.isdisjoint(abilities_of(person, partnership))


def require_to_write_value(person: "Person", partnership: Partnership) -> None:
    if not may_write_value(person, partnership):
        raise NotPermitted(
            "You may not change the SROI map or the social accounts. The pilot evaluator may, and everyone who logs "
            "the pilot's progress."
        )


# Whoever hears first that somebody no longer agrees must be able to act: both sides may (scenario 34).
WITHDRAWS_STORY = frozenset({Ability.LOG_PROGRESS, Ability.ACCEPT_PROGRESS})


def may_withdraw_story(person: "Person", partnership: Partnership) -> bool:
    return not WITHDRAWS_STORY.isdisjoint(abilities_of(person, partnership))


def require_to_withdraw_story(person: "Person", partnership: Partnership) -> None:
    if not may_withdraw_story(person, partnership):
        raise NotPermitted(
            "You may not withdraw a story. Everyone who logs the pilot's progress may, and whoever accepts its returns."
        )


def sees_whole(person: "Person", partnership: Partnership) -> bool:
    """Whether small counts of who the people are stay readable: for those who type them and those who check them."""
    return may_withdraw_story(person, partnership)
