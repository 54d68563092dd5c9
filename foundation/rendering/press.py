"""The press: one HTML page in, one PDF out, in a process of its own that may be killed without harm.

`python -m foundation.rendering.press MEMORY CPU_SECONDS OWNER [SPARE]`. It knows nothing of Django, the database or
settings.

- OWNER: the process it prints for; when that ends, so does the press
- SPARE: a file descriptor; the press makes itself ready, and begins when a byte comes from there
- standard input: one JSON object, `{"html": …, "assets": {name: [content type, base64]}}`
- standard output: the PDF, and nothing when it fails
- standard error: a line `@{"step": …, "progress": …}` for each step, and at most one `@{"refused": …}`;
  what else is written there is for the log

The limits come first, before any line of the page is read. Whatever the page asks for is answered from `assets`
(addresses `app:<name>`) or from a `data:` address inside it. There is no other door: no network, no file.
"""

import base64
import ctypes
import errno
import gc
import hashlib
import json
import logging
import mmap
import os
import re
import resource
import signal
import sys
import traceback
from collections.abc import Callable
from typing import Any, BinaryIO, NoReturn, ParamSpec
from urllib.parse import unquote_to_bytes

LARGEST_PDF = 200 * 1024 * 1024
LONGEST_DATA_URL = 20 * 1024 * 1024
SELDOM = (100_000, 20, 20)  # how many new objects before the collector looks; Python's own is 700, 10, 10
DEEP = 200_000  # values on Python's own stack, eight bytes each

NO_LIBRARY = (
    "This computer cannot make PDF files yet: WeasyPrint or a library it needs is missing ({missing}). "
    "Whoever runs the portal can install it: on Debian or Ubuntu the package is libpangoft2-1.0-0."
)
TOO_MUCH_MEMORY = "The document is too large or too deeply nested: making it needed more memory than is allowed."
TOO_LONG = "The document is too long or too complex: making it took more computing time than is allowed."
TOO_BIG = "The finished PDF would be larger than 200 MB."
NOT_FETCHED = "The document asks for something that is not part of it, and nothing is fetched from outside."
STUMBLED = (
    "Something in the document breaks the layout, and would again. Tell the people who run the portal: "
    "the reason is in the portal's log."
)

_PAGE = re.compile(r"Step 5 - Creating layout - Page (\d+)")
_STEPS = {
    "Step 1": ("Reading the contents", 3),
    "Step 2": ("Preparing the layout", 6),
    "Step 3": ("Preparing the layout", 8),
    "Step 4": ("Preparing the pages", 10),
    "Step 6": ("Making the PDF", 90),
    "Step 7": ("Making the PDF", 95),
}

# Let go when the memory is used up, so that there is enough to say so. It counts against the limit, and fills nothing.
_ballast = mmap.mmap(-1, 32 * 1024 * 1024)

P = ParamSpec("P")
Assets = dict[str, tuple[str, bytes]]


class NotAllowed(ValueError):
    """The page asked for something from outside."""


def tell(**message: object) -> None:
    """One line to the parent. When the parent is gone there is nobody to print for."""
    try:
        # The first line end finishes what a library may have begun to say.
        sys.stderr.write(f"\n@{json.dumps(message)}\n")
        sys.stderr.flush()
    except BrokenPipeError:
        os._exit(1)


def confine(memory: int, cpu_seconds: int, owner: int) -> None:
    """Set the limits, and ask the kernel to end this process when its owner ends."""
    _limit(resource.RLIMIT_AS, memory)
    _limit(resource.RLIMIT_CPU, cpu_seconds, hard=cpu_seconds + 5)
    _limit(resource.RLIMIT_FSIZE, LARGEST_PDF)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGXCPU, _out_of_time)
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # the write then fails as an OSError
    if sys.platform == "linux":
        parent_death_signal = 1
        ctypes.CDLL(None).prctl(parent_death_signal, signal.SIGKILL)
        if os.getppid() != owner:  # it ended before the kernel was asked
            os._exit(1)


def _limit(kind: int, soft: int, hard: int | None = None) -> None:
    """Never above what this process was given."""
    given = resource.getrlimit(kind)[1]
    hard = soft if hard is None else hard
    if given != resource.RLIM_INFINITY:
        soft, hard = min(soft, given), min(hard, given)
    resource.setrlimit(kind, (soft, hard))


def _out_of_time(signum: int, frame: object) -> None:
    refuse(TOO_LONG)


def answer(url: str, assets: Assets) -> tuple[str, bytes]:
    """What an address means: one of our own assets, or what it carries itself; everything else is not allowed."""
    scheme, _, rest = url.partition(":")
    if scheme == "app" and rest in assets:
        return assets[rest]
    if scheme.lower() == "data":
        return _data_url(rest)
    raise NotAllowed(f"not allowed: {url[:200]}")


def _data_url(rest: str) -> tuple[str, bytes]:
    head, comma, body = rest.partition(",")
    if not comma or len(body) > LONGEST_DATA_URL:
        raise NotAllowed("not a usable data: address")
    content_type, *parameters = head.split(";")
    raw = unquote_to_bytes(body)
    if "base64" in (parameter.strip().lower() for parameter in parameters):
        raw = base64.b64decode(raw + b"=" * (-len(raw) % 4))
    return content_type or "text/plain", raw


def fetcher(assets: Assets) -> Any:
    """A WeasyPrint fetcher that never opens anything."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse

    class Shelf(URLFetcher):
        def fetch(self, url: str, headers: object = None) -> Any:
            content_type, body = answer(url, assets)
            return URLFetcherResponse(url, body, {"Content-Type": content_type})

    return Shelf(allowed_protocols=(), allow_redirects=False)


class Progress(logging.Handler):
    """Turns WeasyPrint's narration into steps for the person who waits. It only moves forward."""

    reached = 0

    def emit(self, record: logging.LogRecord) -> None:
        message = record.getMessage()
        if page := _PAGE.match(message):
            number = int(page[1])
            self.say(f"Laying out page {number}", 10 + round(78 * number / (number + 15)))
        elif step := _STEPS.get(message[:6]):
            self.say(*step)

    def say(self, step: str, progress: int) -> None:
        self.reached = max(self.reached, progress)
        tell(step=step, progress=self.reached)


def _listen() -> None:
    narration = logging.getLogger("weasyprint.progress")
    narration.setLevel(logging.INFO)
    narration.addHandler(Progress())
    narration.propagate = False
    complaints = logging.StreamHandler(sys.stderr)
    complaints.setLevel(logging.ERROR)
    logging.getLogger("weasyprint").addHandler(complaints)


def print_page(html: str, assets: Assets, out: BinaryIO) -> None:
    """The same page and the same assets give the same bytes: nothing of the clock or of chance goes in."""
    import pydyf  # noqa: PLC0415  only when a library is known to be there
    from weasyprint import HTML

    _listen()
    pydyf.PDF.page_references = property(_References)
    # A page is made of boxes that live until its end: looking for those that do not costs an eighth of the time.
    gc.freeze()
    gc.set_threshold(*SELDOM)
    page = HTML(string=html, base_url="app:/", url_fetcher=fetcher(assets), media_type="print")
    identifier = hashlib.sha256(html.encode(errors="replace")).hexdigest()[:32].encode()
    out.write(page.write_pdf(pdf_variant="pdf/ua-1", pdf_identifier=identifier))
    out.flush()


class _References:
    """Which object of the PDF a page is, told for the one page that is asked for.

    pydyf writes the list of all pages anew for each tag of each page: a twentieth of the time at 200 pages, and the
    share grows with the pages.
    """

    def __init__(self, pdf: Any) -> None:
        self.kids = pdf.pages["Kids"]

    def __getitem__(self, page: int) -> bytes:
        return b"%d 0 R" % self.kids[page * 3]


def on_a_deep_stack(work: Callable[P, None]) -> Callable[P, None]:
    """`work`, with room for all its calls in one piece of Python's stack.

    That stack grows by pieces of 16 kB, and each is given back to the kernel when the call that needed it returns.
    Laying out a page goes up and down across such an edge a thousand times: a tenth of the processor's time. A
    function that claims a large frame gets a piece so large that there is no edge.
    """

    def call(*args: P.args, **kwargs: P.kwargs) -> None:
        work(*args, **kwargs)

    call.__code__ = call.__code__.replace(co_stacksize=DEEP)
    return call


def missing_library() -> str:
    """Why WeasyPrint cannot be used here; empty when it can."""
    try:
        import weasyprint  # noqa: F401
    except (OSError, ImportError) as error:
        return NO_LIBRARY.format(missing=str(error).splitlines()[0][:120] or type(error).__name__)
    return ""


def wait_for_a_page(spare: int) -> None:
    """Until a byte comes; without one nobody needs this press any more."""
    if not os.read(spare, 1):
        os._exit(0)


def main(memory: str, cpu_seconds: str, owner: str, spare: str = "") -> None:
    confine(int(memory), int(cpu_seconds), int(owner))
    if missing := missing_library():
        refuse(missing)
    if spare:
        wait_for_a_page(int(spare))
    try:
        job = json.load(sys.stdin.buffer)
        assets = {name: (kind, base64.b64decode(body)) for name, (kind, body) in job["assets"].items()}
        on_a_deep_stack(print_page)(job["html"], assets, sys.stdout.buffer)
    except (MemoryError, RecursionError):
        _ballast.close()
        refuse(TOO_MUCH_MEMORY)
    except Exception as error:  # noqa: BLE001  the same page would meet it again
        _give_up(error)


def _give_up(error: Exception) -> NoReturn:
    """Say why. Only a full disk may be another one tomorrow: it is no fault of the page, and has an exit code."""
    known = error.errno if isinstance(error, OSError) else 0
    if known == errno.ENOSPC:
        os._exit(errno.ENOSPC)
    if known == errno.EFBIG:
        refuse(TOO_BIG)
    if type(error).__name__ in ("URLFetchingError", "FatalURLFetchingError"):
        refuse(NOT_FETCHED)
    traceback.print_exception(error, limit=-5)
    refuse(STUMBLED)


def refuse(why: str) -> NoReturn:
    """The last words. Nothing is tidied up after them: that needs memory too."""
    tell(refused=why)
    os._exit(1)


if __name__ == "__main__":
    main(*sys.argv[1:])
    os._exit(0)  # the PDF is written; giving back every box of every page one by one takes longer than ending
