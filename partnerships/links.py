"""Links to pages of upper floors, by the place where they stand. Upper floors add theirs in `AppConfig.ready()`."""

from dataclasses import dataclass
from enum import Enum

from partnerships.lifecycle import Gate


class Place(Enum):
    """The first two take the portfolio's filter in their address, the third the partnership's public id."""

    BESIDE_THE_PORTFOLIO = "pages about all of it"
    TAKE_AWAY = "what else can be downloaded of the partnerships that the filter shows"
    GATE = "what can be made on paper for a gate"


@dataclass(frozen=True)
class Link:
    """`gates`: at a gate, only at these; at every one when it is empty."""

    place: Place
    key: str
    label: str
    url_name: str
    order: int = 10
    gates: frozenset[Gate] = frozenset()


_links: dict[str, Link] = {}


def add(link: Link) -> None:
    """Add a link; the same key again replaces it."""
    _links[link.key] = link


def at(place: Place, gate: Gate | None = None) -> list[Link]:
    """The links of a place, in order; of the gate's place only those of `gate`."""
    here = (link for link in _links.values() if link.place == place)
    return sorted((link for link in here if not link.gates or gate in link.gates), key=lambda link: link.order)
