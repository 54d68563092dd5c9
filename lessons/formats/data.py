"""The data behind a source, as CSV: one table is one file; several come as a ZIP with a list of what is in them."""

import io
import zipfile

from foundation.sheets.download import csv_lines
from lessons.formats.source import Sheet, Source

# The same source gives the same bytes, so a file in an archive has no time of its own.
NO_TIME = (1980, 1, 1, 0, 0, 0)


def csv_of(sheet: Sheet) -> bytes:
    return "".join(csv_lines(sheet.headers, sheet.rows)).encode()


def archive(source: Source) -> bytes:
    """Every sheet as a CSV file, and a text that says what each holds."""
    names = [f"{sheet.name}.csv: {len(sheet.rows)} rows of {', '.join(sheet.headers)}" for sheet in source.data]
    about = "\r\n".join(
        [source.title, "", *names, "", "Text is UTF-8, parts are parted by commas, dates are 2026-03-27."]
    )
    files = {"about.txt": about.encode()} | {f"{sheet.name}.csv": csv_of(sheet) for sheet in source.data}
    return zipped(files)


def zipped(files: dict[str, bytes], *, stored_first: str = "") -> bytes:
    """An archive of these files in this order; `stored_first` is not compressed, as some formats ask of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as book:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, NO_TIME)
            entry.compress_type = zipfile.ZIP_STORED if name == stored_first else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            book.writestr(entry, content)
    return out.getvalue()
