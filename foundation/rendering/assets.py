"""What a document may use besides its own text: the print stylesheet and, where it is vendored, the typeface."""

import base64
import functools
from pathlib import Path

from django.conf import settings

FACES = (("latin", 400), ("latin", 700), ("latin-ext", 400), ("latin-ext", 700))
# Two files of one family are one font to WeasyPrint, with the widths of the first: so each subset is a family.
FAMILY = {"latin": "Roboto", "latin-ext": "Roboto Extended"}


@functools.cache
def assets() -> dict[str, tuple[str, str]]:
    """Name → (content type, base64). A page asks for them as `app:pdf.css`."""
    static = Path(settings.BASE_DIR) / "static"
    found: dict[str, tuple[str, str]] = {}
    faces = []
    for subset, weight in FACES:
        font = static / "vendor" / "fontsource-roboto" / f"roboto-{subset}-{weight}-normal.woff2"
        if font.exists():
            found[font.name] = ("font/woff2", _base64(font.read_bytes()))
            faces.append(_face(font.name, FAMILY[subset], weight))
    sheet = "\n".join([*faces, (static / "css" / "pdf.css").read_text()])
    found["pdf.css"] = ("text/css", _base64(sheet.encode()))
    return found


def _face(name: str, family: str, weight: int) -> str:
    return f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("app:{name}") format("woff2"); }}'


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()
