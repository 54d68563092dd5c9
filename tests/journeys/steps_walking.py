"""Going through the portal as people do: by labels, links and buttons, from the front page or a link in a mail."""

import re
from collections.abc import Callable
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any

from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from foundation.delivery.delivery import drain
from psp_portal.demo.people import person
from psp_portal.demo.personas import MANAGER, Persona
from tests.journeys.calendar import Calendar
from tests.journeys.conftest import WIDTHS
from tests.reading import plain

ON_A_PHONE = (MANAGER,)


class Walk:
    """One browser in many hands. Each person's session is kept, so that nobody signs in twice."""

    def __init__(
        self, page: Page, front: str, calendar: Calendar, signed_in: Callable[..., Any], axe: Callable[..., None]
    ) -> None:
        self.page, self.front, self.calendar = page, front, calendar
        self._signed_in, self._axe = signed_in, axe
        self._sessions: dict[str, list[Any]] = {}
        self.axe_checks = 0

    # Who has the browser.

    def nobody(self) -> None:
        self.page.context.clear_cookies()
        self.page.set_viewport_size(WIDTHS["desk"])
        self.page.goto(self.front)

    def keep_session_of(self, email: str) -> None:
        """Whoever signed in through the screens has the browser again with `becomes`."""
        self._sessions[email] = self.page.context.cookies()

    def becomes(self, who: Persona) -> None:
        """Hand the browser over; everybody begins at their front page."""
        context = self.page.context
        context.clear_cookies()
        if who.email in self._sessions:
            context.add_cookies(self._sessions[who.email])
        else:
            self._signed_in(self.page, person(who))
            self.keep_session_of(who.email)
        self.page.set_viewport_size(WIDTHS["phone" if who in ON_A_PHONE else "desk"])
        self.page.goto(self.front, wait_until="domcontentloaded")
        self.heading(f"Welcome, {who.name}")

    # What one can do with a page.

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    def section(self, name: str) -> None:
        self._open(self.page.get_by_role("navigation", name="Sections").get_by_role("link", name=name, exact=True))

    def tab(self, name: str) -> None:
        tabs = self.page.get_by_role("navigation", name=re.compile("^Pages "))
        self._open(tabs.get_by_role("link", name=name, exact=True))

    def follow(self, *names: str | re.Pattern[str]) -> None:
        """Click one link after another, by the whole name or by what is in it."""
        for name in names:
            self._open(self.main.get_by_role("link", name=name, exact=isinstance(name, str)).first)

    def _open(self, link_or_button: Locator) -> None:
        with self.page.expect_navigation(wait_until="domcontentloaded"):
            link_or_button.click()

    def fill(self, answers: dict[str, str], within: Locator | None = None) -> None:
        """Type or choose the answers by their fields' labels, optional or not."""
        for label, answer in answers.items():
            field = (within or self.main).get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*(\(optional\))?\s*$"))
            if field.evaluate("field => field.tagName") == "SELECT":
                field.select_option(label=answer)
            else:
                field.fill(answer)

    def tick(self, label: str, within: Locator | None = None) -> None:
        """Click the words beside a circle or a box."""
        scope = within or self.main
        scope.locator("label", has_text=re.compile(rf"^\s*{re.escape(label)}\s*$")).click()
        expect(scope.get_by_label(label, exact=True)).to_be_checked()

    def attach(self, label: str, name: str, content: str) -> None:
        file = {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
        self.main.get_by_label(re.compile(rf"^\s*{re.escape(label)}")).set_input_files(file)

    def press(self, button: str, *, says: str) -> None:
        """Press a button, and read what the portal says to it."""
        self._open(self.main.get_by_role("button", name=button, exact=True))
        self.reads(says)

    # What one should see.

    def reads(self, *texts: str, within: int = 60) -> None:
        for text in texts:
            expect(self.page.get_by_text(text).first).to_be_visible(timeout=within * 1000)

    def heading(self, text: str) -> None:
        expect(self.page.get_by_role("heading", level=1)).to_have_text(text)

    def axe(self) -> None:
        self._axe(self.page)
        self.axe_checks += 1


def link_in_mail(to: str, words: str) -> str:
    """The address in the newest mail to `to` whose subject holds `words`, after everything due has been sent."""
    while drain():
        pass
    found = []
    for file in sorted((Path(settings.VAR_DIR) / "mail").glob("*.eml")):
        mail = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
        if to in mail["To"] and words in mail["Subject"]:
            found.append(plain(mail))
    assert len(found) == 1, f"{len(found)} mails to {to} about “{words}”"
    return str(re.search(r"https?://\S+", found[0])[0])
