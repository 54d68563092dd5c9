"""What happens when a partnership enters a stage: upper floors add theirs in `AppConfig.ready()`.

Each function runs inside the gate decision's transaction: if it refuses, the stage does not change. What keeps a
partnership out of a stage besides missing evidence (a tender that is still open) is asked before, in sentences.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from partnerships.lifecycle import Stage

if TYPE_CHECKING:
    from accounts.models import Person
    from partnerships.models import Partnership

Entered = Callable[["Partnership", "Person"], None]
Obstacle = Callable[["Partnership"], list[str]]

_entering: dict[Stage, dict[str, Entered]] = {stage: {} for stage in Stage}
_obstacles: dict[Stage, dict[str, Obstacle]] = {stage: {} for stage in Stage}


def add(stage: Stage, key: str, entered: Entered) -> None:
    """Run `entered(partnership, by)` whenever `stage` is entered; the same key again replaces it."""
    _entering[stage][key] = entered


def run(partnership: "Partnership", by: "Person") -> None:
    """Tell everyone who asked that the partnership is now in its (new) stage."""
    for entered in _entering[Stage(partnership.stage)].values():
        entered(partnership, by)


def forbid(stage: Stage, key: str, obstacle: Obstacle) -> None:
    """Keep partnerships out of `stage` while `obstacle(partnership)` has sentences; the same key again replaces it."""
    _obstacles[stage][key] = obstacle


def blockers(stage: Stage, partnership: "Partnership") -> list[str]:
    """Why the partnership cannot enter `stage` now; empty means go."""
    return [sentence for obstacle in _obstacles[stage].values() for sentence in obstacle(partnership)]
