"""The tour's pages of what goes out and comes in as a spreadsheet: workbooks, figures, grants."""

from collections.abc import Iterator

from django.urls import reverse

from partnerships.models import Fund, Partnership
from pilots.models import ImportState, WorkbookImport
from psp_portal.demo import personas
from psp_portal.demo.means import GRANT
from psp_portal.demo.personas import Persona
from psp_portal.demo.plots import BEFRIENDING


def stops() -> Iterator[tuple[str, Persona, str]]:
    """What is pictured, who looks, and the address."""
    who, lead = personas.MANAGER, personas.PROJECT_LEAD
    here = Partnership.objects.get(title=BEFRIENDING.title).public_id
    imports = WorkbookImport.objects.filter(partnership__public_id=here)
    yield ("workbook", who, reverse("pilots:workbook", args=[here]))
    for name, state in (("workbook-preview", ImportState.WAITING), ("workbook-saved", ImportState.SAVED)):
        yield (name, who, reverse("pilots:workbook_import", args=[here, imports.get(state=state).public_id]))
    yield ("figures", who, reverse("pilots:data", args=[here]))
    yield ("figures-all", personas.COMMISSIONER, reverse("pilots:all_data") + "?stage=pilot")
    grant = Fund.objects.get(partnership__public_id=here, source=GRANT)
    yield ("grants", lead, reverse("partnerships:grants", args=[here]))
    yield ("grant-describe", lead, reverse("partnerships:grant_describe", args=[here, grant.public_id]))
    yield ("grants-all", personas.COMMISSIONER, reverse("partnerships:all_grants"))
