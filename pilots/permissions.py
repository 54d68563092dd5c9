"""Who may write the evaluation; everything else about a pilot is in `partnerships.permissions`."""

from typing import TYPE_CHECKING

from foundation.policy.refusals import NotPermitted
from partnerships.models import Partnership
from partnerships.permissions import Ability, abilities_of

if TYPE_CHECKING:
    from accounts.models import Person

# Whoever logs the pilot may draft its evaluation; only the evaluator signs it off (domain.md 1.4).
WRITES_EVALUATION = frozenset({Ability.LOG_PROGRESS, Ability.SIGN_EVALUATION})


def may_write_evaluation(person: "Person", partnership: Partnership) -> bool:
    return not WRITES_EVALUATION.isdisjoint(abilities_of(person, partnership))


def require_to_write_evaluation(person: "Person", partnership: Partnership) -> None:
    if not may_write_evaluation(person, partnership):
        raise NotPermitted(
            "You may not write the evaluation. The pilot evaluator may, and everyone who logs the pilot's progress."
        )
