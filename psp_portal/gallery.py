"""Every mail the portal can send, as an example: what the gallery shows and a test keeps whole."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from accounts.models import Person
from foundation.delivery.choosing import link_for
from foundation.delivery.message import html_of, text_of, text_with_link
from foundation.delivery.models import OutboxMail

SAMPLES = Path(__file__).parent / "data" / "mail_samples.toml"
NO_TOKEN = "sample"  # noqa: S105  stands where a mail has a token: a link that leads nowhere


@dataclass(frozen=True)
class Example:
    """One mail as it might be: `name` is its template below `templates/emails`."""

    name: str
    kind: str
    subject: str
    why: str
    context: dict[str, Any]

    def mail(self, reader: Person) -> OutboxMail:
        """The row it would be; it is never saved."""
        return OutboxMail(
            kind=self.kind,
            to=None if self.kind == "answer" else reader,
            to_address=reader.email,
            subject=self.subject,
            template=f"emails/{self.name}",
            context=self.context,
            why=self.why,
        )

    def text(self, reader: Person) -> str:
        mail = self.mail(reader)
        return text_with_link(text_of(mail), link_for(mail, NO_TOKEN))

    def html(self, reader: Person) -> str:
        mail = self.mail(reader)
        return html_of(mail, link=link_for(mail, NO_TOKEN))


@cache
def examples() -> dict[str, Example]:
    """All of them, by name."""
    found = tomllib.loads(SAMPLES.read_text(encoding="utf-8"))
    return {name: Example(name=name, **fields) for name, fields in sorted(found.items())}
