"""What a mail is made of: the same words twice, links of the portal only, why it comes and how to change that."""

import re
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.delivery import choosing, kinds
from foundation.delivery.delivery import drain
from foundation.delivery.message import compose, html_of
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import enqueue
from foundation.delivery.paragraphs import Paragraph, paragraphs
from tests.factories.accounts import PersonFactory
from tests.faults.sink import Sink
from tests.reading import html, plain

SITE = "https://portal.example"
NASTY = '<script>alert(1)</script> <img src=https://evil.example/x.png> "quoted" & more\n\nhttps://evil.example/phish'


class TestParagraphs:
    def test_blocks_lines_lists_and_links(self):
        text = f"Hello,\n\none\ntwo\n\n- a\n- b\n\nRead it:\n{SITE}/x/\nand then\n\n{SITE}"
        assert paragraphs(text, SITE) == [
            Paragraph(["Hello,"]),
            Paragraph(["one", "two"]),
            Paragraph(["a", "b"], is_list=True),
            Paragraph(["Read it:"]),
            Paragraph(link=f"{SITE}/x/"),
            Paragraph(["and then"]),
            Paragraph(link=SITE),
        ]

    @pytest.mark.parametrize(
        "line",
        [
            "https://evil.example/", f"{SITE}.evil.example/", f"{SITE}@evil.example/", "javascript:alert(1)",
            f"see {SITE}/x/", f"{SITE}/x y", f"{SITE}:8000/",
        ],
    )  # fmt: skip
    def test_only_an_address_of_the_portal_alone_on_its_line_is_a_link(self, line):
        assert [part.link for part in paragraphs(line, SITE)] == [""]

    def test_a_second_link_is_called_by_the_line_that_leads_to_it(self):
        text = f"Open it:\n\n{SITE}/one/\n\nIt is late.\nPut it off:\n\n{SITE}/two/\n{SITE}/three/"
        assert paragraphs(text, SITE) == [
            Paragraph(["Open it:"]),
            Paragraph(link=f"{SITE}/one/"),
            Paragraph(["It is late."]),
            Paragraph(link=f"{SITE}/two/", label="Put it off"),
            Paragraph(link=f"{SITE}/three/"),
        ]

    @given(st.text(alphabet="ab \n-:/.<", max_size=60))
    def test_no_word_is_lost_and_none_is_added(self, text):
        told = " ".join(" ".join([*part.lines, part.link]) for part in paragraphs(text, SITE))
        assert told.replace("-", " ").split() == text.replace("-", " ").split()


class TestTheToken:
    def test_it_says_who_and_which_kind(self):
        assert choosing.read(choosing.token_for("abc", "reminder")) == choosing.Whose("abc", "reminder")

    @pytest.mark.parametrize("kind", ["legal", "security", "invitation", "answer", "digest", "nonsense"])
    def test_a_kind_that_cannot_be_changed_has_none(self, kind):
        assert choosing.read(choosing.token_for("abc", kind)) is None

    def test_a_token_that_was_touched_or_cut_is_none_of_ours(self, settings):
        token = choosing.token_for("abc", "reminder")
        assert choosing.read(token[:-1]) is None
        assert choosing.read(token.replace(":", ";")) is None
        assert choosing.read("") is None
        settings.SECRET_KEY = "another key, of another installation"
        assert choosing.read(token) is None

    def test_it_outlives_a_change_of_the_signing_key(self, settings):
        token = choosing.token_for("abc", "reminder")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "the new key"
        assert choosing.read(token) == choosing.Whose("abc", "reminder")


@pytest.fixture
def sink(settings):
    settings.SITE_URL = SITE
    with Sink() as server:
        settings.MAIL_URL = server.url
        yield server


def put(kind: str = "reminder", title: str = "Report", **more) -> OutboxMail:
    return enqueue(
        kind=kind,
        key=f"parts:{kind}",
        to=more.pop("to", None) or PersonFactory(),
        subject=f"Due soon: {title}",
        template="emails/partnerships/deadline",
        context={"name": "Ailsa", "title": title, "due_on": "Friday 8 January 2027", "path": "/there/"},
        why="You get this mail because the report is yours.",
        **more,
    )


def links(page: str) -> set[str]:
    return set(re.findall(r'(?:href|src|action)="([^"]*)"', page))


@pytest.mark.django_db
class TestAsItArrives:
    def test_both_parts_say_the_same_why_and_how_to_change_it(self, sink):
        mail = put()
        drain()
        (message,) = sink.messages
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        change = message["List-Unsubscribe"].strip("<>")
        assert change.startswith(f"{SITE}/inbox/how/")
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        for part in (plain(message), html(message)):
            assert "“Report” is due on Friday 8 January 2027." in part
            assert mail.why in part
            assert f"{SITE}/there/" in part
            assert change in part
        token = change.removeprefix(f"{SITE}/inbox/how/").strip("/")
        assert choosing.read(token) == choosing.Whose(mail.to.public_id, "reminder")

    def test_the_address_to_change_it_is_in_one_piece_on_the_wire(self):
        """Broken up into encoded words (RFC 2047) it is no address to any mail program."""
        mail = put()
        lines = compose(mail, "Text.").as_bytes().split(b"\r\n")
        assert f"List-Unsubscribe: <{choosing.link_for(mail)}>".encode() in lines
        assert len(choosing.link_for(mail)) > 78

    @pytest.mark.parametrize("kind", ["legal", "security", "invitation"])
    def test_a_mail_that_must_come_says_why_and_offers_no_way_out(self, sink, kind):
        put(kind)
        drain()
        (message,) = sink.messages
        assert message["List-Unsubscribe"] is None
        assert message["List-Unsubscribe-Post"] is None
        because = kinds.of(kind).because
        assert because
        for part in (plain(message), html(message)):
            assert "This kind of mail cannot be switched off." in part
            assert because in part
            assert "/inbox/how/" not in part

    def test_every_link_is_the_portals_and_nothing_is_fetched(self, sink):
        put(title=NASTY)
        drain()
        page = html(sink.messages[0])
        assert {urlsplit(link).netloc for link in links(page)} == {"portal.example"}
        assert not re.search(r"<(img|script|link|iframe|object|form)\b|url\(|@import", page)
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
        assert 'lang="en-GB"' in page

    def test_the_key_in_the_link_is_in_the_mail_and_not_in_the_ledger(self, sink):
        mail = put()
        drain()
        mail.refresh_from_db()
        assert "due on Friday" in mail.body
        assert "/inbox/how/" not in mail.body

    def test_somebody_without_an_account_has_nothing_to_choose(self, sink):
        enqueue(
            kind="answer", key="answer:1", to=None, address="jean@example.org", subject="Your idea",
            template="emails/partnerships/idea_answered", context={"what": "idea"}, why="You sent an idea.",
        )  # fmt: skip
        drain()
        (message,) = sink.messages
        assert message["List-Unsubscribe"] is None
        assert "/inbox/" not in plain(message) + html(message)

    def test_a_long_line_is_sent_whole(self, sink):
        put(title="ä" * 2000)
        drain()
        assert "ä" * 2000 in plain(sink.messages[0])
        assert "ä" * 2000 in html(sink.messages[0])


@pytest.mark.django_db
def test_the_html_of_a_mail_needs_no_link(settings):
    settings.SITE_URL = SITE
    page = html_of(put())
    assert "Change how you get mails like this" not in page
