"""Every page of the thread, as somebody who may open it: accessible, no wider than the screen, quiet in the console."""

import pytest
from django.core.management import call_command
from django.urls import resolve

from psp_portal.demo.people import person
from psp_portal.demo.tour import stops
from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.browser

MOST_QUERIES = 20


def test_every_page_of_the_tour_is_accessible_on_a_phone_and_at_a_desk(page, live_server, signed_in, axe):
    call_command("demo_data", verbosity=0)
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(f"{page.url}: {error}"))
    for stop in stops():
        page.context.clear_cookies()
        if stop.who:
            signed_in(page, person(stop.who))
        answer = page.goto(live_server.url + stop.address)
        assert answer.status == (404 if stop.name == "not-found" else 200), f"{stop.name}: {answer.status}"
        for size in WIDTHS.values():
            page.set_viewport_size(size)
            axe(page)
    assert [line for line in noise if "404" not in line] == []


@pytest.mark.django_db
def test_no_page_of_the_tour_takes_more_than_twenty_queries(client, django_assert_max_num_queries):
    call_command("demo_data", verbosity=0)
    for stop in stops():
        if stop.name == "not-found":
            continue
        client.logout()
        if stop.who:
            client.force_login(person(stop.who))
        with django_assert_max_num_queries(MOST_QUERIES, info=f"{stop.name} {resolve(stop.address.split('?')[0])}"):
            assert client.get(stop.address).status_code == 200, stop.name
