"""The plain text of a mail, taken apart so that the HTML part is made from it and says the same."""

import re
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Paragraph:
    """One of: some lines of text; the lines of a list; a link to the portal (`link`, alone on its line).

    The first link of a mail is the thing itself. A later one is called by the line that leads to it (`label`).
    """

    lines: list[str] = field(default_factory=list)
    is_list: bool = False
    link: str = ""
    label: str = ""


def paragraphs(text: str, site_url: str) -> list[Paragraph]:
    """The text in its parts. Only an address of the portal itself, alone on a line, becomes a link.

    What somebody typed into a form stays text, whatever it looks like.
    """
    found: list[Paragraph] = []
    for block in re.split(r"\n\s*\n", text.strip()):
        lines: list[str] = []
        for line in (line.strip() for line in block.splitlines()):
            if _is_link(line, site_url):
                found += [*_of(lines), Paragraph(link=line)]
                lines = []
            elif line:
                lines.append(line)
        found += _of(lines)
    return _with_labels(found)


def _with_labels(parts: list[Paragraph]) -> list[Paragraph]:
    """Two links of one mail never have the same words: “Put it off:” and its address become one link."""
    found: list[Paragraph] = []
    for part in parts:
        leads = found[-1].lines[-1:] if found and not found[-1].is_list else []
        if part.link and leads and leads[0].endswith(":") and any(other.link for other in found):
            found[-1:] = _of(found[-1].lines[:-1])
            part = Paragraph(link=part.link, label=leads[0].removesuffix(":"))
        found.append(part)
    return found


def _of(lines: list[str]) -> list[Paragraph]:
    if not lines:
        return []
    if all(line.startswith("- ") for line in lines):
        return [Paragraph([line[2:] for line in lines], is_list=True)]
    return [Paragraph(lines)]


def _is_link(line: str, site_url: str) -> bool:
    return (line == site_url or line.startswith(f"{site_url}/")) and " " not in line
