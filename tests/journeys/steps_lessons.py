"""What was learned: published, found by a filter, put into a report, and downloaded as a PDF while the worker works."""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import copy_context
from pathlib import Path

from django.db import connection
from playwright.sync_api import expect

from foundation.rendering import jobs
from foundation.rendering.models import RenderJob
from foundation.rendering.tasks import render
from lessons.publications import REPORT
from psp_portal.demo.personas import COMMISSIONER, PUBLISHER
from tests.journeys.steps_pilot import LESSON
from tests.journeys.steps_walking import Walk

REPORT_TITLE = "What partnerships learned about telling people"


def the_publisher_publishes_it(walk: Walk) -> None:
    """Two partners are asked; one signs, the other is waited for until the day that was said."""
    the_publisher_opens_the_draft(walk)
    walk.reads("Nothing is missing.")
    walk.follow("Ask the partners")
    walk.fill({"Day until which they are waited for": "24/3/2027"})
    walk.press("Ask the partners", says="They are asked, by e-mail.")
    walk.axe()
    walk.becomes(COMMISSIONER)
    walk.follow(re.compile(f"^Read and sign off “{re.escape(LESSON)}”"))
    walk.press(f"Sign off {LESSON}", says="Signed off for")
    walk.calendar.turn_to(2027, 3, 25)
    the_publisher_opens_the_draft(walk)
    walk.follow("Check it")
    walk.reads("Nothing stands in the way.")
    walk.axe()
    walk.press("It passes the check", says="It is checked and can be published.")
    walk.press("Publish", says="The lesson is published. Everybody can read it at this address.")


def the_publisher_opens_the_draft(walk: Walk) -> None:
    walk.becomes(PUBLISHER)
    walk.section("Lessons")
    walk.tab("Drafts")
    walk.follow(re.compile(re.escape(LESSON)))


def and_makes_a_report_by_a_filter(walk: Walk) -> None:
    walk.section("Lessons")
    walk.main.locator("summary").get_by_text("Theme", exact=True).click()
    walk.main.get_by_text(re.compile(r"^Communication \(\d+\)$")).click()
    walk.press("Show lessons", says="found")
    walk.reads(LESSON)
    walk.axe()
    walk.follow(re.compile("^Make a report of all"))
    walk.reads("(Theme: Communication)")
    walk.fill({"Title": REPORT_TITLE})
    walk.press("Make the report", says="The report is being made.")


def the_page_follows_the_press_to_the_pdf(walk: Walk) -> None:
    """The worker's own function prints in a thread of this process; the page asks by itself and is never reloaded."""
    bar = walk.main.get_by_role("progressbar", name=re.compile("^Progress of"))
    expect(bar).to_have_attribute("value", "0")
    walk.reads("Waiting for its turn.")
    with a_worker(REPORT) as go_on:
        walk.reads("Gathering the content")
        expect(bar).to_be_visible()
        walk.axe()
        go_on()
        walk.reads("Ready.", within=180)
    with walk.page.expect_download() as download:
        walk.main.get_by_role("link", name=re.compile(f"^Download {REPORT_TITLE}")).click()
    assert download.value.suggested_filename.endswith(".pdf")
    assert Path(download.value.path()).read_bytes().startswith(b"%PDF-")
    walk.axe()


@contextmanager
def a_worker(kind: str) -> Iterator[Callable[[], None]]:
    """Does what Celery would with the newest job, by the test's clock. Once it has taken the job it waits for a word,
    so that the page can be seen to follow however fast the press is.
    """
    word, build = threading.Event(), jobs.builder(kind)
    assert build

    def patiently(inputs: dict) -> jobs.Document:
        assert word.wait(timeout=180)
        return build(inputs)

    def work() -> None:
        try:
            render(RenderJob.objects.latest("pk").public_id)
        finally:
            connection.close()

    jobs.register(kind, patiently)
    thread = threading.Thread(target=copy_context().run, args=(work,))
    thread.start()
    try:
        yield word.set
    finally:
        word.set()
        thread.join(timeout=120)
        jobs.register(kind, build)
