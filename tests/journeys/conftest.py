"""A real browser against a live server: Debian's Chromium, axe for accessibility, two widths of screen."""

import os
import shutil
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from axe_playwright_python.base import AxeResults
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as configured
from django.core.signals import request_finished, request_started
from django.test import Client
from playwright.sync_api import expect

# The shell is the same browser without its windows, and takes a third less of the processor.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
AXE = Axe()
# What passed is many times as long as what did not, and nobody reads it.
ASK_AXE = "axe.run({resultTypes: ['violations']}).then(told => ({violations: told.violations}))"
# Playwright's own is five seconds. Nothing waits so long but a test that fails, or a machine that does much else.
expect.set_options(timeout=60_000)
WIDTHS = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whatever asks for a page drives the browser: mark it, and skip it aloud on a machine that has none."""
    for item in items:
        if "page" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
            if not CHROMIUM:
                item.add_marker(pytest.mark.skip(reason="no Chromium: install it, or name it in CHROMIUM"))


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """Colours change at once: axe would measure one that is on its way between two."""
    return {**browser_context_args, "reduced_motion": "reduce"}


@pytest.fixture
def page(page: Any) -> Any:
    """Twice as patient as Playwright is by itself, for the same reason."""
    page.set_default_timeout(60_000)
    return page


@pytest.fixture(autouse=True)
def _no_answer_outlives_the_test() -> Iterator[None]:
    """Ends after the page is closed and before the tables are emptied.

    What a page has asked for by itself (a part that refreshes, a draft) is answered by threads of the live server; one
    that is still at work would write into the next test's tables.
    """
    at_work, quiet = 0, threading.Condition()

    def begin(**_: Any) -> None:
        nonlocal at_work
        with quiet:
            at_work += 1

    def end(**_: Any) -> None:
        nonlocal at_work
        with quiet:
            at_work -= 1
            quiet.notify_all()

    request_started.connect(begin)
    request_finished.connect(end)
    yield
    with quiet:
        quiet.wait_for(lambda: at_work <= 0, timeout=30)
    request_started.disconnect(begin)
    request_finished.disconnect(end)


@pytest.fixture(params=WIDTHS)
def width(request: pytest.FixtureRequest, page: Any) -> str:
    """Run the test once on a phone and once at a desk; `page` has that size."""
    page.set_viewport_size(WIDTHS[request.param])
    return str(request.param)


@pytest.fixture
def axe() -> Callable[[Any], None]:
    """`axe(page)`: no accessibility violation on the page as it is now; `page` is also no wider than the screen."""

    def check(page: Any) -> None:
        page.wait_for_load_state()  # a click may have sent for a page that is still on its way
        if not page.evaluate("'axe' in window"):
            page.evaluate(AXE.axe_script)
        found = AxeResults(page.evaluate(ASK_AXE))
        assert found.violations_count == 0, found.generate_report()
        overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert overflow <= 0, f"{page.url} is {overflow} pixels wider than the screen"

    return check


@pytest.fixture
def signed_in(live_server: Any) -> Callable[[Any, Any], Any]:
    """`signed_in(page, person)`: the browser carries that person's session from now on."""

    def sign_in(page: Any, person: Any) -> Any:
        client = Client()
        client.force_login(person)
        name = configured.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": live_server.url}])
        return page

    return sign_in
