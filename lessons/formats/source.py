"""The one source of every format: a title, sections, and in them paragraphs, lists, tables and figures.

Plain values only. Every figure has its description and the table of what it shows, so that a format without pictures
loses nothing. What is meant for the eye alone (colour, columns, page numbers) is not here: each writer adds its own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Run:
    """Some words of a paragraph: a link when they have an address; in another language when `lang` names one."""

    text: str
    address: str = ""
    lang: str = ""


@dataclass(frozen=True)
class Paragraph:
    """`aloud` is false for what only an eye or a finger can use, as a checksum: a voice leaves it out."""

    runs: tuple[Run, ...]
    aloud: bool = True

    @property
    def text(self) -> str:
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True)
class Bullets:
    """A list; `ordered`: its items are numbered from 1."""

    items: tuple[Paragraph, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Table:
    """The first cell of each row is the row's header. Without `headers` it is a table of facts: a name and a value."""

    caption: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Figure:
    """A drawing (an `<svg>` with its own title), told in a sentence and twinned by a table."""

    title: str
    told: str
    drawing: str
    twin: Table


Block = Paragraph | Bullets | Table | Figure


@dataclass(frozen=True)
class Section:
    """`id` is the only one of its kind in the source: addresses and contents point to it."""

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple["Section", ...] = ()
    own_page: bool = False


@dataclass(frozen=True)
class Sheet:
    """Data behind the source, to take away: a name that can be a file's, headers, rows of text."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Source:
    """`cover` stands before the contents, `opening` sections share its page; the rest follow.

    `short`: on paper the title and the contents need no pages of their own.
    """

    title: str
    series: str
    cover: tuple[Block, ...]
    sections: tuple[Section, ...]
    publisher: str
    identifier: str
    modified: str  # an ISO date
    language: str = "en-GB"
    opening: tuple[Section, ...] = ()
    contents_note: str = ""
    data: tuple[Sheet, ...] = ()
    short: bool = False

    @property
    def parts(self) -> tuple[Section, ...]:
        """The opening and the other sections, in reading order."""
        return self.opening + self.sections


def para(text: str) -> Paragraph:
    return Paragraph((Run(text),))


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """A typed text as paragraphs: each line that holds words is one."""
    return tuple(para(" ".join(line.split())) for line in text.splitlines() if line.strip())


def bullets(items: Sequence[str], *, ordered: bool = False) -> tuple[Block, ...]:
    """A list of plain texts; nothing when there are none."""
    return (Bullets(tuple(para(item) for item in items), ordered),) if items else ()


def as_list(table: Table) -> Bullets:
    """A table read row by row: what large print, braille and a voice make of it."""
    return Bullets(tuple(para(_row(table.headers, row)) for row in table.rows))


def _row(headers: Sequence[str], row: Sequence[str]) -> str:
    if not headers:
        return ": ".join(row)
    told = [f"{header}: {cell}" for header, cell in zip(headers[1:], row[1:], strict=True) if cell]
    return f"{row[0]}. {'; '.join(told)}" if told else row[0]


def without_tables(source: Source) -> Source:
    """Every table as its caption and a list; every figure as its title, its description and its table so told."""

    def plain(section: Section) -> Section:
        return replace(
            section,
            blocks=_linear(section.blocks),
            sections=tuple(plain(part) for part in section.sections),
        )

    return replace(
        source,
        cover=_linear(source.cover),
        opening=tuple(plain(section) for section in source.opening),
        sections=tuple(plain(section) for section in source.sections),
    )


def _linear(blocks: Sequence[Block]) -> tuple[Block, ...]:
    told: list[Block] = []
    for block in blocks:
        if isinstance(block, Figure):
            told += [para(f"Figure: {block.title}. {block.told}"), as_list(block.twin)]
        elif isinstance(block, Table):
            told += [para(f"{block.caption}:"), as_list(block)]
        else:
            told.append(block)
    return tuple(told)


def walk(sections: Sequence[Section], level: int = 2) -> Iterator[tuple[int, Section]]:
    """Every section with the level of its heading, in reading order."""
    for section in sections:
        yield level, section
        yield from walk(section.sections, level + 1)


def words(source: Source) -> str:
    """All its words in reading order, tables and figures told: what every other format can be compared with."""
    plain = without_tables(source)
    lines = [source.series, source.title, *(_told(block) for block in plain.cover)]
    for _, section in walk(plain.parts):
        lines += [section.title, *(_told(block) for block in section.blocks)]
    return "\n".join(lines)


def _told(block: Block) -> str:
    if isinstance(block, Bullets):
        return "\n".join(item.text for item in block.items)
    return block.text if isinstance(block, Paragraph) else ""
