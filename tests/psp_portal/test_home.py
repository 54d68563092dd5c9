"""The first page by role, the permissions page, the generated docs and the first administrator."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import NoReverseMatch, reverse

from accounts import desk, permissions, todo
from accounts.models import Person
from accounts.roles import PortalRole
from accounts.todo import Todo
from foundation.audit.models import AuditEvent
from foundation.database import clock
from partnerships.lifecycle import Stage
from partnerships.permissions import Ability
from partnerships.roles import PartnershipRole
from psp_portal.generated_docs import pages
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import MemberFactory, MilestoneFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db

GOOD = "three unrelated words walk"


@pytest.fixture
def own_todos(monkeypatch):
    """A source of this test's own, beside the real ones."""
    monkeypatch.setattr(todo, "_sources", dict(todo._sources))
    found: list[Todo] = []
    todo.add("test", lambda person: found)
    return found


def page_of(client, person) -> str:
    client.force_login(person)
    return client.get("/").content.decode()


# Visitors


def test_a_visitor_reads_what_it_is_and_how_to_come_in_without_a_person_query(client, django_assert_num_queries):
    client.get("/")
    with django_assert_num_queries(0):
        page = client.get("/").content.decode()
    assert "design a service together" in page
    assert f'href="{reverse("account_login")}"' in page
    assert "What waits for you" not in page


@pytest.mark.parametrize("name", ["procurement:notices", "lessons:library"])
def test_a_visitor_finds_what_is_public(client, name):
    try:
        address = reverse(name)
    except NoReverseMatch:
        pytest.skip(f"{name} does not exist yet")
    assert f'href="{address}"' in client.get("/").content.decode()


# Everyone else


def test_somebody_without_a_part_in_anything_is_told_what_will_appear_and_how(client):
    page = page_of(client, PersonFactory(name="Morag Sinclair"))
    assert "Welcome, Morag Sinclair" in page
    assert "Nothing waits for you." in page
    assert "Somebody who leads one can give you a role in it." in page
    assert "Start a partnership" not in page


def test_what_waits_is_listed_late_first_and_undated_last(client, own_todos):
    today = clock.today()
    own_todos += [
        Todo("Undated", "/u/", None, "P"), Todo("Later", "/l/", today + timedelta(days=9), "P"),
        Todo("Overdue", "/o/", date(2026, 1, 5), "P"), Todo("Due now", "/n/", today, "P"),
    ]  # fmt: skip
    page = page_of(client, PersonFactory())
    places = [page.index(f">{title}</a>") for title in ("Overdue", "Due now", "Later", "Undated")]
    assert places == sorted(places)
    assert "<strong>Late:</strong> 5 January 2026" in page
    assert "<strong>Today:</strong>" in page
    assert "No date" in page
    assert page.count("Late:") == 1


def test_a_due_milestone_waits_on_the_home_page(client):
    milestone = MilestoneFactory(due_on=clock.today(), title="Agree the outcomes")
    member = MemberFactory(partnership=milestone.partnership, role=PartnershipRole.PROJECT_LEAD)
    milestone.owner = member.person
    milestone.save()
    assert "Complete “Agree the outcomes”" in page_of(client, member.person)


def test_a_long_list_says_how_many_more_there_are(client, own_todos):
    own_todos += [Todo(f"Thing {n}", "/x/", None, "P") for n in range(30)]
    assert "and 5 more, later than these." in page_of(client, PersonFactory())


def test_own_open_partnerships_are_shown_next_date_first_and_others_never(client):
    person = PersonFactory()
    for title, due in (("No date", None), ("Second", date(2027, 5, 1)), ("First", date(2027, 2, 1))):
        MemberFactory(person=person, partnership=PartnershipFactory(title=title, next_due_on=due))
    MemberFactory(person=person, partnership=PartnershipFactory(title="Over and done", stage=Stage.CLOSED))
    MemberFactory(person=person, partnership__title="Left", joined_on=date(2020, 1, 1), left_on=date(2021, 1, 1))
    PartnershipFactory(title="Somebody else's")
    client.force_login(person)
    response = client.get("/")
    assert re.findall(r">(First|Second|No date|[^<>]*)</a>", "".join(response.context["partnerships"])) == [
        "First",
        "Second",
        "No date",
    ]


@pytest.mark.parametrize(
    ("role", "offered"),
    [
        (PortalRole.NONE, set()),
        (PortalRole.COMMISSIONER, {"Start a partnership", "Invite a person", "Add an organisation"}),
        (PortalRole.PUBLISHER, {"Edit the lessons"}),
        (PortalRole.ADMINISTRATOR, {"Invite a person", "Add an organisation", "Edit the lessons"}),
    ],
)
def test_each_role_is_offered_what_it_may_start_and_every_button_opens(client, role, offered):
    client.force_login(PersonFactory(portal_role=role, organisation__public=True))
    buttons = client.get("/").context["buttons"]
    assert {button.label for button in buttons} == offered
    assert [client.get(button.address).status_code for button in buttons] == [200] * len(buttons)


def test_the_page_costs_the_same_with_1_3_and_300_partnerships(client):
    person, other = PersonFactory(), PartnershipFactory()
    client.force_login(person)
    counts, made = [], 0
    for total in (1, 3, 300):
        leads = {"public_lead": other.public_lead, "third_sector_lead": other.third_sector_lead}
        for partnership in PartnershipFactory.create_batch(total - made, **leads):
            MemberFactory(person=person, partnership=partnership, role=PartnershipRole.PROJECT_LEAD)
            MilestoneFactory(partnership=partnership, owner=person, due_on=clock.today())
        made = total
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1
    assert counts[0] <= 20, [query["sql"][:90] for query in queries]


def test_the_page_itself_asks_six_questions_at_most_beside_what_each_floor_asks(client, monkeypatch):
    monkeypatch.setattr(todo, "_sources", {})
    member = MemberFactory()
    client.force_login(member.person)
    with CaptureQueriesContext(connection) as queries:
        assert client.get("/").status_code == 200
    assert len(queries) <= 6, [query["sql"][:90] for query in queries]


# Who may do what


def test_the_permissions_page_names_every_role_and_ability(client):
    page = client.get(reverse("permissions")).content.decode()
    for role in (*PortalRole, *PartnershipRole):
        assert str(role.label).replace("'", "&#x27;") in page
    for ability in (*permissions.Ability, *Ability):
        assert ability.value.replace("'", "&#x27;") in page


def test_the_generated_docs_are_up_to_date():
    for name, text in pages().items():
        written = (settings.BASE_DIR / "docs" / name).read_text(encoding="utf-8")
        assert written == text, f"docs/{name} is stale: run `make docs`"


def test_the_docs_command_notices_a_stale_page(tmp_path, settings, capsys):
    settings.BASE_DIR = tmp_path
    with pytest.raises(CommandError, match="make docs"):
        call_command("docs", "--check")
    call_command("docs")
    call_command("docs", "--check")
    (tmp_path / "docs" / "lifecycle.md").write_text("Something else")
    with pytest.raises(CommandError, match=r"lifecycle\.md"):
        call_command("docs", "--check")


# The first administrator


def asked(monkeypatch, *answers):
    given = iter(answers)
    monkeypatch.setattr("getpass.getpass", lambda prompt: next(given))


def test_the_first_administrator_signs_in_with_the_password_that_was_asked_for(monkeypatch, client):
    asked(monkeypatch, GOOD, GOOD)
    call_command("create_administrator", "--email", "First@Example.org", "--name", "Iona First")
    person = Person.objects.get(email="first@example.org")
    assert (person.portal_role, person.check_password(GOOD)) == (PortalRole.ADMINISTRATOR, True)
    assert AuditEvent.objects.get().actor is None


def test_the_link_of_the_first_administrator_works(capsys):
    call_command("create_administrator", "--email", "first@example.org", "--name", "Iona First", "--link")
    link = capsys.readouterr().out.split("http://127.0.0.1:8000")[1].strip()
    browser = Client()
    assert browser.post(link, {"password1": GOOD, "password2": GOOD}).status_code == 302
    assert browser.get("/people/invite/").status_code == 200


def test_the_command_is_the_way_back_for_a_closed_account(monkeypatch):
    person = PersonFactory(email="iona@example.org", is_active=False, name="Iona")
    asked(monkeypatch, GOOD, GOOD)
    call_command("create_administrator", "--email", "iona@example.org", "--name", "Ignored")
    person.refresh_from_db()
    assert (person.is_active, person.portal_role, person.name) == (True, PortalRole.ADMINISTRATOR, "Iona")


@pytest.mark.parametrize(
    ("email", "name", "passwords"),
    [
        ("nobody", "Iona", (GOOD, GOOD)),
        ("iona@example.org", "", (GOOD, GOOD)),
        ("iona@example.org", "Iona\nBcc: x", (GOOD, GOOD)),
        ("iona@example.org", "Iona", (GOOD, "different")),
        ("iona@example.org", "Iona", ("short", "short")),
    ],
)
def test_the_command_refuses_nonsense_and_leaves_nobody_behind(monkeypatch, email, name, passwords):
    asked(monkeypatch, *passwords)
    with pytest.raises(CommandError):
        call_command("create_administrator", "--email", email, "--name", name)
    assert not Person.objects.exists()


# Three things first


def test_the_three_most_urgent_come_first_and_the_rest_by_what_it_is_for(client, own_todos):
    first_day = date(2027, 1, 1)
    own_todos += [
        Todo(f"Thing {n}", f"/{n}/", first_day + timedelta(days=n), about)
        for n, about in enumerate(["A", "B", "A", "B", "A", "B", "C"])
    ]
    client.force_login(PersonFactory())
    context = client.get("/").context
    assert [item["title"] for item in context["first"]] == ["Thing 0", "Thing 1", "Thing 2"]
    assert [(about, [item["title"] for item in items]) for about, items in context["then"]] == [
        ("B", ["Thing 3", "Thing 5"]),
        ("A", ["Thing 4"]),
        ("C", ["Thing 6"]),
    ]


def test_three_things_need_no_second_list(client, own_todos):
    own_todos += [Todo(f"Thing {n}", "/x/", None, "P") for n in range(3)]
    assert "After these" not in page_of(client, PersonFactory())


def test_a_part_another_floor_adds_is_shown_and_an_empty_one_is_not(client, monkeypatch):
    monkeypatch.setattr(desk, "_sources", {})
    desk.add("none", lambda person: None)
    desk.add("empty", lambda person: desk.Part("empty", "Nothing here", []))
    line = desk.Line("<b>Walks</b>", "/w/", "Bidder", "Open", "Soon")
    desk.add("full", lambda person: desk.Part("full", "Your things", [line], more=1))
    page = page_of(client, PersonFactory())
    assert "Nothing here" not in page
    assert "&lt;b&gt;Walks&lt;/b&gt;</a>" in page
    assert "There are more than these." in page


def test_what_sources_share_is_asked_once_for_a_list_and_afresh_by_one_that_is_asked_alone(monkeypatch):
    person, asked = PersonFactory.build(), []

    def source(who):
        todo.once(who, "rows", lambda: asked.append(who))
        return []

    monkeypatch.setattr(todo, "_sources", {"one": (source, ""), "other": (source, "")})
    assert (todo.of(person), asked) == ([], [person])
    todo.of(person)
    assert len(asked) == 2, "the next list asks again"
    source(person)
    source(person)
    assert len(asked) == 4, "nothing is kept between lists"


def test_lists_of_memoranda_share_a_query_and_so_do_those_of_the_own_organisation_as_a_partner():
    partnership = PartnershipFactory()
    lead = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    with CaptureQueriesContext(connection) as captured:
        todo.of(lead)
    asked = [one["sql"] for one in captured]
    assert len([sql for sql in asked if '"partnerships_memorandum"."review_on"' in sql]) == 1, "to sign, to review"
    partners = [sql for sql in asked if '"partnerships_partner"."skills_due_on"' in sql]
    assert len(partners) == 2, "plans and skills of the own organisation; those who leave"


OWN = [
    "accounts:tasks", "accounts:week", "accounts:inbox", "partnerships:reminders_mine", "accounts:mail_choices",
    "calendars",
]  # fmt: skip
WATCHED = ["ledger", "health", "webhooks", "mail_gallery"]


@pytest.mark.parametrize(("name", "together"), [(name, some) for some in (OWN, WATCHED) for name in some])
def test_pages_that_belong_together_lead_to_each_other_and_mark_where_one_is(client, name, together):
    client.force_login(PersonFactory(administrator=True))
    page = client.get(reverse(name)).content.decode()
    links = re.findall(r'psp_tabs__link" href="([^"]+)"( aria-current="true")?', page)
    assert [(href, bool(current)) for href, current in links] == [(reverse(n), n == name) for n in together]
