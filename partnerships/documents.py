"""The memorandum on paper: its text and who signed it when, as the page shows it and as the PDF prints it.

The worker calls `memorandum_document` with the inputs of a render job: the ids of the version, of the partners and of
the signatures it had when it was asked for. One more signature is another document, with another key.
"""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone

from foundation.rendering.jobs import Document
from partnerships.models import Memorandum, Partner, Signature

MEMORANDUM = "memorandum"


@dataclass(frozen=True)
class Line:
    """A partner under a version: as it was called when it signed; before that, as it is called now."""

    partner: Partner
    name: str
    signature: Signature | None


@dataclass(frozen=True)
class Paper:
    """A version with its signatures. `left`: partners that signed and have left since; what they signed stays."""

    memorandum: Memorandum
    rows: list[Line]
    left: list[Line]

    @property
    def signed(self) -> int:
        return sum(1 for line in self.rows if line.signature)

    @property
    def inputs(self) -> dict[str, Any]:
        lines = [*self.rows, *self.left]
        return {
            "memorandum": self.memorandum.public_id,
            "partners": [line.partner.pk for line in self.rows],
            "signatures": [line.signature.pk for line in lines if line.signature],
        }

    @property
    def text_checksum(self) -> str:
        """SHA-256 of the sections alone: printed on every copy, so that two copies can be told to be of one text."""
        return _sha256([list(section) for section in self.memorandum.wording()])

    @property
    def key(self) -> str:
        """The same for the same text, partners, names and signatures."""
        lines = [(line.name, _signed(line)) for line in (*self.rows, *self.left)]
        facts = [self.memorandum.review_on.isoformat(), self.memorandum.partnership.title, self.inputs, lines]
        return f"{MEMORANDUM}:{self.memorandum.public_id}:{_sha256([self.text_checksum, facts])}"


def paper_of(memorandum: Memorandum, partners: Iterable[Partner] | None = None) -> Paper:
    """As it stands now. Four queries, however many partners; fewer when they are handed in."""
    if partners is None:
        partners = memorandum.partnership.partners.current().select_related("organisation")
    return _paper(memorandum, list(partners), memorandum.signatures.all())


def _paper(memorandum: Memorandum, partners: list[Partner], signatures: Any) -> Paper:
    found = signatures.select_related("signed_by", "partner__organisation")
    by_partner = {s.partner_id: s for s in found.prefetch_related("partner__organisation__former_names").order_by("pk")}
    present = {partner.pk for partner in partners}
    return Paper(
        memorandum,
        rows=[_line(partner, by_partner.get(partner.pk)) for partner in partners],
        left=[_line(s.partner, s) for key, s in by_partner.items() if key not in present],
    )


def _line(partner: Partner, signature: Signature | None) -> Line:
    if signature is None:
        return Line(partner, partner.organisation.name, None)
    return Line(partner, signature.partner.organisation.name_on(timezone.localdate(signature.signed_at)), signature)


def _signed(line: Line) -> list[str]:
    return [str(line.signature.signed_by), line.signature.signed_at.isoformat()] if line.signature else []


def _sha256(content: Any) -> str:
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def memorandum_document(inputs: dict[str, Any]) -> Document:
    """What the press prints: exactly the signatures that were there when it was asked for."""
    memorandum = Memorandum.objects.select_related("partnership", "written_by").get(public_id=inputs["memorandum"])
    partners = Partner.objects.filter(pk__in=inputs["partners"]).select_related("organisation")
    paper = _paper(memorandum, list(partners), memorandum.signatures.filter(pk__in=inputs["signatures"]))
    title = f"Memorandum of understanding: {memorandum.partnership}, version {memorandum.number}"
    context = {"paper": paper, "memorandum": memorandum, "title": title, "site_name": settings.SITE_NAME}
    html = render_to_string("pdf/partnerships/memorandum.html", context)
    return Document(title=title, html=html, filename=f"memorandum-version-{memorandum.number}.pdf")
