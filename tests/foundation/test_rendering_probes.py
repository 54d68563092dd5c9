"""Nothing is fetched: pages that try to open a door, and proof that each would be noticed if there were one.

Watched are a listener on a port of this machine, every connection and look-up this thread begins, every opening of a
secret file, and the secret's text in the PDF.
"""

import contextlib
import http.server
import sys
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from foundation.rendering import press
from foundation.rendering.printing import Unprintable, printed
from tests.foundation.pdfs import carry_on, text_of, unpacked

SECRET = "the-secret-of-the-house"
SVG = "<svg xmlns='http://www.w3.org/2000/svg' xmlns:xlink='http://www.w3.org/1999/xlink' width='9' height='9'>"
# With an open fetcher each of these is seen to ask: that is proved below, one by one.
PROBES = {
    "img http": '<img src="{web}/img.png" alt="x">',
    "img file": '<img src="{file}" alt="x">',
    "img srcset": '<img srcset="{web}/set.png 1x" src="{web}/set0.png" alt="x">',
    "stylesheet http": '<link rel="stylesheet" href="{web}/x.css">',
    "stylesheet file": '<link rel="stylesheet" href="{file}">',
    "stylesheet redirect": '<link rel="stylesheet" href="{web}/redirect">',
    "@import": "<style>@import url({web}/imp.css);</style>",
    "@import of a string": "<style>@import '{web}/str.css' print;</style>",
    "@import inside data": '<link rel="stylesheet" href="data:text/css,@import url({web}/nested.css);">',
    "font http": "<style>@font-face{{font-family:z;src:url({web}/f.woff2)}} p{{font-family:z}}</style>",
    "font file": "<style>@font-face{{font-family:z;src:url({file})}} p{{font-family:z}}</style>",
    "colours http": "<style>@color-profile --x{{src:url({web}/cp.icc)}} p{{color:color(--x 0 0 0 1)}}</style>",
    "colours file": "<style>@color-profile --x{{src:url({file})}} p{{color:color(--x 0 0 0 1)}}</style>",
    "background": "<style>body{{background:url({web}/bg.png)}}</style>",
    "background by a variable": "<style>:root{{--u:url({web}/v.png)}}p{{background:var(--u)}}</style>",
    "background in escapes": "<style>p{{background:u\\72l({web}/esc.png)}}</style>",
    "background of a page": "<style>@page{{background:url({web}/page.png)}}</style>",
    "margin of a page": "<style>@page{{@top-left{{content:url({web}/m.png)}}}}</style>",
    "content url": "<style>p::before{{content:url({web}/c.png)}}</style>",
    "list-style": "<style>li{{list-style-image:url({web}/l.png)}}</style><ul><li>a</li></ul>",
    "list-style file": "<style>li{{list-style-image:url({file})}}</style><ul><li>a</li></ul>",
    "border-image": "<style>p{{border:9px solid;border-image:url({web}/b.png) 9}}</style>",
    "mask-border": "<style>p{{mask-border-source:url({web}/mb.png)}}</style>",
    "object": '<object data="{web}/o.html"></object><object data="{file}"></object>',
    "embed": '<embed src="{web}/e.svg" type="image/svg+xml"><embed src="{file}">',
    "attachment http": '<link rel="attachment" href="{web}/a.bin">',
    "attachment file": '<link rel="attachment" href="{file}"><a rel="attachment" href="{file}">x</a>',
    "attachment redirect": '<link rel="attachment" href="{web}/redirect">',
    "attachment of a link": '<a rel="attachment" href="{web}/aa.bin">x</a>',
    "svg image": SVG + "<title>s</title><image xlink:href='{web}/s.png' width='9' height='9'/></svg>",
    "svg image file": SVG + "<title>s</title><image href='{file}' width='9' height='9'/></svg>",
    "svg nested in data": '<img alt="x" src="data:image/svg+xml,' + SVG + "<image xlink:href='{web}/n.png'/></svg>\">",
    "svg in css": "<style>p{{background:url(\"data:image/svg+xml,"
    + SVG
    + "<image href='{web}/sc.png'/></svg>\")}}</style>",
    "base": '<base href="{web}/"><img src="based.png" alt="x">',
    "base file": '<base href="{file}"><img src="secret.txt" alt="x">',
    "redirect": '<img src="{web}/redirect" alt="x">',
    "ftp and others": '<img src="ftp://127.0.0.1:{port}/x"><img src="//{host}/x">',
    "odd spellings": '<img src="HTTP://{host}/x"><img src="FILE:{path}"><img src=" {file}"><img src="file:/{path}">',
}  # fmt: skip
# Doors WeasyPrint does not have today: an open fetcher is not asked either. They stay, for the version that has them.
NOT_EVEN_ASKED = {
    "img relative": '<img src="secret.txt" alt="x">',
    "iframe": '<iframe src="{web}/frame.html"></iframe><iframe src="{file}"></iframe>',
    "svg use": SVG + "<title>s</title><use xlink:href='{web}/u.svg#a'/></svg>",
    "svg @import": '<img alt="x" src="data:image/svg+xml,' + SVG + '<style>@import url({web}/si.css);</style></svg>">',
    "svg entity": '<img alt="x" src="data:image/svg+xml,<!DOCTYPE s [<!ENTITY e SYSTEM \'{file}\'>]>'
    + SVG
    + "<text y='9'>&e;</text></svg>\">",
    "image-set": "<style>p{{background:image-set(url({web}/is.png) 1x)}}</style>",
    "video": '<video poster="{web}/po.png" src="{web}/v.mp4"></video><input type=image src="{web}/in.png">',
    "refresh": '<meta http-equiv="refresh" content="0;url={web}/r">',
    "other assets": '<img src="app:../../manage.py"><link rel=stylesheet href="app:/etc/passwd"><img src="app:{path}">',
}

# What WeasyPrint cannot do without: it refuses the whole page.
ENDS_THE_PAGE = ("colours http", "colours file")


@dataclass
class Watched:
    """What was heard on the port, and what this thread opened."""

    port: int
    secret: Path
    heard: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    watching: int = 0

    def page(self, *probes: str) -> str:
        host = f"127.0.0.1:{self.port}"
        known = {"web": f"http://{host}", "host": host, "port": self.port}
        filled = (probe.format(**known, file=self.secret.as_uri(), path=self.secret) for probe in probes)
        return f"<html lang=en><title>x</title><p>hello</p>{''.join(filled)}"

    def hook(self, event: str, arguments: tuple[object, ...]) -> None:
        """Python calls it for whatever the process does; an audit hook cannot be taken away again."""
        if self.watching == threading.get_ident() and (
            event in ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.exec", "os.posix_spawn")
            or (event == "open" and str(arguments[0]) == str(self.secret))
        ):
            self.opened.append(event)

    @contextlib.contextmanager
    def watch(self) -> Iterator[None]:
        self.heard.clear()
        self.opened.clear()
        self.watching = threading.get_ident()
        try:
            yield
        finally:
            self.watching = 0

    def noticed(self, pdf: bytes | None) -> list[str]:
        if pdf is None:
            return [*self.heard, *self.opened]
        leaked = any(SECRET.encode() in stream for stream in (pdf, *unpacked(pdf))) or SECRET in text_of(pdf)
        return [*self.heard, *self.opened, *["leaked"] * leaked]


@pytest.fixture(scope="module")
def watched(tmp_path_factory) -> Iterator[Watched]:
    heard: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            heard.append(self.path)
            self.send_response(302 if self.path == "/redirect" else 200)
            self.send_header("Location", "file:///etc/passwd")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    secret = tmp_path_factory.mktemp("house") / "secret.txt"
    secret.write_text(SECRET)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    watched = Watched(server.server_port, secret, heard)
    sys.addaudithook(watched.hook)
    yield watched
    server.shutdown()


def test_no_page_reaches_the_network_or_a_file(watched):
    """All probes in one page, through the press in its own process as it is used."""
    probes = {name: probe for name, probe in (PROBES | NOT_EVEN_ASKED).items() if name not in ENDS_THE_PAGE}
    pdf = printed(watched.page(*probes.values()), carry_on)
    assert watched.heard == []
    assert SECRET not in text_of(pdf)
    assert not any(SECRET.encode() in stream for stream in (pdf, *unpacked(pdf)))


@pytest.mark.parametrize("name", ENDS_THE_PAGE)
def test_a_page_that_cannot_do_without_what_it_may_not_fetch_is_refused_in_words(name, watched):
    with pytest.raises(Unprintable, match="asks for something that is not part of it"):
        printed(watched.page(PROBES[name]), carry_on)
    assert watched.heard == []


@pytest.mark.parametrize("name", [*PROBES, *NOT_EVEN_ASKED])
def test_each_probe_alone_is_answered_from_the_shelf_only(name, watched):
    from weasyprint import HTML
    from weasyprint.urls import URLFetchingError

    html, pdf = watched.page((PROBES | NOT_EVEN_ASKED)[name]), None
    with watched.watch(), contextlib.suppress(URLFetchingError):
        pdf = HTML(string=html, base_url="app:/", url_fetcher=press.fetcher({})).write_pdf(uncompressed_pdf=True)
    assert watched.noticed(pdf) == []
    assert pdf or name in ENDS_THE_PAGE


@pytest.mark.parametrize("name", PROBES)
def test_each_probe_alone_would_be_noticed_at_an_open_door(name, watched):
    """WeasyPrint's own fetcher opens what it is asked for: without that, the test above would prove nothing."""
    from weasyprint import HTML

    html, pdf = watched.page(PROBES[name]), None
    with watched.watch(), contextlib.suppress(Exception):  # what it gets is no picture and no style sheet
        pdf = HTML(string=html).write_pdf(uncompressed_pdf=True)
    assert watched.noticed(pdf), "the probe is blunt"


def test_the_matrix_is_worth_its_name():
    assert len(PROBES) >= 24
    assert not PROBES.keys() & NOT_EVEN_ASKED.keys()


@pytest.mark.parametrize(
    "url",
    ["http://x/", "file:///etc/passwd", "FILE:///etc/passwd", "app:", "app:/pdf.css", "app:../pdf.css", "APP:pdf.css",
     "pdf.css", "", "data:", "data:image/png", "javascript:1", "//x", "app:other", "dAtA:no-comma"],
)  # fmt: skip
def test_addresses_the_shelf_does_not_know(url):
    with pytest.raises(press.NotAllowed):
        press.answer(url, {"pdf.css": ("text/css", b"x")})


@pytest.mark.parametrize(
    ("url", "answer"),
    [
        ("app:pdf.css", ("text/css", b"x")),
        ("data:,a%20b", ("text/plain", b"a b")),
        ("data:text/css;charset=utf-8,p{}", ("text/css", b"p{}")),
        ("data:image/png;base64,aGk", ("image/png", b"hi")),
    ],
)
def test_addresses_the_shelf_knows(url, answer):
    assert press.answer(url, {"pdf.css": ("text/css", b"x")}) == answer
