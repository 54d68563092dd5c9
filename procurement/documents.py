"""The PDFs of a tender: what goes into each template. The press renders them later, in its own process."""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from foundation.rendering.jobs import Document
from procurement.models import StandstillLetter

STANDSTILL_LETTER = "standstill-letter"


def standstill_letter(inputs: dict[str, Any]) -> Document:
    """The letter exactly as it was frozen when it was sent."""
    letter = StandstillLetter.objects.get(public_id=inputs["letter"])
    title = f"The result of the tender: {letter.content['tender']}"
    html = render_to_string(
        "pdf/procurement/standstill_letter.html",
        {"letter": letter.content, "title": title, "site_name": settings.SITE_NAME},
    )
    return Document(title=title, html=html, filename=f"Letter to {letter.content['recipient']}.pdf")
