"""When an evaluation pack is made: for a gate ahead, and with a warning while it would go without the evaluation."""

from datetime import UTC, datetime

import pytest

from foundation.database import clock
from foundation.policy.refusals import NotNow
from foundation.rendering.models import RenderJob
from partnerships.lifecycle import Gate
from partnerships.roles import PartnershipRole
from pilots.actions.papers import request_evaluation_pack
from pilots.models import PilotPaper
from tests.factories.gates import passed
from tests.factories.partnerships import PartnershipFactory, person_as
from tests.factories.pilots import EvaluationFactory
from tests.pilots.test_papers import address, quarter
from tests.reading import text

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _november():
    with clock.at(datetime(2026, 11, 28, 12, tzinfo=UTC)):
        yield


@pytest.fixture
def partnership():
    return PartnershipFactory(in_pilot=True)


@pytest.fixture
def reader(client, partnership):
    person = person_as(PartnershipRole.OBSERVER, partnership)
    client.force_login(person)
    return person


def test_no_pack_is_made_for_a_gate_that_is_passed(client, partnership, reader):
    quarter(partnership)
    passed(Gate.G2, partnership)
    with pytest.raises(NotNow, match="Gate G2 was passed on 28 November 2026"):
        request_evaluation_pack(partnership=partnership, gate=Gate.G2, by=reader)
    assert not PilotPaper.objects.exists()
    assert not RenderJob.objects.exists()
    page = text(client.get(address("evaluation_packs", partnership)))
    assert "Gate G2 was passed on 28 November 2026, so no more packs are made for it." in page
    assert address("evaluation_pack_ask", partnership, "G2") not in page
    assert address("evaluation_pack_ask", partnership, "G3") in page


@pytest.mark.parametrize(
    ("written", "warning"),
    [
        (None, "The evaluation is not written yet."),
        ({}, "The evaluation is not signed off yet."),
        ({"signed_off": True}, ""),
    ],
)
def test_the_packs_page_warns_while_the_evaluation_would_be_left_out(client, partnership, reader, written, warning):
    quarter(partnership)
    if written is not None:
        EvaluationFactory(partnership=partnership, **written)
    page = text(client.get(address("evaluation_packs", partnership)))
    assert ("A pack made now says so, and goes without it." in page) == bool(warning)
    assert warning in page
