"""The history component: sentences, newest first, a page at a time, in one query."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext

from foundation.audit.events import record
from foundation.audit.history import history
from foundation.audit.models import Outcome
from foundation.database import clock
from tests.factories.accounts import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory()


def write(organisation, count, **more):
    person = PersonFactory(name="Morag Sinclair")
    for number in range(count):
        record("organisation.change", on=organisation, by=person, summary=f"made change {number}", **more)


def sentences(page):
    return [line.sentence for line in page.lines]


def test_pages_follow_each_other_without_gap_or_repeat(organisation):
    write(organisation, 7)
    first = history(organisation.audit_scope, size=3)
    second = history(organisation.audit_scope, before=str(first.older), size=3)
    third = history(organisation.audit_scope, before=str(second.older), size=3)
    assert sentences(first) + sentences(second) + sentences(third) == [f"made change {n}" for n in range(6, -1, -1)]
    assert (first.is_first, second.is_first, third.older) == (True, False, None)


def test_a_new_event_does_not_shift_the_pages(organisation):
    write(organisation, 4)
    older = history(organisation.audit_scope, size=2).older
    write(organisation, 3)
    assert sentences(history(organisation.audit_scope, before=str(older), size=2)) == ["made change 1", "made change 0"]


def test_other_scopes_stay_out(organisation):
    write(OrganisationFactory(), 2)
    assert history(organisation.audit_scope).lines == []


@pytest.mark.parametrize("nonsense", ["", "abc", "-1", "1.5", "９", "9" * 40, "1 OR 1=1", "\x00", None])
def test_nonsense_in_the_address_means_the_first_page(organisation, nonsense):
    write(organisation, 2)
    page = history(organisation.audit_scope, before=nonsense)
    assert page.is_first
    assert len(page.lines) == 2


@pytest.mark.parametrize("count", [1, 3, 300])
def test_one_query_however_long_the_history(organisation, count):
    write(organisation, count)
    with CaptureQueriesContext(connection) as captured:
        page = history(organisation.audit_scope)
        render_to_string("components/history.html", {"history": page})
    assert len(captured) == 1


class TestTheComponent:
    def test_it_says_who_when_what_and_why(self, organisation):
        with clock.at(datetime(2026, 7, 1, 12, 30, tzinfo=UTC)):
            write(organisation, 1, reason="<b>Because</b>")
        page = render_to_string("components/history.html", {"history": history(organisation.audit_scope)})
        assert "1 July 2026, 13:30" in page
        assert "<strong>Morag Sinclair</strong> made change 0." in page
        assert "Reason: &lt;b&gt;Because&lt;/b&gt;" in page
        assert "Refused" not in page

    def test_a_refusal_is_marked_in_words(self, organisation):
        write(organisation, 1, outcome=Outcome.REFUSED, reason="You may not change the plan.")
        page = render_to_string("components/history.html", {"history": history(organisation.audit_scope)})
        assert ">Refused</span>" in page
        assert "The portal’s answer: You may not change the plan." in page

    def test_the_links_lead_to_older_and_newest_events(self, organisation):
        write(organisation, 30)
        first = history(organisation.audit_scope)
        page = render_to_string("components/history.html", {"history": first})
        assert f'href="?before={first.older}"' in page
        assert "Newest events" not in page
        last = history(organisation.audit_scope, before=str(first.older))
        page = render_to_string("components/history.html", {"history": last})
        assert "Newest events" in page
        assert "Older events" not in page

    def test_an_empty_history_says_what_will_appear(self, organisation):
        page = render_to_string("components/history.html", {"history": history(organisation.audit_scope)})
        assert "Every change will be listed" in page
