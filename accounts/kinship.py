"""Which organisations belong together: arithmetic over pairs of keys, without a model (`domain.md` 1.6, 1.9).

The law speaks of a bidder “or a related undertaking” (SSI 2015/446 r42). Two organisations are related here when one
stands above the other, or when both stand under the same one: a jointly owned company relates its members to each
other. Two companies that only share a member's partner elsewhere are not related by that.
"""

from collections.abc import Iterable, Mapping

Pair = tuple[int, int]


def one_body(of: int, merged_into: Mapping[int, int]) -> int:
    """The organisation that `of` is part of today, following one merger after another; a circle ends where it began."""
    seen = {of}
    while of in merged_into and merged_into[of] not in seen:
        of = merged_into[of]
        seen.add(of)
    return of


def family(start: int, links: Iterable[Pair], merged_into: Mapping[int, int]) -> frozenset[int]:
    """Everybody related to `start`, without itself, merged bodies included.

    `links` are pairs (above, below); `merged_into` leads from a merged organisation to the one it went into. First
    everything above is gathered, then everything below any of that.
    """
    above: dict[int, set[int]] = {}
    below: dict[int, set[int]] = {}
    for whole, part in links:
        whole, part = one_body(whole, merged_into), one_body(part, merged_into)
        above.setdefault(part, set()).add(whole)
        below.setdefault(whole, set()).add(part)
    bodies = _reached(_reached({one_body(start, merged_into)}, above), below)
    former = {old for old in merged_into if one_body(old, merged_into) in bodies}
    return frozenset((bodies | former) - {start})


def _reached(starts: set[int], ways: Mapping[int, set[int]]) -> set[int]:
    """`starts` and everything that can be reached from them; a circle is walked once."""
    found, waiting = set(starts), list(starts)
    while waiting:
        new = ways.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found
