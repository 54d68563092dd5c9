"""The portfolio: who sees what in it, how many queries it takes, its filter, and the file to take away."""

import re

import pytest
from django.urls import reverse

from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory, PartnershipFactory

pytestmark = pytest.mark.django_db


def address(name, *args):
    return reverse(f"partnerships:{name}", args=args)


def test_the_portfolio_takes_the_same_few_queries_and_stays_small(client, django_assert_max_num_queries):
    person = PersonFactory()
    client.force_login(person)
    counts = []
    for rows in (1, 2, 297):
        for _ in range(rows):
            MemberFactory(person=person)
        with django_assert_max_num_queries(20) as captured:
            page = client.get(address("portfolio"))
        counts.append(len(captured))
        assert len(page.content) <= 60_000
    assert len(set(counts)) == 1, counts


def test_the_portfolio_filters_by_what_the_address_says(client):
    person = PersonFactory()
    fife = MemberFactory(person=person, partnership__title="Befriending", partnership__area="fife").partnership
    MemberFactory(person=person, partnership__title="Transport", partnership__area="moray", partnership__in_pilot=True)
    PartnershipFactory(title="Befriending of others")
    client.force_login(person)
    cases = {
        "area=fife": ["Befriending"],
        "stage=pilot": ["Transport"],
        "text=befr": ["Befriending"],
        f"lead={fife.public_lead.name}": ["Befriending"],
        "health=red": [],
        "text=%00": ["Befriending", "Transport"],
        "stage=nonsense&page=abc": ["Befriending", "Transport"],
        "order=-title": ["Transport", "Befriending"],
        "order=password": ["Befriending", "Transport"],
    }
    for query, titles in cases.items():
        page = client.get(f"{address('portfolio')}?{query}")
        assert page.status_code == 200, query
        assert re.findall(r">(Befriending|Transport)</a>", "".join(page.context["rows"])) == titles, query


def test_the_file_holds_what_the_filter_shows_and_only_what_the_reader_may_see(client, django_assert_num_queries):
    reader = PersonFactory()
    for number in range(3):
        MemberFactory(person=reader, partnership__title=f"Walking {number}")
    MemberFactory(person=reader, partnership__title="=SUM(1)")
    PartnershipFactory(title="Walking elsewhere")
    client.force_login(reader)
    with django_assert_num_queries(3):  # session, person, rows: nothing is counted
        lines = b"".join(client.get(f"{address('export', 'csv')}?text=walking&page=2")).decode("utf-8-sig").splitlines()
    assert [line.split(",")[0] for line in lines] == ["Partnership", "Walking 0", "Walking 1", "Walking 2"]
    assert "'=SUM(1)" in b"".join(client.get(address("export", "csv"))).decode()
    assert client.get(address("export", "xlsx"))["Content-Type"].endswith("spreadsheetml.sheet")
    assert client.get(address("export", "pdf")).status_code == 404
    page = client.get(f"{address('portfolio')}?text=walking&page=1").content.decode()
    assert 'href="/partnerships/export/csv/?text=walking"' in page


def test_a_hostile_title_is_shown_as_text_in_the_portfolio(client):
    person = PersonFactory()
    MemberFactory(
        person=person, partnership__title="<img src=x onerror=alert(1)> \"&'", partnership__next_due_title="<b>"
    )
    client.force_login(person)
    text = client.get(address("portfolio")).content.decode()
    assert "<img src=x" not in text
    assert "&lt;img src=x onerror=alert(1)&gt; &quot;&amp;&#x27;" in text


def test_a_list_of_choices_offers_nothing_once(client):
    client.force_login(PersonFactory())
    page = client.get(address("portfolio")).content.decode()
    assert page.count(">Any stage<") == page.count(">Any area<") == page.count(">Any health<") == 1
