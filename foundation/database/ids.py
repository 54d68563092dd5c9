"""Public ids: what an address shows instead of a row number, so that nobody can count or guess rows."""

import secrets

LENGTH = 22


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
