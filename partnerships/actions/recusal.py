"""Standing aside from a gate decision: written down with the decision, and never taken back (`domain.md` 1.5)."""

from functools import partial
from typing import TYPE_CHECKING

from foundation.policy.refusals import NotNow
from partnerships.lifecycle import Passage
from partnerships.models import GateDecision, Interest, Member, Partnership, Recusal, interest_of

if TYPE_CHECKING:
    from accounts.models import Person


def recuse(decision: GateDecision, interest: Interest) -> Recusal:
    """Write down that whoever declared `interest` stands aside from `decision`; once, however often it is tried."""
    recusal, _ = Recusal.objects.get_or_create(
        decision=decision, person_id=interest.person_id, defaults={"interest": interest}
    )
    return recusal


def recuse_everybody_concerned(decision: GateDecision, passage: Passage) -> list[Recusal]:
    """When a decision is proposed: everybody who might sign it, but has an interest, stands aside from it."""
    signers = Member.objects.current().filter(partnership=decision.partnership, role__in=passage.signers)
    concerned = Interest.objects.current().filter(partnership=decision.partnership, person__in=signers.values("person"))
    return [recuse(decision, interest) for interest in concerned.select_related("person")]


def refuse_whoever_has_an_interest(person: "Person", partnership: Partnership, decision: GateDecision | None) -> None:
    """Refuse in words; the try leaves the recusal on the open decision, so that its page shows it."""
    if interest := interest_of(person, partnership):
        raise NotNow(
            f"You declared an interest: {interest}. While it is current you take no part in this partnership’s gate "
            "decisions; they are signed without you. If it has ended, end it on the page “Interests”.",
            minute=partial(recuse, decision, interest) if decision else None,
        )
    if decision and decision.recusals.filter(person=person).exists():
        raise NotNow("You stood aside from this decision because of an interest. It is signed without you.")
