"""Three tenders of one buyer in one month: the arithmetic, and who is told."""

from datetime import date

import pytest
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from partnerships.clash import TOO_MANY, PlannedTender, clashes
from partnerships.clashes import clash_after, clash_of
from partnerships.plan import Block
from partnerships.roles import PartnershipRole
from tests.factories.accounts import OrganisationFactory
from tests.factories.partnerships import MemberFactory, MilestoneFactory, PartnershipFactory, person_as
from tests.reading import text

TODAY = date(2026, 5, 20)
BOARD = "Caledon Health and Care Board"


def planned(*days: date, buyer=BOARD) -> list[PlannedTender]:
    return [PlannedTender(f"P{n}", buyer, day, n) for n, day in enumerate(days, 1)]


@pytest.mark.parametrize(
    ("days", "told"),
    [
        ([date(2027, 9, 1), date(2027, 9, 30)], []),
        ([date(2027, 8, 31), date(2027, 9, 1), date(2027, 9, 30)], []),
        ([date(2027, 9, 30), date(2027, 9, 1), date(2027, 9, 15)], [(date(2027, 9, 1), ("P2", "P3", "P1"))]),
        ([date(2026, 9, 5), date(2027, 9, 5), date(2028, 9, 5)], []),
        ([date(2026, 4, 30)] * 3, []),
        ([date(2026, 5, 1)] * 3, [(date(2026, 5, 1), ("P1", "P2", "P3"))]),
    ],
)
def test_three_in_one_calendar_month_clash_and_two_or_the_months_behind_us_do_not(days, told):
    assert [(clash.month, clash.partnerships) for clash in clashes(planned(*days), TODAY)] == told


def test_different_buyers_do_not_clash():
    days = [date(2027, 9, 5)] * 2
    assert clashes(planned(*days) + planned(*days, buyer="Another council"), TODAY) == []


def test_the_sentence_names_the_month_the_buyer_and_each_of_them():
    (clash,) = clashes(planned(*[date(2027, 9, 5)] * 3), TODAY)
    assert clash.sentence == f"Three tenders of {BOARD} begin in September 2027: P1, P2 and P3."


@given(st.lists(st.tuples(st.sampled_from("ABC"), st.dates(date(2026, 1, 1), date(2027, 12, 31))), max_size=30))
def test_every_clash_has_three_and_no_tender_stands_in_two(tenders):
    rows = [PlannedTender("P", buyer, day, n) for n, (buyer, day) in enumerate(tenders)]
    found = clashes(rows, TODAY)
    told = [tender for clash in found for tender in clash.tenders]
    assert len(told) == len(set(told))
    assert all(len(clash.partnerships) >= TOO_MANY for clash in found)
    assert found == clashes(list(reversed(rows)), TODAY)


@pytest.mark.django_db
def test_plan_and_calendars_tell_whoever_sees_all_three_and_nobody_else(client):
    board = OrganisationFactory(public=True, name=BOARD)
    three = [PartnershipFactory(title=f"Tender {n}", public_lead=board) for n in "ABC"]
    for partnership in three:
        MilestoneFactory(partnership=partnership, block=Block.EVALUATION, ends_block=True, due_on=date(2099, 9, 5))
    sponsor = person_as(PartnershipRole.SPONSOR, three[0])
    for partnership in three[1:]:
        MemberFactory(partnership=partnership, person=sponsor, role=PartnershipRole.SPONSOR)
    reader = person_as(PartnershipRole.OBSERVER, three[0])
    MemberFactory(partnership=three[1], person=reader)
    told = f"Three tenders of {BOARD} begin in September 2099: Tender A, Tender B and Tender C."
    for address in ("/calendars/", f"/partnerships/{three[0].public_id}/plan/"):
        client.force_login(sponsor)
        assert told in text(client.get(address))
        client.force_login(reader)
        assert "begin in September" not in text(client.get(address))


@pytest.mark.django_db
def test_a_plan_knows_its_own_clash_from_that_of_another_of_the_same_title(client):
    """Two called “Befriending”, of one council: one begins in a full month, the other in a month of its own."""
    board = OrganisationFactory(public=True, name=BOARD)
    titles = ("Befriending", "Tender B", "Tender C", "Befriending")
    rows = [PartnershipFactory(title=title, public_lead=board) for title in titles]
    sponsor = person_as(PartnershipRole.SPONSOR, rows[0])
    for partnership, month in zip(rows, (9, 9, 9, 11), strict=True):
        MilestoneFactory(partnership=partnership, block=Block.EVALUATION, ends_block=True, due_on=date(2099, month, 5))
        if partnership != rows[0]:
            MemberFactory(partnership=partnership, person=sponsor, role=PartnershipRole.SPONSOR)
    assert clash_of(rows[0], rows[0].milestones.all(), sponsor).partnerships == ("Befriending", "Tender B", "Tender C")
    assert clash_of(rows[3], rows[3].milestones.all(), sponsor) is None
    client.force_login(sponsor)
    assert "begin in September 2099" not in text(client.get(f"/partnerships/{rows[3].public_id}/plan/"))


@pytest.fixture
def three():
    """Two tenders of one buyer begin in September 2099, the third in June; one lead sees all three."""
    board = OrganisationFactory(public=True, name=BOARD)
    rows = [PartnershipFactory(title=f"Tender {n}", public_lead=board) for n in "ABC"]
    for partnership, month in zip(rows, (6, 9, 9), strict=True):
        MilestoneFactory(
            partnership=partnership, block=Block.EVALUATION, ends_block=True,
            baseline_on=date(2099, month, 5), due_on=date(2099, month, 5),
        )  # fmt: skip
    return rows


@pytest.fixture
def lead(three):
    person = person_as(PartnershipRole.PROJECT_LEAD, three[0])
    for partnership in three[1:]:
        MemberFactory(partnership=partnership, person=person)
    return person


def begins(partnership):
    return partnership.milestones.get(block=Block.EVALUATION)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("to", "told"),
    [(date(2099, 9, 30), ("Tender B", "Tender C", "Tender A")), (date(2099, 10, 1), None), (date(2099, 6, 30), None)],
)
def test_a_move_is_told_the_month_it_would_fill(three, lead, to, told):
    clash = clash_after(three[0], [(begins(three[0]), to)], lead)
    assert (clash and clash.partnerships) == told


@pytest.mark.django_db
def test_only_the_milestone_at_which_the_tender_begins_is_asked_about(three, lead, django_assert_num_queries):
    other = MilestoneFactory(partnership=three[0], block=Block.EVALUATION, ends_block=False)
    with django_assert_num_queries(0):
        assert clash_after(three[0], [(other, date(2099, 9, 1))], lead) is None


@pytest.mark.django_db
def test_whoever_sees_two_of_the_three_is_not_told_of_the_third(three):
    reader = person_as(PartnershipRole.PROJECT_LEAD, three[0])
    MemberFactory(partnership=three[1], person=reader)
    assert clash_after(three[0], [(begins(three[0]), date(2099, 9, 1))], reader) is None


@pytest.mark.django_db
def test_the_clash_is_said_before_the_move_is_confirmed_and_does_not_forbid_it(client, three, lead):
    found = begins(three[0])
    address = reverse("partnerships:milestone_move", args=[three[0].public_id, found.public_id])
    client.force_login(lead)
    given = {"due_on": "12/9/2099", "reason": "The pilot runs longer.", "version": found.version}
    page = client.post(address, given)
    assert (
        f"With this move, three tenders of {BOARD} begin in September 2099: Tender B, Tender C and Tender A."
        in text(page)
    )
    assert begins(three[0]).due_on == date(2099, 6, 5)
    form = page.context["form"]
    assert client.post(address, given | {"seen": form["seen"].value()}).status_code == 302
    assert begins(three[0]).due_on == date(2099, 9, 12)


@pytest.mark.django_db
def test_the_move_of_a_start_tells_it_too(client, three, lead):
    client.force_login(lead)
    address = reverse("partnerships:plan_start", args=[three[0].public_id])
    given = {"reason": "A late start.", "version": three[0].version}
    assert "With this move, three tenders" in text(client.post(address, given | {"months": "3"}))
    assert "With this move" not in text(client.post(address, given | {"months": "4"}))
