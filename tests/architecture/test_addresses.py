"""Every address has a rule, every rule an address, and the public ones are exactly those listed here."""

import re
from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver

from psp_portal.policy import TABLE

PUBLIC = {
    "home", "healthz", "permissions", "accessibility",
    # Signing in and out, and getting in again.
    "account_login", "account_logout", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "accounts:invitation",
    "accounts:mail_how",  # behind the signed link in a mail
    # What is published.
    "lessons:format_download", "lessons:formats", "lessons:format_ask", "lessons:format_asked",
    "lessons:library", "lessons:lesson", "lessons:learning_points", "lessons:learning_point",
    "lessons:profiles", "lessons:profile", "lessons:profile_edition",
    "lessons:learning_point_pdf", "lessons:known", "lessons:feed", "lessons:feed_theme", "lessons:lesson_edition",
    "lessons:learning_point_edition", "sitemap", "robots", "procurement:notices",
    "procurement:notice", "procurement:paper",
    "partnerships:in_public", "partnerships:public_page", "partnerships:public_said", "partnerships:idea_sent",
    "partnerships:ideas_kept",
    # The address itself is the key, and only its digest is kept.
    "calendar_file",
}  # fmt: skip


def addresses(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Each view's name as the policy table knows it, with its pattern."""
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            space = f"{prefix}{entry.namespace}:" if entry.namespace else prefix
            yield from addresses(entry, space)
        else:
            assert isinstance(entry, URLPattern)
            yield f"{prefix}{entry.name or ''}", str(entry.pattern)


ALL = list(addresses(get_resolver()))


def test_every_address_has_a_name() -> None:
    assert [pattern for name, pattern in ALL if not name or name.endswith(":")] == []


def test_every_address_has_a_rule() -> None:
    assert sorted({name for name, _ in ALL} - set(TABLE)) == []


def test_every_rule_has_an_address() -> None:
    assert sorted(set(TABLE) - {name for name, _ in ALL}) == []


def test_public_addresses_are_the_listed_ones() -> None:
    assert {name for name, rule in TABLE.items() if rule.public} == PUBLIC


def test_addresses_show_no_row_numbers() -> None:
    """`<int:year>` is fine; `<int:pk>` lets anybody count and guess."""
    assert [pattern for _, pattern in ALL if re.search(r"<int:(pk|id|\w+_(pk|id))>", pattern)] == []
