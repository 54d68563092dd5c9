"""A source as a braille file (.brf): lines of cells in North American ASCII braille, pages parted by form feeds.

Translation is a real translator's work (`Translate`: liblouis in the portal); this is the layout, as UK books have it
(`domain.md` 6.3): headings in the middle with room around them, paragraphs from cell 3 and on from cell 1, list items
from cell 1 and on from cell 3, the page's number at the right end of its last line, no heading at the foot of a page.
"""

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

from lessons.formats.plain import with_addresses
from lessons.formats.source import Block, Bullets, Paragraph, Source, walk, without_tables

CELLS, LINES = 40, 25
FEWEST_CELLS, MOST_CELLS = 20, 42
FEWEST_LINES, MOST_LINES = 10, 40
_NUMBER = 7  # cells at the end of a line of the contents: a space, the number sign, up to five digits
DRAFT = "Draft braille, not proof-read."

# One string per line of print in, one per line of braille out; the cells are of 0x20 to 0x5F.
Translate = Callable[[Sequence[str]], list[str]]

# What readers of print see and a braille table may not know.
_SAME = str.maketrans(
    {"\u2011": "-", "\u2010": "-", "\u2212": "-", "\u00a0": " ", "\u202f": " ", "\u2009": " ", "\u00ad": ""}
)
_KNOWN = re.compile(r"[\n -~£€§©°¼½¾×÷–—‘’“”…•À-ÖØ-öø-ÿ]")


@dataclass(frozen=True)
class Layout:
    """Cells in a line and lines on a page, the number's line among them."""

    cells: int = CELLS
    lines: int = LINES

    def __post_init__(self) -> None:
        if not (FEWEST_CELLS <= self.cells <= MOST_CELLS and FEWEST_LINES <= self.lines <= MOST_LINES):
            raise ValueError(
                f"a braille page has {FEWEST_CELLS} to {MOST_CELLS} cells and {FEWEST_LINES} to {MOST_LINES} lines"
            )


@dataclass(frozen=True)
class Piece:
    """A line of print and how it is set: `first` and `rest` are the empty cells before its lines."""

    text: str
    first: int = 2
    rest: int = 0
    heading: bool = False
    space: bool = False  # an empty line before it
    id: str = ""  # of a section: its heading, and its line of the contents


def brf(source: Source, translate: Translate, layout: Layout = Layout(), *, proof_read: str = "") -> bytes:
    """The file. `proof_read` says who read it and when, and stands where the draft's mark would."""
    pieces = list(_pieces(source, proof_read or DRAFT))
    cells = translate([printable(piece.text) for piece in pieces])
    blocks = [_set(piece, told, layout.cells) for piece, told in zip(pieces, cells, strict=True)]
    pages, begins = _pages(blocks, layout)
    numbers = translate([str(number) for number in range(1, len(pages) + 1)])
    # The contents have room for the numbers, so that no page changes when they are known.
    heads = {piece.id: number for piece, number in zip(pieces, begins, strict=True) if piece.heading and piece.id}
    for piece, block in zip(pieces, blocks, strict=True):
        if piece.id and not piece.heading:
            block[-1] = block[-1] + numbers[heads[piece.id]].rjust(layout.cells - len(block[-1]))
    pages, _ = _pages(blocks, layout)
    finished = [_numbered(page, number, layout) for page, number in zip(pages, numbers, strict=True)]
    return ("\r\n\f".join("\r\n".join(page) for page in finished) + "\r\n").encode("ascii")


def printable(text: str) -> str:
    """The text in characters that braille tables know: accents are kept, an unknown sign is told by its name."""
    told = []
    for character in unicodedata.normalize("NFC", text.translate(_SAME)):
        if _KNOWN.fullmatch(character):
            told.append(character)
            continue
        simpler = "".join(c for c in unicodedata.normalize("NFKD", character) if _KNOWN.fullmatch(c))
        told.append(simpler or f"[{unicodedata.name(character, 'unknown sign').lower()}]")
    return " ".join("".join(told).split())


def _pieces(source: Source, mark: str) -> list[Piece]:
    plain = without_tables(source)
    pieces = [Piece(source.title, heading=True), Piece(source.series, space=True), Piece(mark)]
    pieces += _told(plain.cover)
    pieces += [Piece("Contents", heading=True)]
    pieces += [Piece(source.contents_note)] if source.contents_note else []
    pieces += [Piece(section.title, first=0, rest=2, id=section.id) for section in source.parts]
    for _, section in walk(plain.parts):
        pieces += [Piece(section.title, heading=True, id=section.id), *_told(section.blocks)]
    return [*pieces, Piece(f"End of {source.title}", space=True)]


def _told(blocks: Sequence[Block]) -> list[Piece]:
    pieces: list[Piece] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            pieces.append(Piece(with_addresses(block)))
        elif isinstance(block, Bullets):
            numbers = count(1)
            for item in block.items:
                mark = f"{next(numbers)}. " if block.ordered else "• "
                pieces.append(Piece(mark + with_addresses(item), first=0, rest=2))
    return pieces


def _set(piece: Piece, cells: str, width: int) -> list[str]:
    """The lines of one piece, with the empty lines that belong to it."""
    if piece.heading:
        # Three empty cells at either side at least, so that nobody takes it for a paragraph.
        return ["", *(line.center(width).rstrip() for line in _wrapped(cells, width - 6, 0, 0)), ""]
    room = width - _NUMBER if piece.id else width
    return [""] * piece.space + _wrapped(cells, room, piece.first, piece.rest)


def _wrapped(cells: str, width: int, first: int, rest: int) -> list[str]:
    """Words in lines; one longer than a line (an address) is cut after a slash or a hyphen, or where the line ends."""
    lines, line = [], " " * first
    empty = True
    for word in cells.split(" "):
        while word:
            room = width - len(line) - (0 if empty else 1)
            if len(word) <= room:
                line, empty, word = line + ("" if empty else " ") + word, False, ""
            elif empty:
                sign = max(word.rfind("/", 0, room), word.rfind("-", 0, room)) + 1
                cut = sign if sign > room // 2 else room
                lines.append(line + word[:cut])
                line, word = " " * rest, word[cut:]
            else:
                lines.append(line)
                line, empty = " " * rest, True
    return lines if empty and lines else [*lines, line]


def _pages(blocks: Sequence[Sequence[str]], layout: Layout) -> tuple[list[list[str]], list[int]]:
    """Lines on pages, and the page (from 0) on which each block begins.

    A heading takes the first lines of what follows it along; a page begins with no empty line.
    """
    room, begins = layout.lines - 1, []
    pages: list[list[str]] = [[]]
    for number, block in enumerate(blocks):
        lines = list(block)
        following = blocks[number + 1][:2] if number + 1 < len(blocks) else []
        needed = len(lines) + len(following) if lines[-1] == "" else 0
        if pages[-1] and len(pages[-1]) + needed > room and needed <= room:
            pages.append([])
        begins.append(len(pages) - (len(pages[-1]) < room))
        for line in lines:
            if len(pages[-1]) == room:
                pages.append([])
            # No page begins with an empty line, and two of them never follow each other.
            if line or (pages[-1] and pages[-1][-1]):
                pages[-1].append(line)
    return [page for page in pages if page], begins


def _numbered(page: Sequence[str], number: str, layout: Layout) -> list[str]:
    """The page with its number at the right end of its last line."""
    filled = [*page, *[""] * (layout.lines - 1 - len(page))]
    return [*filled, number.rjust(layout.cells)]
