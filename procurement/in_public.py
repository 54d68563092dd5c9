"""What a partnership's public page shows of its tenders: notices that went out, as anybody may read them."""

from foundation.database import clock
from foundation.database.clock import local
from partnerships.models import Partnership
from partnerships.public_sections import Entry
from procurement.lifecycle import TenderState
from procurement.models import Tender


def notices_of(partnership: Partnership) -> list[Entry]:
    """Newest first. One query."""
    rows = Tender.objects.published().filter(partnership=partnership).order_by("-published_at", "-pk")
    return [Entry(row.title, row.get_absolute_url(), _told(row)) for row in rows]


def _told(tender: Tender) -> str:
    is_open = tender.state == TenderState.OPEN and tender.deadline_at and clock.now() <= tender.deadline_at
    return (
        f"The deadline for bids is {local(tender.deadline_at)}."
        if is_open and tender.deadline_at
        else f"{tender.get_state_display()}."
    )
