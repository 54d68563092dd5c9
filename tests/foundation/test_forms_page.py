"""The frame of every page: sections by policy, words and shapes for states, and templates that keep the house rules."""

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.template import engines
from django.template.loader import render_to_string
from django.urls import path

from foundation.forms.templatetags import page
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.policy.table import TABLE, public
from foundation.policy.table import page as rule_for_signed_in

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
SCREEN = [t for t in TEMPLATES if "templates/pdf" not in t.as_posix() and "templates/emails" not in t.as_posix()]
STYLES = [
    ROOT / "static/css/portal.css",
    ROOT / "static/vendor/scottish-government-design-system/design-system.min.css",
]

urlpatterns = [
    path("", lambda request: HttpResponse(), name="home"),
    path("lessons/", lambda request: HttpResponse(), name="nav_lessons"),
    path("partnerships/", lambda request: HttpResponse(), name="nav_partnerships"),
    path("mail/", lambda request: HttpResponse(), name="nav_mail"),
]
RULES = {
    "nav_lessons": public(),
    "nav_partnerships": rule_for_signed_in(),
    "nav_mail": rule_for_signed_in("administrator", lambda person: person.name == "Admin"),
}


def person(name):
    return SimpleNamespace(is_authenticated=True, name=name, organisation_id=None)


@pytest.fixture
def sections(rf, settings, monkeypatch):
    settings.ROOT_URLCONF = __name__
    for name, rule in RULES.items():
        monkeypatch.setitem(TABLE, name, rule)

    def shown_to(user, address="/"):
        request = rf.get(address)
        request.user = user
        return render_to_string("components/navigation.html", page.nav({"request": request}))

    return shown_to


def labels(html):
    return re.findall(r">([^<>]+)</a>", html)


def test_the_navigation_shows_only_what_this_person_may_open(sections):
    assert labels(sections(AnonymousUser())) == ["Home", "Lessons"]
    assert labels(sections(person("Anybody"))) == ["Home", "Partnerships", "Lessons"]
    assert labels(sections(person("Admin"))) == ["Home", "Partnerships", "Lessons", "Mail ledger"]


def test_the_current_section_is_marked_on_its_own_page_and_on_those_below(sections):
    assert re.findall(r'href="([^"]*)" aria-current="page"', sections(AnonymousUser(), "/")) == ["/"]
    assert re.findall(r'href="([^"]*)" aria-current="page"', sections(AnonymousUser(), "/lessons/")) == ["/lessons/"]
    assert re.findall(r'href="([^"]*)" aria-current="true"', sections(AnonymousUser(), "/lessons/7/")) == ["/lessons/"]


@pytest.mark.parametrize(
    ("address", "section"),
    [("/health/", "/mail/"), ("/webhooks/", "/mail/"), ("/pilots/7/", "/partnerships/")],
)  # fmt: skip
def test_a_page_whose_address_begins_with_another_word_marks_its_section(sections, address, section):
    assert re.findall(r'href="([^"]*)" aria-current="true"', sections(person("Admin"), address)) == [section]


def test_ones_own_reminders_are_no_part_of_the_partnerships(sections):
    assert "aria-current" not in sections(person("Admin"), "/partnerships/reminders/")


def test_a_page_made_without_a_request_has_no_navigation():
    assert page.nav({}) == {"sections": []}


@pytest.mark.parametrize(
    ("amount", "text"), [(1234.5, "£1,234.50"), (1234, "£1,234"), (-5, "−£5"), (0, "£0"), (None, ""), ("", "")]
)
def test_pounds(amount, text):
    assert page.pounds(amount) == text


def test_the_foot_of_a_list_keeps_the_filter_in_its_links(rf):
    numbered = Paginator(range(100), 10).get_page(5)
    html = render_to_string("components/pagination.html", {"page_obj": numbered}, rf.get("/?q=care&page=5"))
    assert 'href="?q=care&amp;page=6"' in html
    assert "Showing 41 to 50 of 100" in html
    assert html.count('aria-current="page"') == 1
    assert html.count("…") == 2


def test_a_list_of_one_page_has_no_foot(rf):
    numbered = Paginator(range(3), 10).get_page(1)
    assert "nav" not in render_to_string("components/pagination.html", {"page_obj": numbered}, rf.get("/"))


@pytest.mark.parametrize(
    ("state", "polls", "words"),
    [
        ("queued", True, "Waiting for its turn."),
        ("rendering", True, "Page 3."),
        ("done", False, "Download Report"),
        ("failed", False, "A picture is missing."),
        ("cancelled", False, "Cancelled."),
    ],
)
def test_a_job_is_asked_about_only_while_it_is_under_way(state, polls, words):
    job = {"state": state, "title": "Report", "progress": 30, "step": "Page 3.", "error": "A picture is missing."}
    html = render_to_string("components/render_job.html", {"job": job, "poll_url": "/poll/", "download_url": "/d/"})
    assert ('data-poll="/poll/"' in html) is polls
    assert words in html
    assert ("Check again" in html) is polls


def test_a_refusal_gives_every_reason_and_the_reference(rf, settings):
    settings.ROOT_URLCONF = __name__
    html = render_to_string("refused.html", {"refusal": NotNow("No one signed.", "No budget."), "reference": "abc123"})
    assert "This cannot be done now" in html
    assert "<li>No one signed.</li><li>No budget.</li>" in html
    assert "abc123" in html
    assert "You may not do this" in render_to_string("refused.html", {"refusal": NotPermitted("Ask a lead.")})


def test_after_a_fault_the_page_touches_neither_the_person_nor_the_messages(rf, settings):
    class Broken:
        def __getattr__(self, name):
            raise ConnectionError("the database is down")

        __iter__ = __len__ = __bool__ = __getattr__

    settings.ROOT_URLCONF = __name__
    context = {"heading": "Something went wrong", "status": 500, "user": Broken(), "messages": Broken()}
    assert "Something went wrong" in render_to_string("error.html", context)


def test_the_breadcrumb_trail_is_absent_from_a_page_without_crumbs():
    tags = "{% breadcrumb_trail %} {% if crumb %}<li>{{ crumb }}</li>{% endif %} {% endbreadcrumb_trail %}"
    template = engines["django"].from_string(tags)
    assert template.render({}).strip() == ""
    assert '<nav aria-label="Breadcrumb">' in template.render({"crumb": "Home"})


@pytest.mark.parametrize("template", SCREEN, ids=lambda t: t.relative_to(ROOT / "templates").as_posix())
def test_a_template_keeps_style_and_script_out_of_its_markup(template):
    text = template.read_text()
    assert not re.search(r"\sstyle\s*=|\son[a-z]+\s*=|<style|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)


@pytest.mark.parametrize("template", SCREEN, ids=lambda t: t.relative_to(ROOT / "templates").as_posix())
def test_every_class_a_template_names_has_a_style(template):
    styles = " ".join(path.read_text() for path in STYLES)
    markup = re.sub(r"\{[%{].*?[%}]\}", "{}", template.read_text(), flags=re.S)
    named = " ".join(re.findall(r'class="([^"]*)"', markup)).split()
    ours = {name for name in named if name.startswith(("psp_", "ds_")) and "{" not in name}
    assert {name for name in ours if not re.search(rf"\.{re.escape(name)}(?=__|[^\w-])", styles)} == set()
