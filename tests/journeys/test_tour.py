"""Every page of the tour, as somebody who may open it: few queries, accessible, no wider than the screen, no error."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import resolve

from psp_portal.demo.people import person
from psp_portal.demo.tour import stops
from tests.journeys.conftest import WIDTHS

pytestmark = pytest.mark.browser

MOST_QUERIES = 20
MOST_AT_HOME = 24  # each source of the list of what waits asks once, and there are many


def test_every_page_of_the_tour_takes_few_queries_and_is_accessible_on_a_phone_and_at_a_desk(
    client, page, live_server, signed_in, axe
):
    """One test, because building the demo takes as long as looking at a hundred of its pages."""
    call_command("demo_data", verbosity=0)
    tour = list(stops())
    asked = queries_of(client, tour)
    assert {name: count for name, count in asked.items() if count > most_queries(name)} == {}
    noise: list[str] = []
    page.on("console", lambda message: noise.append(f"{page.url}: {message.text}") if message.type == "error" else None)
    page.on("pageerror", lambda error: noise.append(f"{page.url}: {error}"))
    for stop in tour:
        page.context.clear_cookies()
        if stop.who:
            signed_in(page, person(stop.who))
        answer = page.goto(live_server.url + stop.address)
        assert answer.status == (404 if stop.name == "not-found" else 200), f"{stop.name}: {answer.status}"
        for size in WIDTHS.values():
            page.set_viewport_size(size)
            axe(page)
    assert [line for line in noise if "404" not in line] == []


def most_queries(name):
    return MOST_AT_HOME if name.endswith(" home") else MOST_QUERIES


def queries_of(client, tour):
    """How many queries each page of the tour takes, by its name and view."""
    counted = {}
    for stop in tour:
        client.logout()
        if stop.who:
            client.force_login(person(stop.who))
        with CaptureQueriesContext(connection) as queries:
            client.get(stop.address)
        if stop.name != "not-found":
            counted[f"{stop.name} {resolve(stop.address.split('?')[0]).view_name}"] = len(queries)
    return counted
