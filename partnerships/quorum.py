"""Who can still decide at a gate when those with a declared interest do not count (`domain.md` 1.5, default rule).

A decision needs one signature for each of the two roles, by two different people without an interest.
"""

from partnerships.lifecycle import Passage
from partnerships.models import Interest, Member, Partnership
from partnerships.roles import PartnershipRole


def without_interest(passage: Passage, partnership: Partnership) -> dict[PartnershipRole, set[int]]:
    """For each signing role the people (by primary key) who hold it today and have no interest. Two queries."""
    holders = Member.objects.current().filter(partnership=partnership, role__in=passage.signers)
    aside = set(Interest.objects.current().filter(partnership=partnership).values_list("person_id", flat=True))
    free: dict[PartnershipRole, set[int]] = {role: set() for role in passage.signers}
    for role, person_id in holders.values_list("role", "person_id"):
        if person_id not in aside:
            free[PartnershipRole(role)].add(person_id)
    return free


def lost(passage: Passage, partnership: Partnership) -> list[str]:
    """Why no decision can be taken: one sentence for each role that only people with an interest hold."""
    free = without_interest(passage, partnership)
    empty = [role for role, people in free.items() if not people]
    if not empty:
        return []
    held = set(Member.objects.current().filter(partnership=partnership, role__in=empty).values_list("role", flat=True))
    return [_sentence(role, passage) for role in empty if role in held]


def _sentence(role: PartnershipRole, passage: Passage) -> str:
    return (
        f"Everybody who is {role.label.lower()} has declared an interest, so nobody can sign for that role and no "
        f"decision can be taken at {passage.gate.value}. The gate stays open. Give another person without an interest "
        f"the role “{role.label}” on the page “Partners”."
    )
