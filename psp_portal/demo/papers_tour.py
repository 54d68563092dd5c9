"""The tour's stops at the money of the pilots, what is told of them on paper, and money that a return holds back."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import Fund, Instalment, Partnership
from pilots.models import PaperKind, PilotPaper
from psp_portal.demo import drift, personas
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING, DRIFTING


def stops() -> Iterator[tuple[str, Persona, str]]:
    """The name of the picture, who looks, and the address."""
    who, sponsor = personas.COMMISSIONER, personas.SPONSOR
    here, drifting = (Partnership.objects.get(title=plot.title).public_id for plot in (BEFRIENDING, DRIFTING))
    yield "pilot-drifting", who, reverse("pilots:pilot", args=[drifting])
    yield "pilot-money", who, reverse("pilots:money", args=[here])
    yield "pilot-money-drifting", who, reverse("pilots:money", args=[drifting])
    yield "pilot-report", who, reverse("pilots:report", args=[here])
    yield "pilot-report-drifting", who, reverse("pilots:report", args=[drifting])
    yield "pilot-reports", who, reverse("pilots:papers", args=[here])
    paper = PilotPaper.objects.get(kind=PaperKind.REPORT)
    yield "pilot-paper", who, reverse("pilots:paper", args=[here, paper.public_id])
    yield "evaluation-packs", who, reverse("pilots:evaluation_packs", args=[here])
    fund = Fund.objects.get(source=drift.FUND)
    yield "fund-tied", sponsor, reverse("partnerships:fund", args=[drifting, fund.public_id])
    ready, held = Instalment.objects.filter(fund=fund, released_on=None).order_by("due_on")
    yield "instalment-release", sponsor, reverse("partnerships:instalment_release", args=[drifting, ready.public_id])
    anyway = reverse("partnerships:instalment_release_anyway", args=[drifting, held.public_id])
    yield "instalment-release-anyway", sponsor, anyway
