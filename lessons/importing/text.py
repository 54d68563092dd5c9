"""Plain text and Markdown as paragraphs: headings, bullets and links as people write them in both."""

import re

from lessons.importing.paragraphs import Paragraph, Unreadable, tidy

LONGEST_HEADING = 90
_BULLET = re.compile(r"^\s*(?:[-*+•◦·–]|\d{1,2}[.)])\s+(.*)$")
_HASHES = re.compile(r"^(#{1,6})\s+(.*)$")
_UNDERLINE = re.compile(r"^(=+|-{3,})\s*$")
# No piece of a link holds the mark that begins one: a file of a million brackets is read once, not once for each.
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^\s\[)]+)\)|<(https?://[^<>\s]+)>")
_STRONG = re.compile(r"(\*\*|__|`)(.+?)\1")


def paragraphs_of_text(content: bytes) -> list[Paragraph]:
    """Blank lines part paragraphs; a short line that asks, or stands in capitals, is a heading."""
    return [_plain(line) for line in _joined(decoded(content))]


def paragraphs_of_markdown(content: bytes) -> list[Paragraph]:
    """Headings by # or underlined, bullets, links; marks of emphasis are dropped."""
    return [_marked(line) for line in _joined(_underlined(decoded(content)))]


def decoded(content: bytes) -> str:
    if b"\x00" in content and not content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Unreadable("This is not a text file, whatever its name says.")
    for encoding in ("utf-16",) if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Unreadable("The letters of this file cannot be read. Save it as UTF-8 and try again.")


def _joined(text: str) -> list[str]:
    """The lines that belong together as one; a bullet, a heading or a blank line begins anew."""
    found: list[list[str]] = []
    fresh = True
    for line in text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").split("\n"):
        if not line.strip():
            fresh = True
        elif fresh or _BULLET.match(line) or _HASHES.match(line):
            found.append([line])
            fresh = bool(_HASHES.match(line))
        else:
            found[-1].append(line.strip())
    return [" ".join(lines) for lines in found]


def _underlined(text: str) -> str:
    """A line over ==== or ---- is a heading: written with # from here on."""
    lines = text.replace("\r\n", "\n").split("\n")
    for place in range(1, len(lines)):
        if (
            (found := _UNDERLINE.match(lines[place]))
            and lines[place - 1].strip()
            and not lines[place - 1].startswith("#")
        ):
            lines[place - 1] = f"{'#' if found.group(1)[0] == '=' else '##'} {lines[place - 1].strip()}"
            lines[place] = ""
    return "\n".join(lines)


def _plain(line: str) -> Paragraph:
    if bullet := _BULLET.match(line):
        return Paragraph(tidy(bullet.group(1)), bullet=True)
    text = tidy(line)
    shouted = text.upper() == text and text.lower() != text
    is_heading = len(text) <= LONGEST_HEADING and (text.endswith("?") or shouted)
    return Paragraph(text, level=2 if is_heading else 0)


def _marked(line: str) -> Paragraph:
    links = tuple((tidy(m[1] or m[3]), m[2] or m[3]) for m in _LINK.finditer(line))
    plain = _STRONG.sub(r"\2", _LINK.sub(lambda m: m[1] or m[3], line))
    if hashes := _HASHES.match(plain):
        return Paragraph(tidy(hashes.group(2).rstrip("# \t")), level=len(hashes.group(1)), links=links)
    if bullet := _BULLET.match(plain):
        return Paragraph(tidy(bullet.group(1)), bullet=True, links=links)
    return Paragraph(tidy(plain), links=links)
