"""The pages of a partnership, as a row of tabs. Upper floors add theirs in `AppConfig.ready()`."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from partnerships.lifecycle import Stage, has_reached

if TYPE_CHECKING:
    from partnerships.models import Partnership


@dataclass(frozen=True)
class Tab:
    """`url_name` takes the partnership's public id; `shows` may hide the tab until a stage is reached."""

    key: str
    label: str
    url_name: str
    order: int
    shows: Callable[["Partnership"], bool] = lambda partnership: True


_tabs: dict[str, Tab] = {}


def add(tab: Tab) -> None:
    """Add a tab; the same key again replaces it."""
    _tabs[tab.key] = tab


def of(partnership: "Partnership") -> list[Tab]:
    return sorted((t for t in _tabs.values() if t.shows(partnership)), key=lambda t: t.order)


def from_stage(stage: Stage) -> Callable[["Partnership"], bool]:
    """For `Tab.shows`: only once the partnership has reached `stage`."""
    return lambda partnership: has_reached(partnership.stage, stage)
