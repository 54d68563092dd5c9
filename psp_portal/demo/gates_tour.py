"""The tour's stops at the gates: the ladder, a statement that has grown old, and what every gate asks for."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.lifecycle import Gate
from partnerships.models import Partnership
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING, TRANSPORT


def stops() -> Iterator[tuple[str, Persona, str]]:
    """The name of the picture, who looks, and the address."""
    who = personas.PROJECT_LEAD
    here, young = (Partnership.objects.get(title=plot.title).public_id for plot in (BEFRIENDING, TRANSPORT))
    yield "gates", who, reverse("partnerships:gate", args=[here])
    for name, gate in (("gate-stale", Gate.G3), ("gate-behind", Gate.G1), ("gate-ahead", Gate.G5)):
        yield name, who, reverse("partnerships:gate_at", args=[here, gate])
    yield "evidence-give", who, reverse("partnerships:evidence_give", args=[young, Gate.G1, "wanted"])
    yield "evidence-confirm", who, reverse("partnerships:evidence_confirm", args=[here, Gate.G3, "money_after"])
    yield "checklists", who, reverse("checklists")
    yield "checklist", personas.ADMINISTRATOR, reverse("checklist", args=[Gate.G2])
    yield "checklist-publish", personas.ADMINISTRATOR, reverse("checklist_publish", args=[Gate.G2])
