"""Takes the pictures of docs/img/: `python scripts/screenshots.py [name …]`

Starts a demo of its own on a free port, in a folder of its own, follows the tour at both widths, takes the first pages
of a document of each kind (“pdf-…”), and stops the demo again.
"""

import io
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from PIL import Image  # comes with WeasyPrint

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "img"
WIDTHS = (1280, 390)
PAGES_OF_A_PAPER = 6
READY_WITHIN = 300
# The shell is the same browser without its windows, and takes a third less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking", "--disable-sync"]


def main(wanted: list[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="psp-pictures-") as folder:
        port = free_port()
        os.environ |= {"VAR_DIR": folder, "PORT": str(port), "SITE_URL": f"http://127.0.0.1:{port}"}
        demo = subprocess.Popen([sys.executable, "manage.py", "demo"], cwd=ROOT, stdout=subprocess.DEVNULL)
        try:
            wait_until_healthy(port, demo)
            take(f"http://127.0.0.1:{port}", wanted)
            take_papers(wanted)
        finally:
            demo.send_signal(signal.SIGINT)
            demo.wait(30)
    return 0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_healthy(port: int, demo: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + READY_WITHIN
    while time.monotonic() < until:
        if demo.poll() is not None:
            raise SystemExit("The demo stopped before it was ready: run `make demo` to see why.")
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2)
            return
        except OSError:
            time.sleep(1)
    raise SystemExit("The demo was not ready in time.")


def take(site: str, wanted: list[str]) -> None:
    import django  # noqa: PLC0415  after the environment is set

    os.environ["DJANGO_SETTINGS_MODULE"] = "psp_portal.settings"
    sys.path.insert(0, str(ROOT))
    django.setup()
    from playwright.sync_api import sync_playwright  # noqa: PLC0415

    from psp_portal.demo.tour import stops  # noqa: PLC0415  app ready

    tour = [stop for stop in stops() if not wanted or stop.name in wanted]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for who in {stop.who for stop in tour}:
            context = browser.new_context(base_url=site, device_scale_factor=1)
            page = context.new_page()
            if who:
                sign_in(page, who.email)
            for stop in (s for s in tour if s.who == who):
                for width in WIDTHS:
                    page.set_viewport_size({"width": width, "height": 900})
                    page.goto(stop.address)
                    keep(Image.open(io.BytesIO(page.screenshot(full_page=True))), PICTURES / f"{stop.name}-{width}.png")
                print(stop.name)
            context.close()
        browser.close()


def take_papers(wanted: list[str]) -> None:
    """The longest document of each kind that the demo's worker has made, page by page."""
    import pypdfium2  # noqa: PLC0415  only needed here

    from foundation.files import store  # noqa: PLC0415  app ready
    from foundation.rendering.models import OPEN_STATES, JobState, RenderJob  # noqa: PLC0415

    until = time.monotonic() + READY_WITHIN
    while RenderJob.objects.filter(state__in=OPEN_STATES).exists() and time.monotonic() < until:
        time.sleep(1)
    papers = {job.kind: job for job in RenderJob.objects.filter(state=JobState.DONE).order_by("file__size")}
    for kind, job in papers.items():
        name = "pdf-" + kind.replace("_", "-").replace(".", "-")
        if wanted and name not in wanted:
            continue
        with pypdfium2.PdfDocument(store.path_of(job.file)) as paper:
            for number, page in enumerate(list(paper)[:PAGES_OF_A_PAPER], start=1):
                keep(page.render(scale=1.3).to_pil(), PICTURES / f"{name}-{number}.png")
        print(f"{name}: {job.title}")


def keep(picture: Image.Image, path: Path) -> None:
    """A palette of 64 colours is plenty for pages of text, and a quarter of the bytes."""
    picture.convert("RGB").quantize(64).save(path, optimize=True)


def sign_in(page: object, email: str) -> None:
    from psp_portal.demo.personas import DEMO_PASSWORD  # noqa: PLC0415  app ready

    page.goto("/sign-in/")
    page.get_by_label("E-mail").fill(email)
    page.get_by_label("Password", exact=True).fill(DEMO_PASSWORD)
    page.get_by_role("main").get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
