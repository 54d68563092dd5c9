"""A source as plain text: UTF-8, one paragraph a line, headings said by numbers of `#` and tables row by row."""

from collections.abc import Iterator, Sequence

from lessons.formats.source import Block, Bullets, Paragraph, Source, walk, without_tables


def text(source: Source) -> bytes:
    """With the line ends and the mark at the front that every reader, Notepad too, takes for UTF-8."""
    plain = without_tables(source)
    lines = [source.series, "", f"# {source.title}", "", *_blocks(plain.cover)]
    lines += ["## Contents", "", *([source.contents_note, ""] if source.contents_note else [])]
    lines += [f"{number}. {section.title}" for number, section in enumerate(source.parts, 1)]
    lines.append("")
    for level, section in walk(plain.parts):
        lines += [f"{'#' * level} {section.title}", "", *_blocks(section.blocks)]
    lines += [f"End of {source.title}"]
    return ("\ufeff" + "\r\n".join(lines) + "\r\n").encode()


def _blocks(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Paragraph():
                yield with_addresses(block)
            case Bullets():
                for number, item in enumerate(block.items, 1):
                    yield f"{f'{number}.' if block.ordered else '-'} {with_addresses(item)}"
        yield ""


def with_addresses(paragraph: Paragraph) -> str:
    """Its words, each link followed by where it leads unless the words say so themselves."""
    told = []
    for run in paragraph.runs:
        address = run.address.removeprefix("mailto:")
        shown = address and not address.startswith("#") and address not in paragraph.text
        told.append(f"{run.text} ({address})" if shown else run.text)
    return "".join(told)
