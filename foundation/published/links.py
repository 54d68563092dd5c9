"""Addresses as the world knows them. They begin with SITE_URL; what a request calls this host decides nothing."""

from django.conf import settings


def absolute(path: str) -> str:
    """“/lessons/” → “https://portal.example/lessons/”."""
    return f"{settings.SITE_URL}{path}"
