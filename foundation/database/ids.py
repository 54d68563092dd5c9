"""Public ids: what an address shows instead of a row number, so that nobody can count or guess rows."""

import re
import secrets
from functools import cache

from django.urls import get_script_prefix, reverse

LENGTH = 22
NOBODY = "0" * LENGTH  # stands in an address until an id takes its place


def new_public_id() -> str:
    """128 random bits, as 22 URL-safe characters."""
    return secrets.token_urlsafe(16)


class PublicIdConverter:
    """`<pid:partnership_id>` in a URL pattern."""

    regex = "[A-Za-z0-9_-]{22}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def id_said(text: str) -> str:
    """`text` from a query when it can be a public id, otherwise "": PostgreSQL looks for no text with a NUL in it."""
    return text if re.fullmatch(PublicIdConverter.regex, text) else ""


def address_with(url_name: str, public_id: str) -> str:
    """`reverse` for an address with this one id: the URL patterns are asked once, however many rows say it."""
    return public_id.join(_around(url_name, get_script_prefix()))


@cache
def _around(url_name: str, prefix: str) -> tuple[str, str]:
    before, _, after = reverse(url_name, args=[NOBODY]).partition(NOBODY)
    return before, after
