"""An existing publication (.docx, .md, .txt, .html), laid out by its headings into the blocks of a learning point.

Pure: bytes in, plain values out. Nothing is saved and nothing in the file is run or fetched.
"""

from lessons.importing.blocks import Mapped, mapped
from lessons.importing.docx import paragraphs_of_docx
from lessons.importing.html import paragraphs_of_html
from lessons.importing.paragraphs import Paragraph, Unreadable
from lessons.importing.text import paragraphs_of_markdown, paragraphs_of_text

MOST_BYTES = 5_000_000
MOST_PARAGRAPHS = 2_000
_READERS = {
    "docx": paragraphs_of_docx,
    "md": paragraphs_of_markdown,
    "txt": paragraphs_of_text,
    "html": paragraphs_of_html,
    "htm": paragraphs_of_html,
}
ENDINGS = tuple(f".{ending}" for ending in _READERS)


def read(name: str, content: bytes) -> Mapped:
    """The publication in the file called `name`; `Unreadable`, with a sentence for whoever sent it, otherwise."""
    ending = name.rpartition(".")[2].lower()
    if ending not in _READERS:
        raise Unreadable("Choose a file that ends in .docx, .md, .txt or .html. Save a PDF or .doc as one of these.")
    if len(content) > MOST_BYTES:
        raise Unreadable("The file is larger than 5 MB. Take the pictures out and try again.")
    found = _READERS[ending](content)
    if not found:
        raise Unreadable("The file holds no text.")
    if len(found) > MOST_PARAGRAPHS:
        raise Unreadable("The file has more than 2,000 paragraphs. A learning point is a few pages long.")
    return mapped(found)


__all__ = ["ENDINGS", "Mapped", "Paragraph", "Unreadable", "read"]
