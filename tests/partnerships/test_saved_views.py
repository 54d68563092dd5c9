"""Saved views of the portfolio: kept, renamed, opened with and removed by their own person only."""

from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent, Outcome
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.saved_view import open_with, remove_view, rename_view, save_view
from partnerships.filters import filter_in_words, filter_of
from partnerships.models import LONGEST_QUERY, MOST_VIEWS, SavedView
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory

pytestmark = pytest.mark.django_db
PORTFOLIO = "/partnerships/"


def kept(person, name="Late pilots", query="stage=pilot&health=red", is_default=False) -> SavedView:
    return save_view(name=name, query=query, is_default=is_default, by=person)


def names(person) -> list[str]:
    return [view.name for view in SavedView.objects.visible_to(person)]


def test_saving_keeps_name_and_filter_for_this_person_alone():
    person, other = PersonFactory(), PersonFactory()
    view = kept(person, name="  Late pilots ")
    assert names(person) == ["Late pilots"]
    assert names(other) == []
    assert view.get_absolute_url() == f"{PORTFOLIO}?stage=pilot&health=red"
    event = AuditEvent.objects.get()
    assert (event.action, event.summary) == ("view.save", "saved the view “Late pilots”")
    assert person.audit_scope != event.scope  # what somebody looks for is not part of their account's history


@pytest.mark.parametrize(
    ("query", "reason"), [("", "Choose something in the filter"), ("text=" + "a" * LONGEST_QUERY, "too long to keep")]
)
def test_what_cannot_be_kept_is_refused_with_the_reason_and_the_refusal_recorded(query, reason):
    person = PersonFactory()
    with pytest.raises(NotNow, match=reason):
        kept(person, query=query)
    assert names(person) == []
    assert AuditEvent.objects.get().outcome == Outcome.REFUSED


def test_twenty_views_are_the_most_and_one_less_makes_room():
    person = PersonFactory()
    views = [kept(person, name=f"View {n}") for n in range(MOST_VIEWS)]
    with pytest.raises(NotNow, match="which is the most"):
        kept(person, name="One more")
    remove_view(view=views[0], by=person)
    kept(person, name="One more")
    assert len(names(person)) == MOST_VIEWS
    kept(PersonFactory(), name="Another person's")


@pytest.mark.parametrize("name", ["late PILOTS", " Late pilots ", "   "])
def test_a_name_is_used_once_per_person_and_is_not_empty(name):
    person, second = PersonFactory(), PersonFactory()
    kept(person)
    other = kept(person, name="Other")
    for attempt in (lambda: kept(person, name=name), lambda: rename_view(view=other, name=name, by=person)):
        with pytest.raises(ValidationError) as refused:
            attempt()
        assert list(refused.value.message_dict) == ["name"]
    assert names(person) == ["Late pilots", "Other"]
    kept(second)  # somebody else may use the name


def test_renaming_keeps_what_it_shows_and_may_change_only_its_capitals():
    person = PersonFactory()
    view = kept(person)
    rename_view(view=view, name="LATE pilots", by=person)
    view.refresh_from_db()
    assert (view.name, view.query) == ("LATE pilots", "stage=pilot&health=red")
    assert AuditEvent.objects.filter(action="view.rename").count() == 1


def test_one_view_at_most_is_opened_with():
    person = PersonFactory()
    first = kept(person, is_default=True)
    second = kept(person, name="Second", query="area=fife", is_default=True)
    assert [v.name for v in SavedView.objects.filter(is_default=True)] == ["Second"]
    open_with(view=first, wanted=True, by=person)
    assert [v.name for v in SavedView.objects.filter(is_default=True)] == ["Late pilots"]
    open_with(view=first, wanted=False, by=person)
    assert not SavedView.objects.filter(is_default=True).exists()
    assert second.name == "Second"


def test_nobody_changes_the_view_of_another():
    view, other = kept(PersonFactory(), is_default=True), PersonFactory()
    for attempt in (
        lambda: rename_view(view=view, name="Mine", by=other),
        lambda: open_with(view=view, wanted=False, by=other),
        lambda: remove_view(view=view, by=other),
    ):
        with pytest.raises(NotPermitted, match="Only the person who saved a view"):
            attempt()
    view.refresh_from_db()
    assert (view.name, view.is_default) == ("Late pilots", True)


def test_the_pages_of_a_view_are_not_found_by_others(client):
    view = kept(PersonFactory())
    client.force_login(PersonFactory())
    for page in ("rename", "opening", "remove"):
        assert client.get(reverse(f"partnerships:view_{page}", args=[view.public_id])).status_code == 404, page


def test_a_person_saves_opens_renames_and_removes_on_the_pages_without_a_script(client):
    person = PersonFactory()
    client.force_login(person)
    page = client.get(f"{PORTFOLIO}?stage=pilot&text=&order=").content.decode()
    save = reverse("partnerships:view_save") + "?stage=pilot"
    assert f'href="{save}">Save this view' in page
    assert "It shows: Stage: Pilot." in client.get(save).content.decode()
    answer = client.post(save, {"name": "Pilots", "is_default": "on"})
    assert (answer.status_code, answer.url) == (302, f"{PORTFOLIO}?stage=pilot")
    assert client.get(PORTFOLIO).url == f"{PORTFOLIO}?stage=pilot"
    shown = client.get(f"{PORTFOLIO}?stage=pilot").content.decode()
    assert 'aria-current="page">Pilots</a>' in shown
    assert f'href="{PORTFOLIO}?all=1">Clear' in shown
    assert client.get(f"{PORTFOLIO}?all=1").status_code == 200
    view = SavedView.objects.get()
    assert "Stage: Pilot" in client.get(reverse("partnerships:views")).content.decode()
    for name, given in (("opening", {}), ("rename", {"name": "All pilots"}), ("remove", {})):
        address = reverse(f"partnerships:view_{name}", args=[view.public_id])
        assert client.get(address).status_code == 200
        assert client.post(address, given).status_code == 302, name
    assert not SavedView.objects.exists()
    assert client.get(PORTFOLIO).status_code == 200
    assert "The views you save will be listed here" in client.get(reverse("partnerships:views")).content.decode()


def test_a_page_that_could_only_refuse_says_why(client):
    client.force_login(PersonFactory())
    page = client.get(reverse("partnerships:view_save")).content.decode()
    assert "Choose something in the filter" in page
    assert "Save the view</button>" not in page


def test_the_kept_filter_holds_only_what_the_portfolio_knows(client, rf):
    asked = rf.get("/?all=1&page=3&health=red&stage=&evil=1&text=a%26b&next=//x").GET
    assert filter_of(asked) == "text=a%26b&health=red"
    assert filter_in_words("text=a%26b&health=red&theme=skills") == (
        "Words in the title, need or leads: a&b; Health: Off track; Theme: Skills"
    )
    assert parse_qs(urlsplit(kept(PersonFactory(), query=filter_of(asked)).get_absolute_url()).query) == {
        "text": ["a&b"],
        "health": ["red"],
    }


def test_portfolio_and_list_take_the_same_queries_with_1_and_20_views(client):
    person = MemberFactory().person
    client.force_login(person)
    counts = []
    for wanted in (1, MOST_VIEWS):
        for n in range(len(names(person)), wanted):
            kept(person, name=f"View {n}")
        with CaptureQueriesContext(connection) as asked:
            assert client.get(f"{PORTFOLIO}?all=1").status_code == 200
            assert client.get(reverse("partnerships:views")).status_code == 200
        counts.append(len(asked))
    assert len(set(counts)) == 1, counts
