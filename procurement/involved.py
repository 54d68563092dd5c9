"""Prior involvement: who took part before the tender, and who is related to them (SSI 2015/446 r42; `domain.md` 1.6).

Involvement keeps nobody out. It is known so that what these organisations learned reaches every bidder, and so that
nobody they employ scores.
"""

from dataclasses import dataclass

from accounts.kinship import family
from accounts.models import Organisation
from accounts.models.kin import OrganisationLink
from foundation.database import clock
from partnerships.models import Partner
from procurement.models import Tender


@dataclass(frozen=True)
class Involved:
    """`because` finishes the sentence that begins with the organisation's name."""

    organisation: Organisation
    because: str


def involved(tender: Tender) -> list[Involved]:
    """Every partner there ever was, then whoever is related to one today; the buyer's own body is not among them.

    Four queries, however many partners.
    """
    took_part = _took_part(tender)
    links = list(OrganisationLink.objects.in_force(clock.today()).values_list("above", "below"))
    merged: dict[int, int] = dict(
        Organisation.objects.filter(merged_on__lte=clock.today()).values_list("pk", "merged_into_id")
    )
    kin: dict[int, list[str]] = {}
    for row in took_part:
        for other in family(row.organisation.pk, links, merged) - {tender.partnership.public_lead_id}:
            kin.setdefault(other, []).append(row.organisation.name)
    related = Organisation.objects.filter(pk__in=kin).exclude(pk__in=[row.organisation.pk for row in took_part])
    return took_part + [
        Involved(organisation, f"is related to {' and '.join(kin[organisation.pk])}")
        for organisation in related.order_by("name")
    ]


def _took_part(tender: Tender) -> list[Involved]:
    """The third sector lead, and the newest row of every other partner but the buyer."""
    lead, buyer = tender.partnership.third_sector_lead, tender.partnership.public_lead_id
    rows = Partner.objects.filter(partnership=tender.partnership).exclude(organisation=buyer)
    newest = {row.organisation_id: row for row in rows.select_related("organisation").order_by("joined_on", "pk")}
    found = [Involved(row.organisation, _part_of(row)) for row in newest.values()]
    return found if lead.pk in newest else [Involved(lead, "leads the partnership for the third sector"), *found]


def _part_of(partner: Partner) -> str:
    part, since = partner.get_part_display().lower(), f"{partner.joined_on:%-d %B %Y}"
    if partner.left_on:
        return f"was a partner ({part}) from {since} to {partner.left_on:%-d %B %Y}"
    return f"has been a partner ({part}) since {since}"
