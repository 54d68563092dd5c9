"""The table beside a drawing: the same facts for whoever cannot, or would rather not, read the picture."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Twin:
    """Ready for components/table_twin.html; the first cell of each row is its heading."""

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
