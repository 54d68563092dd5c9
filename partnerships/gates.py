"""The evidence each gate asks for. Upper floors hang their own evidence on a gate in `AppConfig.ready()`:

    gates.add(Gate.G3, "pilots.evaluation", evaluation_is_signed_off)

A check takes a partnership and returns evidence items; a gate passes when every item is met. The same list draws the
gate page, disables the button and is asked again under the row lock when the decision is signed.
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from partnerships.lifecycle import Gate
from partnerships.models import Partnership


@dataclass(frozen=True)
class Evidence:
    """One line of a gate's checklist. `sentence` says what is there or what is missing, and who is missing it."""

    name: str
    met: bool
    sentence: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


Check = Callable[[Partnership], list[Evidence]]

_checks: dict[Gate, dict[str, Check]] = {gate: {} for gate in Gate}


def add(gate: Gate, key: str, check: Check) -> None:
    """Hang `check` on `gate`. `key` makes it idempotent: adding the same key again replaces the check."""
    _checks[gate][key] = check


def evidence(gate: Gate, partnership: Partnership) -> list[Evidence]:
    """Every evidence item of the gate, in the order the checks were hung."""
    return [item for check in _checks[gate].values() for item in check(partnership)]


def blockers(gate: Gate, partnership: Partnership) -> list[str]:
    """What keeps the gate shut, one sentence each; empty means go."""
    return [item.sentence for item in evidence(gate, partnership) if not item.met]
