"""schema.org data in a page, as JSON-LD. A browser never runs such a block, so the CSP need not allow it.

Whatever could end the block or begin another one (<, >, &) is written as \\u003C: the data stay the same, and no text
that somebody typed can become markup. (U+2028 and U+2029 are escaped by `json` already.)
"""

import json
from collections.abc import Mapping
from typing import Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}
CONTEXT = "https://schema.org"


def data_block(described: Mapping[str, Any]) -> SafeString:
    """The element for the head of a page; what is empty is left out."""
    full = {"@context": CONTEXT} | {name: value for name, value in described.items() if value not in ("", None, [])}
    text = json.dumps(full, separators=(",", ":")).translate(_ESCAPES)
    return format_html(
        '<script type="application/ld+json">{}</script>',
        mark_safe(text),  # noqa: S308  no <, > or & is left in it
    )
