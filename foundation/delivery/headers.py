"""Typed headers, made quickly: parsing and folding them anew cost more than everything else of a mail together (0.5 of
0.57 ms, measured). Most headers are those of a mail before: the sender, the kind of content, a person with many mails.
"""

from email.headerregistry import Address, BaseHeader, HeaderRegistry
from email.policy import SMTP
from functools import lru_cache
from typing import Any

_registry = HeaderRegistry()
# Addresses for a machine to read: in one piece, however long. The library would break them up and write each piece as
# an encoded word, which no mail program takes for an address (RFC 2047, 5: not in such a header).
_AS_IT_STANDS = frozenset({"list-unsubscribe", "list-unsubscribe-post"})
LONGEST_LINE = 998
"""Characters (RFC 5322, 2.1.1)."""


class Headers(HeaderRegistry):
    """The usual registry, which remembers what it made. Headers never change once they are made."""

    def __call__(self, name: str, value: Any) -> BaseHeader:
        if isinstance(value, Address):
            return _of_address(name, value.display_name, value.username, value.domain)
        return _of_text(name, value) if isinstance(value, str) else super().__call__(name, value)

    def __getitem__(self, name: str) -> type[BaseHeader]:
        return _kind(name)


@lru_cache(maxsize=100)
def _kind(name: str) -> type[BaseHeader]:
    return _registry[name]


@lru_cache(maxsize=2000)
def _of_text(name: str, value: str) -> BaseHeader:
    return _folded(_kind(name)(name, value))


@lru_cache(maxsize=2000)
def _of_address(name: str, display_name: str, username: str, domain: str) -> BaseHeader:
    return _folded(_kind(name)(name, Address(display_name, username, domain)))


def _folded(header: BaseHeader) -> BaseHeader:
    """The header, which knows by heart how it is written under `POLICY`."""
    fold, lines = header.fold, _lines_of(header)
    header.fold = lambda *, policy: lines if policy is POLICY else fold(policy=policy)  # type: ignore[method-assign]
    return header


def _lines_of(header: BaseHeader) -> str:
    line = f"{header.name}: {header}"
    if header.name.lower() in _AS_IT_STANDS and line.isascii() and len(line) <= LONGEST_LINE:
        return f"{line}\r\n"
    return str(header.fold(policy=SMTP))


POLICY = SMTP.clone(header_factory=Headers())
