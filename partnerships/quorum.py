"""Who can still decide at a gate when those with a declared interest do not count (`domain.md` 1.5, default rule).

A decision needs one signature for each of the two roles from people without an interest.
"""

from django.db.models import Exists, OuterRef

from partnerships.lifecycle import Passage
from partnerships.models import Interest, Member, Partnership
from partnerships.roles import PartnershipRole


def lost(passage: Passage, partnership: Partnership) -> list[str]:
    """Why no decision can be taken: one sentence for each role that only people with an interest hold. One query."""
    aside = Interest.objects.current().filter(partnership=partnership, person=OuterRef("person"))
    holders = Member.objects.current().filter(partnership=partnership, role__in=passage.signers)
    held, free = set[str](), set[str]()
    for role, has_interest in holders.annotate(aside=Exists(aside)).values_list("role", "aside"):
        held.add(role)
        if not has_interest:
            free.add(role)
    return [_sentence(role, passage) for role in passage.signers if role in held - free]


def _sentence(role: PartnershipRole, passage: Passage) -> str:
    return (
        f"Everybody who is {role.label.lower()} has declared an interest, so nobody can sign for that role and no "
        f"decision can be taken at {passage.gate.value}. The gate stays open. Give another person without an interest "
        f"the role “{role.label}” on the page “Partners”."
    )
