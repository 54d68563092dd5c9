"""What has been published about partnerships that really exist or existed: facts, each with its source. Data only.

The only place of the portal where real partnerships are named (`domain.md` 2.3); everything in the demo is invented.
"""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "known.toml"


@dataclass(frozen=True)
class Source:
    """`address` is empty when only the publication is known."""

    label: str
    address: str = ""


@dataclass(frozen=True)
class Known:
    """A partnership, what is known of it, and where that can be read."""

    name: str
    where: str
    facts: tuple[str, ...]
    sources: tuple[Source, ...]


@cache
def known() -> tuple[Known, ...]:
    """In the order of the file. ValueError for an entry without facts or without a source."""
    rows = tomllib.loads(DATA.read_text(encoding="utf-8"))["partnership"]
    for row in rows:
        if not row["facts"] or not row["sources"]:
            raise ValueError(f"{row['name']} has no facts or no source")
    return tuple(
        Known(row["name"], row["where"], tuple(row["facts"]), tuple(Source(**source) for source in row["sources"]))
        for row in rows
    )
