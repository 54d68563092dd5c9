"""The PDF of a published SROI map: what goes into its template. The worker prints it; a published map never changes."""

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.template.loader import render_to_string

from foundation.rendering import jobs
from foundation.rendering.jobs import Document
from foundation.rendering.models import RenderJob
from pilots.models import SroiMap
from pilots.valuation import sheet_of

if TYPE_CHECKING:
    from accounts.models import Person

SROI_MAP = "sroi-map"


def request_sroi_pdf(sroi_map: SroiMap, by: "Person") -> RenderJob:
    """Queue the PDF, inside the transaction that publishes the map."""
    return jobs.request(
        kind=SROI_MAP,
        inputs={"sroi_map": sroi_map.public_id},
        key=_key(sroi_map),
        title=f"{sroi_map} as a PDF",
        by=by,
        scope=sroi_map.audit_scope,
    )


def sroi_pdf(sroi_map: SroiMap) -> RenderJob | None:
    """The job that makes or made it; None for a draft."""
    return RenderJob.objects.select_related("file").filter(key=_key(sroi_map)).first()


def sroi_document(inputs: dict[str, Any]) -> Document:
    maps = SroiMap.objects.with_contents().select_related("partnership", "published_by")
    sroi_map = maps.get(public_id=inputs["sroi_map"])
    title = f"{sroi_map}: {sroi_map.title}"
    html = render_to_string(
        "pdf/pilots/sroi_map.html",
        {"sroi_map": sroi_map, "sheet": sheet_of(sroi_map), "title": title, "site_name": settings.SITE_NAME},
    )
    return Document(title=title, html=html, filename=f"sroi-map-{sroi_map.number}.pdf")


def _key(sroi_map: SroiMap) -> str:
    return f"{SROI_MAP}:{sroi_map.public_id}"
