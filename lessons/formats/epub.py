"""A source as an EPUB 3 book: one file for each part, a navigation document, and what it says of its accessibility."""

from html import escape

from lessons.formats.data import zipped
from lessons.formats.html import blocks_as_xhtml, section_as_xhtml
from lessons.formats.source import Figure, Section, Source, walk

STYLE = """body { line-height: 1.5; overflow-wrap: break-word; }
h1, h2, h3 { line-height: 1.25; }
table { border-collapse: collapse; width: 100%; }
caption { font-weight: bold; text-align: left; }
th, td { border-bottom: 1px solid #767676; padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }
svg { max-width: 100%; }
"""
CONTAINER = """<?xml version="1.0" encoding="UTF-8"?>
<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container">
<rootfiles><rootfile full-path="book/package.opf" media-type="application/oebps-package+xml"/></rootfiles>
</container>
"""
SUMMARY = (
    "Headings, lists, tables with headers and the order of reading are marked up. Every drawing is also told in words "
    "and as a table. Nothing moves, flashes or makes a sound."
)


def book(source: Source) -> bytes:
    """The file. The first entry is stored uncompressed, as the format asks."""
    parts = [(f"part-{number}.xhtml", section) for number, section in enumerate(source.parts, 1)]
    cover = f"<p>{escape(source.series)}</p>\n<h1>{escape(source.title)}</h1>\n{blocks_as_xhtml(source.cover)}"
    files = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "book/package.opf": _package(source, parts),
        "book/nav.xhtml": _navigation(source, parts),
        "book/style.css": STYLE,
        "book/title.xhtml": _page(source, source.title, cover),
    }
    for name, section in parts:
        files[f"book/{name}"] = _page(source, section.title, section_as_xhtml(section))
    return zipped({name: content.encode() for name, content in files.items()}, stored_first="mimetype")


def _page(source: Source, title: str, body: str) -> str:
    language = escape(source.language)
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE html>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xmlns:epub="http://www.idpf.org/2007/ops" '
        f'lang="{language}" xml:lang="{language}">\n<head><meta charset="utf-8"/><title>{escape(title)}</title>'
        f'<link rel="stylesheet" type="text/css" href="style.css"/></head>\n<body>\n{body}\n</body>\n</html>\n'
    )


def _navigation(source: Source, parts: list[tuple[str, Section]]) -> str:
    items = "".join(
        f'<li><a href="{name}#{escape(section.id)}">{escape(section.title)}</a></li>' for name, section in parts
    )
    body = (
        f'<nav epub:type="toc" id="toc" role="doc-toc"><h1>Contents</h1><ol>'
        f'<li><a href="title.xhtml">{escape(source.title)}</a></li>{items}</ol></nav>'
    )
    return _page(source, "Contents", body)


def _package(source: Source, parts: list[tuple[str, Section]]) -> str:
    drawn = {section.id for _, section in walk(source.parts) if any(isinstance(b, Figure) for b in section.blocks)}
    items = "".join(
        f'<item id="part{number}" href="{name}" media-type="application/xhtml+xml"{_properties(section, drawn)}/>'
        for number, (name, section) in enumerate(parts, 1)
    )
    spine = "".join(f'<itemref idref="part{number}"/>' for number in range(1, len(parts) + 1))
    features = ["structuralNavigation", "tableOfContents", "readingOrder", "alternativeText", "longDescription"]
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="id" xml:lang="{escape(source.language)}">
<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
<dc:identifier id="id">{escape(source.identifier)}</dc:identifier>
<dc:title>{escape(source.title)}</dc:title>
<dc:language>{escape(source.language)}</dc:language>
<dc:creator>{escape(source.publisher)}</dc:creator>
<dc:publisher>{escape(source.publisher)}</dc:publisher>
<meta property="dcterms:modified">{escape(source.modified)}T00:00:00Z</meta>
<meta property="schema:accessMode">textual</meta>
<meta property="schema:accessModeSufficient">textual</meta>
{"".join(f'<meta property="schema:accessibilityFeature">{name}</meta>' for name in features)}
<meta property="schema:accessibilityHazard">none</meta>
<meta property="schema:accessibilitySummary">{escape(SUMMARY)}</meta>
</metadata>
<manifest>
<item id="nav" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
<item id="style" href="style.css" media-type="text/css"/>
<item id="title" href="title.xhtml" media-type="application/xhtml+xml"/>
{items}
</manifest>
<spine><itemref idref="title"/>{spine}</spine>
</package>
"""


def _properties(section: Section, drawn: set[str]) -> str:
    has_drawing = any(part.id in drawn for _, part in walk([section]))
    return ' properties="svg"' if has_drawing else ""
