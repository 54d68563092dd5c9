"""The link in a mail that changes how its reader gets that kind of mail, without signing in. It opens nothing else.

The token names one person and one kind and is signed; what it lets its holder do is choose among four ways of getting
mails. It stays valid as long as the signing key: a mail may be read years later (RFC 8058 asks for links that last).
"""

from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.urls import reverse

from foundation.delivery import kinds
from foundation.delivery.models import OutboxMail

SALT = "foundation.delivery.choosing"


@dataclass(frozen=True)
class Whose:
    """What a token says: the public id of a person, and the name of a kind."""

    person: str
    kind: str


def token_for(person: str, kind: str) -> str:
    return signing.dumps([person, kind], salt=SALT)


def read(token: str) -> Whose | None:
    """What a token says; None for one that is not ours, is broken, or is of a kind that cannot be changed."""
    try:
        person, kind = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    found = Whose(str(person), str(kind))
    return found if any(kind.name == found.kind for kind in kinds.changeable()) else None


def link_for(mail: OutboxMail, token: str = "") -> str:
    """Where the reader of this mail changes how its kind comes; "" for a kind that cannot be changed.

    The mail that tells folded ones leads to the page with every kind, behind the sign-in: it is not of one kind.
    `token` stands in for the real one in an example.
    """
    if mail.to is None:
        return ""
    if mail.kind == kinds.DIGEST:
        return f"{settings.SITE_URL}{reverse('accounts:mail_choices')}"
    if not kinds.of(mail.kind).choices:
        return ""
    token = token or token_for(mail.to.public_id, mail.kind)
    return f"{settings.SITE_URL}{reverse('accounts:mail_how', args=[token])}"
