"""What a page leaves behind: nothing of a signed-in person's in a cache, and everybody's armour on every answer."""

import pytest
from django.urls import reverse

from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db


def kept_by_nobody(response) -> bool:
    return {"private", "no-store"} <= {word.strip() for word in response.headers["Cache-Control"].split(",")}


def test_no_cache_keeps_a_page_of_a_signed_in_person(client):
    partnership = PartnershipFactory()
    client.force_login(person_as(PartnershipRole.PUBLIC_LEAD, partnership))
    for name in ("partnership", "edit", "history", "budget"):
        response = client.get(reverse(f"partnerships:{name}", args=[partnership.public_id]))
        assert response.status_code == 200
        assert kept_by_nobody(response)


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/tenders/", "/mail/"])
def test_nor_a_public_page_a_missing_one_or_a_refusal_with_their_name_on_it(client, address):
    client.force_login(PersonFactory())
    assert kept_by_nobody(client.get(address))


def test_a_visitors_page_is_left_to_the_usual_rules(client):
    assert "Cache-Control" not in client.get("/").headers


@pytest.mark.parametrize("address", ["/", "/nowhere/", "/partnerships/", "/healthz"])
def test_every_answer_has_its_armour(client, address):
    headers = client.get(address).headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_no_other_method_reaches_a_page(client, method):
    client.force_login(PersonFactory())
    assert client.generic(method, reverse("partnerships:portfolio")).status_code == 405


def test_a_host_the_portal_does_not_serve_is_turned_away(client):
    assert client.get("/", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "target", ["//evil.example", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"]
)
def test_signing_in_leads_nowhere_else(client, target):
    client.force_login(PersonFactory())
    response = client.get(reverse("account_login"), {"next": target})
    assert response.headers["Location"] == "/"
