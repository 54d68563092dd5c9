"""The kinds of mail: what to do with one that may or may not have arrived, and how its reader may choose to get it.

SMTP cannot promise "exactly once" (RFC 1047): between the end of the text and the server's "250" a crash leaves doubt.
A reminder in doubt waits for a person to decide; a legal notice in doubt is sent again with the same Message-ID.

A kind with `choices` may be folded: too many of them in one day become one mail (`sorting`). A kind without is sent
by itself and at once, always, and `because` says why it cannot be switched off.
"""

from dataclasses import dataclass
from enum import Enum

from django.db.models import TextChoices


class InDoubt(Enum):
    HOLD = "hold"
    RESEND = "resend"


class How(TextChoices):
    """How a person gets a kind of mail. Each finishes the sentence “I get it …”."""

    AT_ONCE = "at_once", "At once, each by itself"
    DAILY = "daily", "In one mail a day"
    WEEKLY = "weekly", "In one mail a week"
    MONDAY = "monday", "By mail on Mondays"
    TUESDAY = "tuesday", "By mail on Tuesdays"
    WEDNESDAY = "wednesday", "By mail on Wednesdays"
    THURSDAY = "thursday", "By mail on Thursdays"
    FRIDAY = "friday", "By mail on Fridays"
    PORTAL = "portal", "In the portal only, no mail"


EACH = (How.AT_ONCE, How.DAILY, How.WEEKLY, How.PORTAL)
WEEKDAYS = (How.MONDAY, How.TUESDAY, How.WEDNESDAY, How.THURSDAY, How.FRIDAY)
"""In the order of `date.weekday()`."""


@dataclass(frozen=True)
class Kind:
    """`private`: the text holds a link that acts as a key, so it is neither kept nor shown once it is sent.

    `label` and `about` tell a person what it is; of `choices` the first is what everybody has who chose nothing.
    A kind without a label is the portal's own affair and on no page.
    """

    name: str
    in_doubt: InDoubt = InDoubt.HOLD
    private: bool = False
    label: str = ""
    about: str = ""
    choices: tuple[How, ...] = ()
    because: str = ""

    @property
    def default(self) -> How:
        return self.choices[0] if self.choices else How.AT_ONCE


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Add a kind; the same name again replaces it."""
    _kinds[kind.name] = kind


def of(name: str) -> Kind:
    """The kind called `name`; ValueError when nobody registered it."""
    if name not in _kinds:
        raise ValueError(f"no kind of mail is called “{name}”: register it in foundation.delivery.kinds")
    return _kinds[name]


def everyone() -> dict[str, Kind]:
    """Every kind, by name."""
    return dict(_kinds)


def changeable() -> list[Kind]:
    """The kinds whose reader decides how they come, by label."""
    return sorted((kind for kind in _kinds.values() if kind.choices), key=lambda kind: kind.label)


def fixed() -> list[Kind]:
    """The kinds that always come by mail, each with its reason, by label."""
    return sorted((kind for kind in _kinds.values() if kind.label and not kind.choices), key=lambda kind: kind.label)


def foldable() -> list[str]:
    """The names of the kinds that become one mail when there are too many, and of that one mail."""
    return [kind.name for kind in _kinds.values() if How.AT_ONCE in kind.choices] + [DIGEST]


DIGEST = "digest"
WEEK = "week"

register(
    Kind(
        "reminder",
        label="Reminders of dates",
        about="A milestone, a return or a review of yours is due soon, or late.",
        choices=EACH,
    )
)
register(
    Kind(
        "notice",
        label="News of your partnerships",
        about="Somebody did what you should know of: a pause, a pen that was handed over.",
        choices=EACH,
    )
)
register(
    Kind(
        WEEK,
        label="Your week",
        about="Once a week: what is late, and what comes next. Nothing is sent when nothing waits for you.",
        choices=(*WEEKDAYS, How.PORTAL),
    )
)
register(Kind(DIGEST))
register(Kind("answer"))  # to somebody without an account, who asked for it
register(
    Kind(
        "invitation",
        private=True,
        label="Invitations and links to choose a password",
        because="It holds the only way in, and comes when you or somebody who invites you asks for it.",
    )
)
register(
    Kind(
        "security",
        in_doubt=InDoubt.RESEND,
        label="Changes of your password",
        because="It tells you when somebody changes your password, so that nobody can do it unnoticed.",
    )
)
register(
    Kind(
        "legal",
        in_doubt=InDoubt.RESEND,
        label="Legal notices of a tender",
        because="It is a notice in a tender: dates that count in law hang on it, so everybody gets it at once.",
    )
)
