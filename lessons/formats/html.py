"""A source as one HTML page: the master that is handed over as a file, and what the press prints.

Every word is escaped; an address becomes a link only when it is http, https or mailto, or a place on the page.
"""

from collections.abc import Iterator, Sequence
from html import escape

from lessons.formats.source import Block, Bullets, Figure, Paragraph, Run, Section, Source, Table, walk

LINKS = ("https://", "http://", "mailto:", "#")

# The master stands alone: its whole look is these lines, and it reads well without them.
STYLE = """
html { font: 100%/1.5 Roboto, "Segoe UI", Arial, sans-serif; color: #1a1a1a; background: #fff; }
body { margin: 0 auto; max-width: 42rem; padding: 1rem; overflow-wrap: break-word; }
h1, h2, h3, h4 { line-height: 1.25; margin: 1.8em 0 0.5em; }
h1 { margin-top: 0.5em; }
h2 { border-top: 2px solid #4b2a63; padding-top: 0.6em; }
a { color: #0a3f78; }
a:focus { outline: 3px solid #1a1a1a; outline-offset: 2px; }
.skip { position: absolute; left: -999px; }
.skip:focus { position: static; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; }
caption { font-weight: 700; padding-bottom: 0.4em; text-align: left; }
th, td { border-bottom: 1px solid #767676; padding: 0.3em 0.8em 0.3em 0; text-align: left; vertical-align: top; }
figure { margin: 1em 0; }
svg { height: auto; max-width: 100%; }
@media (prefers-color-scheme: dark) {
  html { background: #16121a; color: #f4f1f6; } a { color: #b9d7ff; } a:focus { outline-color: #fff; }
  figure { background: #fff; color: #1a1a1a; padding: 0.5em; }
}
@media print { .skip { display: none; } body { max-width: none; } }
"""


def master(source: Source) -> bytes:
    """The page as a file of its own: no script, no picture and no font from anywhere else."""
    head = (
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta name="dcterms.modified" content="{escape(source.modified)}">\n'
        f'<meta name="dcterms.identifier" content="{escape(source.identifier)}">\n<style>{STYLE}</style>'
    )
    before = '<a class="skip" href="#main">Skip to the text</a>\n'
    return page(source, head=head, before=before).encode()


def paper(source: Source, style: str = "") -> str:
    """The page for the press: the portal's print stylesheet, and `style` after it."""
    extra = f"\n<style>{style}</style>" if style else ""
    return page(source, head=f'<link rel="stylesheet" href="app:pdf.css">{extra}')


def page(source: Source, *, head: str, before: str = "") -> str:
    main = "\n".join(_section(section, 2) for section in source.sections)
    opening = "\n".join(_section(section, 2, landmark=True) for section in source.opening)
    return f"""<!doctype html>
<html lang="{escape(source.language)}">
<head>
<meta charset="utf-8">
<title>{escape(source.title)}</title>
<meta name="author" content="{escape(source.publisher)}">
<meta name="description" content="{escape(source.title)}">
{head}
</head>
<body{' class="short"' if source.short else ""}>
{before}<header class="cover">
<p class="series">{escape(source.series)}</p>
<h1>{escape(source.title)}</h1>
{_blocks(source.cover)}
</header>
{opening}
{contents(source)}
<main id="main">
{main}
</main>
</body>
</html>
"""


def contents(source: Source) -> str:
    """A link to every part and to the parts of those; on paper each gets its page number."""
    note = f"<p>{escape(source.contents_note)}</p>\n" if source.contents_note else ""
    items = "\n".join(_entry(section) for section in source.sections)
    return (
        f'<nav class="contents" aria-labelledby="contents">\n<h2 id="contents">Contents</h2>\n{note}'
        f"<ol>\n{items}\n</ol>\n</nav>"
    )


def _entry(section: Section) -> str:
    return f'<li><a href="#{escape(section.id)}">{escape(section.title)}</a></li>'


def headings(source: Source) -> Iterator[tuple[int, str, str]]:
    """Level, id and words of every heading below the title."""
    for level, section in walk(source.parts):
        yield level, section.id, section.title


def _section(section: Section, level: int, *, landmark: bool = False) -> str:
    """`landmark`: it stands outside the main part, so it has a name by which a screen reader finds it."""
    name = f"h{min(level, 6)}"
    inner = "\n".join(_section(part, level + 1) for part in section.sections)
    attribute = ' class="page-break"' if section.own_page else ""
    attribute += f' aria-labelledby="{escape(section.id)}"' if landmark else ""
    return (
        f'<section{attribute}>\n<{name} id="{escape(section.id)}">{escape(section.title)}</{name}>\n'
        f"{_blocks(section.blocks)}\n{inner}</section>"
    )


def section_as_xhtml(section: Section) -> str:
    """One part for a format that keeps each in a file of its own, from h1 down."""
    return _section(section, 1)


def blocks_as_xhtml(blocks: Sequence[Block]) -> str:
    return _blocks(blocks)


def _blocks(blocks: Sequence[Block]) -> str:
    return "\n".join(_block(block) for block in blocks)


def _block(block: Block) -> str:
    match block:
        case Paragraph():
            return f"<p>{_runs(block.runs)}</p>"
        case Bullets():
            name = "ol" if block.ordered else "ul"
            return f"<{name}>{''.join(f'<li>{_runs(item.runs)}</li>' for item in block.items)}</{name}>"
        case Table():
            return _table(block)
        case Figure():
            return (
                f"<figure>{block.drawing}<figcaption>{escape(block.told)}</figcaption></figure>\n{_table(block.twin)}"
            )


def _table(table: Table) -> str:
    css = "" if table.headers else ' class="facts"'
    head = "".join(f'<th scope="col">{escape(header)}</th>' for header in table.headers)
    rows = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>{"".join(f"<td>{escape(cell)}</td>" for cell in row[1:])}</tr>'
        for row in table.rows
    )
    return (
        f'<div class="scroll"><table{css}><caption>{escape(table.caption)}</caption>'
        f"{f'<thead><tr>{head}</tr></thead>' if head else ''}<tbody>{rows}</tbody></table></div>"
    )


def _runs(runs: Sequence[Run]) -> str:
    return "".join(_run(run) for run in runs)


def _run(run: Run) -> str:
    words = escape(run.text)
    if run.lang:
        words = f'<span lang="{escape(run.lang)}">{words}</span>'
    return f'<a href="{escape(run.address)}">{words}</a>' if run.address.startswith(LINKS) else words
