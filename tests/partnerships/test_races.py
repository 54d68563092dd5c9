"""Two people decide, move or edit at the same moment: exactly one wins, and the other is told who was first.

1,000 races on PostgreSQL and 200 on SQLite, a third of each kind, with real threads on the real engine.
"""

import pytest

from foundation.audit.chain import verify
from partnerships.actions.decision import propose_decision
from partnerships.actions.milestone import move_milestone
from partnerships.actions.partnership import edit_partnership
from partnerships.lifecycle import GateOutcome
from partnerships.models import GateDecision, Milestone, MilestoneMove, Partnership
from partnerships.plan import add_months
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import MilestoneFactory, PartnershipFactory, person_as
from tests.racing import WON, race, rounds

FIRST, SECOND = "Morag Sinclair", "Ailsa Grant"


@pytest.fixture
def two():
    """A partnership and its two leads; a fresh copy of everybody for each thread comes with each call."""
    partnership = PartnershipFactory()
    leads = (
        person_as(PartnershipRole.PUBLIC_LEAD, partnership, name=FIRST, organisation=partnership.public_lead),
        person_as(
            PartnershipRole.THIRD_SECTOR_LEAD, partnership, name=SECOND, organisation=partnership.third_sector_lead
        ),
    )
    return partnership, leads


def each_has_one_winner(told):
    """One side of every race won; the loser's words name the other."""
    for left, right in told:
        assert (left == WON) != (right == WON), (left, right)
        loser_heard, winner = (right, FIRST) if left == WON else (left, SECOND)
        assert winner in loser_heard, loser_heard
    winners = {left == WON for left, _ in told}
    assert winners == {True, False}, "each side wins sometimes, or the two were never at it together"


@pytest.mark.django_db(transaction=True)
def test_two_edit_the_description(two):
    partnership, leads = two
    versions = range(1, rounds() // 3 + 1)

    def edit(person, version):
        about = {"need": "A need.", "service": "", "client_group": "People", "area": "fife", "sponsor": "The sponsor"}
        edit_partnership(
            partnership=partnership, title=f"{person} {version}", **about, by=person, version=version
        )  # fmt: skip

    told = race([tuple(lambda p=p, v=v: edit(p, v) for p in leads) for v in versions])
    each_has_one_winner(told)
    assert Partnership.objects.get().version == len(versions) + 1
    assert verify(partnership.audit_scope) == []


@pytest.mark.django_db(transaction=True)
def test_two_move_the_same_milestone(two):
    partnership, leads = two
    milestone = MilestoneFactory(partnership=partnership)
    versions = range(1, rounds() // 3 + 1)

    def move(person, version):
        months = 2 * version + (person == leads[1])
        move_milestone(
            milestone=milestone, due_on=add_months(milestone.baseline_on, months % 60 + 1),
            reason="The room is taken.", by=person, version=version,
        )  # fmt: skip

    told = race([tuple(lambda p=p, v=v: move(p, v) for p in leads) for v in versions])
    each_has_one_winner(told)
    assert MilestoneMove.objects.count() == len(versions)
    assert Milestone.objects.get().version == len(versions) + 1


@pytest.mark.django_db(transaction=True)
def test_two_propose_at_the_same_gate(two):
    _, leads = two
    partnerships = [PartnershipFactory() for _ in range(rounds() // 3)]
    for partnership in partnerships:
        for role, lead in zip((PartnershipRole.PUBLIC_LEAD, PartnershipRole.THIRD_SECTOR_LEAD), leads, strict=True):
            partnership.members.create(person=lead, role=role, joined_on=partnership.starts_on)

    def propose(person, partnership):
        propose_decision(
            partnership=partnership, outcome=GateOutcome.NOT_YET, reason="There is more to do.", by=person
        )  # fmt: skip

    told = race([tuple(lambda p=p, of=of: propose(p, of) for p in leads) for of in partnerships])
    each_has_one_winner(told)
    assert GateDecision.objects.filter(decided_at=None).count() == len(partnerships)
