"""The script of a recording: what a voice says, in chapters, as `domain.md` 6.3 asks of audio.

The title and who made it come first, then the length and the contents; headings are announced, an abbreviation is
spelled where it first stands, tables are read row by row, web addresses as people say them, and the end is said.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from lessons.formats.source import Block, Bullets, Paragraph, Section, Source, without_tables

WORDS_A_MINUTE = 155  # UKAAF's range is 150 to 160
# What the voice needs at that pace, in seconds: for a sign that is no space, for a figure more than that, and for the
# rest at a mark and between lines. Fitted to every chapter of learning point 1 and of three reports of the starter
# library: each of the four (53 minutes together) lasts within eight seconds of what these tell.
A_SIGN, A_FIGURE, A_MARK, A_LINE = 0.0663, 0.252, 0.277, 0.469

_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>“”\"']+[^\s<>“”\"'.,;:!?)]")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_MONEY = re.compile(r"£(\d[\d,]*(?:\.\d+)?)( (?:million|billion|thousand))?")
_CAPITALS = re.compile(r"\b[A-Z]{2,6}s?\b")
_SAID = {
    ".": " dot ", "/": " slash ", "-": " dash ", "_": " underscore ", "?": " question mark ", "=": " equals ",
    "&": " and ", "#": " hash ", "~": " tilde ", "@": " at ", "+": " plus ", "%": " per cent ", ":": " colon ",
}  # fmt: skip


@dataclass(frozen=True)
class Chapter:
    title: str
    lines: tuple[str, ...]


def chapters(source: Source) -> list[Chapter]:
    """Every part of the source but the announcement, which needs their length."""
    plain, known = without_tables(source), set[str]()
    told = []
    for number, section in enumerate(plain.parts, 1):
        lines = [f"Part {number} of {len(plain.parts)}. {_ended(section.title)}", *_section(section)]
        if number == len(plain.parts):
            lines.append(f"End of {source.title}.")
        told.append(Chapter(section.title, tuple(spoken(line, known) for line in lines)))
    return told


def announcement(source: Source, rest: Sequence[Chapter], minutes: int) -> Chapter:
    """The first chapter: title, who made it, how long it lasts and what it holds."""
    known = set[str]()
    lines = [
        f"{source.title}.",
        f"{source.series}. Published by {source.publisher}.",
        f"This is a computer's voice. The recording lasts about {minutes} minute{'' if minutes == 1 else 's'}.",
        *_blocks(without_tables(source).cover),
        f"Contents: {len(rest)} part{'' if len(rest) == 1 else 's'}.",
        *(f"{number}: {_ended(chapter.title)}" for number, chapter in enumerate(rest, 1)),
    ]
    return Chapter("Title and contents", tuple(spoken(line, known) for line in lines))


def minutes_of(chapters: Sequence[Chapter]) -> int:
    """How long the voice needs, with its rests; at least one minute."""
    return max(1, round(sum(_seconds(line) for chapter in chapters for line in chapter.lines) / 60))


def _seconds(line: str) -> float:
    signs = line.replace(" ", "")
    figures, marks = sum(sign.isdigit() for sign in signs), sum(sign in ",.;:!?" for sign in signs)
    return len(signs) * A_SIGN + figures * A_FIGURE + marks * A_MARK + A_LINE


def text(source: Source) -> bytes:
    """The script as a text file, for somebody who reads it aloud."""
    rest = chapters(source)
    # The announcement is part of what it announces.
    minutes = minutes_of([announcement(source, rest, 1), *rest])
    everything = [announcement(source, rest, minutes), *rest]
    lines = [f"Audio script, about {minutes} minute{'' if minutes == 1 else 's'} with the rests between lines", ""]
    for number, chapter in enumerate(everything):
        lines += [f"[Chapter {number}: {chapter.title}]", "", *(f"{line}\r\n" for line in chapter.lines)]
    return ("\ufeff" + "\r\n".join(lines)).encode()


def _section(section: Section) -> list[str]:
    lines = _blocks(section.blocks)
    for part in section.sections:
        lines += [f"Heading: {_ended(part.title)}", *_section(part)]
    return lines


def _blocks(blocks: Sequence[Block]) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            lines += [block.text] if block.aloud else []
        elif isinstance(block, Bullets):
            count = len(block.items)
            lines.append(f"A list of {count} item{'' if count == 1 else 's'}.")
            lines += [f"{number}: {_ended(item.text)}" for number, item in enumerate(block.items, 1)]
    return lines


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?", ":")) else f"{text}."


def spoken(line: str, known: set[str]) -> str:
    """The line as it is said. `known` remembers which abbreviations were spelled."""

    def spelled(found: re.Match[str]) -> str:
        word, letters = found[0], found[0].removesuffix("s")
        if letters in known:
            return word
        known.add(letters)
        return f"{word}, spelled {' '.join(letters)},"

    line = _ADDRESS.sub(lambda found: address_in_words(found[0]), line)
    line = _MAIL.sub(lambda found: address_in_words(found[0]), line)
    line = _MONEY.sub(lambda found: f"{found[1]}{found[2] or ''} pounds", line)
    line = line.replace("%", " per cent").replace("&", " and ").replace("•", "")
    line = _CAPITALS.sub(spelled, line)
    return re.sub(r",+([.,;:!?)])", r"\1", " ".join(line.split()))


def address_in_words(address: str) -> str:
    """“w w w dot gov dot scot slash a dash b”: without the “https”, which nobody types."""
    bare = re.sub(r"^https?://", "", address).rstrip("/")
    bare = bare.replace("www.", "w w w.", 1) if bare.startswith("www.") else bare
    return " ".join("".join(_SAID.get(character, character) for character in bare).split())
