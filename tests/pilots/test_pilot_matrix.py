"""The policy table of the pilots against every role: who may reach each address is exactly what the table says."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from django.urls import get_resolver, reverse

from foundation.database import clock
from foundation.policy.table import Rule
from partnerships.lifecycle import Gate
from partnerships.permissions import ABILITIES
from partnerships.roles import PartnershipRole
from pilots.actions.papers import request_evaluation_pack
from pilots.models import Note
from pilots.policy import NOT_ONES_OWN, POLICY
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import person_as
from tests.factories.pilots import EvaluationFactory, IndicatorFactory, ReturnFactory, StoryFactory
from tests.factories.sroi import worked_example
from tests.partnerships.test_matrix import asked

pytestmark = pytest.mark.django_db

# Of what is not in this small world: nobody corrected a return, uploaded a workbook or a photo, or waited for a PDF.
NOT_THERE = {
    "workbook_import", "workbook_save", "workbook_undo", "note_photo", "paper_download", "sroi_pdf",
    "evaluation_report", "correction_drop", "return_fill_in_section", "sroi_pdf_progress",
}  # fmt: skip


def of_a_pilot() -> Iterator[tuple[str, Rule, list[str]]]:
    for name, rule in POLICY.items():
        short = name.removeprefix("pilots:")
        parts = list(get_resolver().namespace_dict["pilots"][1].reverse_dict.getlist(short)[0][0][0][1])
        if "partnership_id" in parts:
            yield short, rule, parts


ADDRESSES = list(of_a_pilot())


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 20, 12, tzinfo=UTC)):
        yield


def world():
    found = worked_example()
    partnership = found.partnership
    type(partnership).objects.filter(pk=partnership.pk).update(stage="pilot")
    partnership.refresh_from_db()
    accepted = ReturnFactory(partnership=partnership, period=date(2026, 9, 1), accepted=True)
    ReturnFactory(partnership=partnership, period=date(2026, 10, 1))
    writer = person_as(PartnershipRole.OBSERVER, partnership)
    note = Note.objects.create(
        partnership=partnership, kind="quote", text="Tuesdays suit.", noted_by=writer, noted_on=date(2026, 11, 3),
        period=date(2026, 11, 1),
    )  # fmt: skip
    EvaluationFactory(partnership=partnership)
    indicator = IndicatorFactory(partnership=partnership, code="R1", drawn_from="new_starts")
    paper = request_evaluation_pack(partnership=partnership, gate=Gate.G3, by=writer)
    values = {
        "partnership_id": partnership.public_id, "period": accepted.period, "section": "people", "revision": 1,
        "indicator_id": indicator.public_id, "kind": "csv", "gate": "G3",
        "story_id": StoryFactory(monthly_return=accepted, published=True).public_id, "paper_id": paper.public_id,
        "note_id": note.public_id, "number": found.number, "first": date(2026, 9, 1), "last": date(2026, 9, 1),
        "outcome_id": found.stakeholders.all()[0].outcomes.all()[0].public_id, "import_id": note.public_id,
    }  # fmt: skip
    return partnership, values


def address(short: str, parts: list[str], values: dict) -> str:
    more = {"kind": "quote"} if short == "note_add" else {}
    return reverse(f"pilots:{short}", kwargs={part: values[part] for part in parts} | more)


@pytest.mark.parametrize("role", PartnershipRole)
def test_each_role_may_exactly_what_the_table_says(client, role):
    partnership, values = world()
    client.force_login(person_as(role, partnership))
    wrong = []
    for short, rule, parts in ADDRESSES:
        if not rule.abilities and role != PartnershipRole.OBSERVER:
            continue  # reading is the same for every role
        may = not rule.abilities or not ABILITIES[role].isdisjoint(rule.abilities)
        status = asked(client, rule, address(short, parts, values))
        fine = status in ((200, 302, 409) if may else (403, 404))
        if not fine and not (status == 404 and short in NOT_THERE):
            wrong.append((short, status))
    assert not wrong


def test_every_rule_that_asks_for_a_role_says_which_ability():
    """In words and in the column that the matrix reads: neither can say more than the other."""
    for name, rule in POLICY.items():
        words = " or ".join(ability.value for ability in rule.abilities)
        assert (", and a role that may" in rule.needs) == bool(rule.abilities), name
        assert rule.needs.removesuffix(NOT_ONES_OWN).endswith(words), name


def test_nobody_without_a_part_learns_that_any_of_it_exists(client):
    _, values = world()
    client.force_login(PersonFactory(commissioner=True))
    answers = {short: asked(client, rule, address(short, parts, values)) for short, rule, parts in ADDRESSES}
    assert {short: status for short, status in answers.items() if status != 404} == {}
