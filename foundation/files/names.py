"""What a file may be called. The name is a label: it is shown and sent, never used as a path."""

import re
import unicodedata

LONGEST = 150
_ENDING = re.compile(r"\.([A-Za-z0-9]{1,8})$")


def extension(name: str) -> str:
    """The last ending, lower case, without its dot; empty when there is none."""
    found = _ENDING.search(name.strip())
    return found[1].lower() if found else ""


def label(name: str) -> str:
    """`name` without folders, control or direction marks, at most 150 characters, its ending kept."""
    name = " ".join(unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1]).split())
    seen = "".join(mark for mark in name if unicodedata.category(mark) not in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))
    seen = seen.strip(". ") or "file"
    if len(seen) > LONGEST:
        ending = _ENDING.search(seen)
        kept = ending[0] if ending else ""
        seen = seen[: LONGEST - len(kept)].rstrip(". ") + kept
    return seen
