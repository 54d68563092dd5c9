"""The kinds of mail, and what to do with one that may or may not have arrived.

SMTP cannot promise "exactly once" (RFC 1047): between the end of the text and the server's "250" a crash leaves doubt.
A reminder in doubt waits for a person to decide; a legal notice in doubt is sent again with the same Message-ID.
"""

from dataclasses import dataclass
from enum import Enum


class InDoubt(Enum):
    HOLD = "hold"
    RESEND = "resend"


@dataclass(frozen=True)
class Kind:
    """`private`: the text holds a link that acts as a key, so it is neither kept nor shown once it is sent."""

    name: str
    in_doubt: InDoubt = InDoubt.HOLD
    private: bool = False


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; the same name again replaces it."""
    _kinds[kind.name] = kind


def of(name: str) -> Kind:
    """The kind called `name`; ValueError when nobody registered it."""
    if name not in _kinds:
        raise ValueError(f"no kind of mail is called “{name}”: register it in foundation.delivery.kinds")
    return _kinds[name]


register(Kind("reminder"))
register(Kind("notice"))
register(Kind("invitation", private=True))
register(Kind("legal", in_doubt=InDoubt.RESEND))
