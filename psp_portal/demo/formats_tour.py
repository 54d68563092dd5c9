"""The tour's stops at the formats of a report and of a learning point."""

from collections.abc import Iterator

from django.urls import reverse

from lessons.formats.catalogue import CONTRACTED
from lessons.models import FormatRequest, LearningPoint
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona


def stops() -> Iterator[tuple[str, Persona, str]]:
    """The name of the picture, who looks, and the address."""
    who, point = personas.PUBLISHER, LearningPoint.objects.get(number=1)
    yield "learning-point-formats", who, point.get_absolute_url()
    of = ["learning-point", point.public_id]
    yield "format-proof-read", who, reverse("lessons:format_proof_read", args=[*of, CONTRACTED])
    yield "format-requests", who, reverse("lessons:format_requests")
    asked = FormatRequest.objects.waiting().first()
    assert asked is not None
    yield "format-settle", who, reverse("lessons:format_settle", args=[asked.public_id])
    yield "format-asked", who, reverse("lessons:format_asked", args=[asked.public_id])
    yield "format-ask", who, reverse("lessons:format_ask", args=of)
    yield "format-version", who, reverse("lessons:version_link", args=of)
