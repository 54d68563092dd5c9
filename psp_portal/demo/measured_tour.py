"""The tour's pages of what is measured: indicators, the starter set, who started, the logic model."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import Partnership
from pilots.models import Indicator
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING, HOUSING, TRANSPORT, Plot


def stops() -> Iterator[tuple[str, Persona, str]]:
    """What is pictured, who looks, and the address."""
    who, lead, here = personas.MANAGER, personas.PROJECT_LEAD, _partnership(BEFRIENDING)
    starts = [here, _indicator(BEFRIENDING, "R1")]
    yield ("indicators", who, reverse("pilots:indicators", args=[here]))
    yield ("indicator", who, reverse("pilots:indicator", args=starts))
    yield ("indicator-tool", who, reverse("pilots:indicator", args=[here, _indicator(BEFRIENDING, "O-W")]))
    drifting = [_partnership(HOUSING), _indicator(HOUSING, "R3")]
    yield ("indicator-drifting", lead, reverse("pilots:indicator", args=drifting))
    yield ("indicator-edit", who, reverse("pilots:indicator_edit", args=starts))
    yield ("starter-set", lead, reverse("pilots:starter_set", args=[here]))
    yield ("starter-set-new", lead, reverse("pilots:starter_set", args=[_partnership(TRANSPORT)]))
    yield ("who-started", personas.EVALUATOR, reverse("pilots:who_started", args=starts))
    yield ("who-started-whole", who, reverse("pilots:who_started", args=starts) + "?range=all")
    yield ("logic-model", who, reverse("pilots:logic_model", args=[here]))
    yield ("logic-model-print", who, reverse("pilots:logic_model_print", args=[here]))
    yield ("logic-model-write", lead, reverse("pilots:logic_model_write", args=[here]))
    yield ("logic-model-unwritten", lead, reverse("pilots:logic_model", args=[_partnership(HOUSING)]))


def _partnership(plot: Plot) -> str:
    return Partnership.objects.get(title=plot.title).public_id


def _indicator(plot: Plot, code: str) -> str:
    return Indicator.objects.get(partnership__title=plot.title, code=code).public_id
