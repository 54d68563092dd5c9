"""The gallery has every mail, each can be made, and its preview can do nothing."""

import re
from pathlib import Path

import pytest
from django.conf import settings as portal_settings
from django.urls import reverse

from foundation.delivery import kinds
from psp_portal.gallery import examples
from tests.factories.accounts import PersonFactory
from tests.reading import text

EMAILS = Path(portal_settings.BASE_DIR) / "templates" / "emails"
TEMPLATES = {path.relative_to(EMAILS).with_suffix("").as_posix() for path in EMAILS.rglob("*.txt")} - {"frame"}


def test_every_mail_has_an_example_and_every_example_a_mail():
    assert len(TEMPLATES) > 15
    assert set(examples()) == TEMPLATES


def test_every_kind_of_mail_is_seen():
    assert {example.kind for example in examples().values()} == set(kinds.everyone())


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_each_example_fills_its_template_in_both_parts(name, settings):
    settings.SITE_URL = "https://portal.example"
    settings.TEMPLATES = [
        engine | {"OPTIONS": engine["OPTIONS"] | {"string_if_invalid": "MISSING:%s"}} for engine in settings.TEMPLATES
    ]
    example, reader = examples()[name], PersonFactory.build()
    plain, html = example.text(reader), example.html(reader)
    for part in (plain, html):
        assert "MISSING" not in part
        assert "None" not in part
    assert set(re.findall(r"https?://[^/\s\"<]+", plain + html)) == {"https://portal.example"}
    assert example.why in plain
    assert example.why.startswith("You get th"), "it says why in a whole sentence"
    assert ("Change how you get mails like this" in html) is bool(kinds.of(example.kind).choices) or (
        example.kind == kinds.DIGEST
    )


@pytest.mark.django_db
class TestThePages:
    @pytest.fixture
    def operator(self, client):
        person = PersonFactory(administrator=True)
        client.force_login(person)
        return person

    def test_the_list_leads_to_each(self, client, operator):
        page = client.get(reverse("mail_gallery")).content.decode()
        for name in TEMPLATES:
            assert f'href="{reverse("mail_example", args=name.split("/"))}"' in page

    def test_one_mail_shows_its_text_and_frames_its_html(self, client, operator):
        answer = client.get(reverse("mail_example", args=["partnerships", "deadline"]))
        assert "“Evaluation report” is due on Tuesday 12 January 2027." in text(answer)
        assert f'src="{reverse("mail_preview", args=["partnerships", "deadline"])}"' in answer.content.decode()
        assert re.search(r"<iframe [^>]*\bsandbox\b", answer.content.decode())
        assert "frame-src 'self'" in answer["Content-Security-Policy"]

    def test_the_preview_may_style_itself_and_nothing_else(self, client, operator):
        answer = client.get(reverse("mail_preview", args=["partnerships", "deadline"]))
        rules = dict(part.strip().partition(" ")[::2] for part in answer["Content-Security-Policy"].split(";"))
        assert rules["default-src"] == "'none'"
        assert rules["style-src"] == "'unsafe-inline'"
        assert rules["frame-ancestors"] == "'self'"
        assert rules["sandbox"].strip() == ""
        assert answer["X-Frame-Options"] == "SAMEORIGIN"

    def test_no_example_holds_a_key(self, client, operator):
        for name in ("password_reset", "invitation"):
            assert "sample" in text(client.get(reverse("mail_example", args=["accounts", name])))

    @pytest.mark.parametrize("page", ["mail_example", "mail_preview"])
    def test_an_unknown_mail_is_not_there(self, client, operator, page):
        assert client.get(reverse(page, args=["accounts", "no-such"])).status_code == 404

    @pytest.mark.parametrize("page", ["mail_gallery", "mail_example", "mail_preview"])
    def test_it_is_for_operators(self, client, page):
        client.force_login(PersonFactory(commissioner=True))
        args = [] if page == "mail_gallery" else ["partnerships", "deadline"]
        assert client.get(reverse(page, args=args)).status_code == 403
