"""Names that people type reach a chat as words: nobody is woken up, and nothing becomes a link or bold."""

import html
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.database import clock
from foundation.webhooks.plainly import APART, Chat, chat_of, plainly
from foundation.webhooks.queue import body_of

BOTH = list(Chat)
# What the programs look for, as their guides write it.
ORDERS = re.compile(
    r"<[!@#a-zA-Z/][^>]*>"  # Slack, Google Chat, Discord, HTML
    r"|[@#]\w"  # mentions and channels
    r"|\w+://|www\.\w|\w\.[a-z]"  # addresses
    r"|\]\(|\]\["  # links of Markdown
    r"|[*_~`]"  # bold, italic, struck out, code
    r"|:[\w+-]+:"  # pictures
    r"|^\s*(?:>|&gt;)"  # a quotation, with a space or without
    r"|^\s*(?:[-+#]|\d+[.)])\s"  # lists and headings
)


def shown(text: str, chat: Chat) -> str:
    """What a reader sees: entities read as characters, the space of no width not at all."""
    return (html.unescape(text) if chat is Chat.SLACK else text).replace(APART, "")


class TestEachKindOfTarget:
    @pytest.mark.parametrize(
        ("address", "chat"),
        [
            ("https://hooks.slack.com/services/T/B/x", Chat.SLACK),
            ("https://HOOKS.slack.com/services/T/B/x", Chat.SLACK),
            ("https://hooks.slack.com.evil.example/x", Chat.OTHER),
            ("https://chat.council.example/hooks/x", Chat.OTHER),
            ("https://chat.googleapis.com/v1/spaces/x/messages", Chat.OTHER),
            ("https://x.webhook.office.com/y", Chat.OTHER),
        ],
    )
    def test_it_is_known_by_its_host(self, address, chat):
        assert chat_of(address) is chat

    @pytest.mark.parametrize(
        ("typed", "to_slack", "to_others"),
        [
            ("<!here> Lunch clubs", "&lt;!here&gt; Lunch clubs", "‹!here› Lunch clubs"),
            ("<@U024BE7LH>", f"&lt;@{APART}U024BE7LH&gt;", f"‹@{APART}U024BE7LH›"),
            ("@channel come", f"@{APART}channel come", f"@{APART}channel come"),
            ("Fish & chips", "Fish &amp; chips", "Fish & chips"),
            ("*Bold* _name_ ~x~ `y`", "∗Bold∗ ＿name＿ ∼x∼ ‘y‘", "∗Bold∗ ＿name＿ ∼x∼ ‘y‘"),
            ("[Sign in](/x)", f"[Sign in]{APART}(/x)", f"[Sign in]{APART}(/x)"),
            ("https://a.example", f"https:{APART}//a.{APART}example", f"https:{APART}//a.{APART}example"),
            ("<https://a.example|Sign in>", f"&lt;https:{APART}//a.{APART}example|Sign in&gt;",
             f"‹https:{APART}//a.{APART}example|Sign in›"),
            ("evil.example", f"evil.{APART}example", f"evil.{APART}example"),
            ("# Heading", f"#{APART} Heading", f"#{APART} Heading"),
            ("- A list", f"-{APART} A list", f"-{APART} A list"),
            ("1. A list", f"1.{APART} A list", f"1.{APART} A list"),
            ("> Said", f"{APART}&gt; Said", f"{APART}› Said"),
            (">>>All of it", f"{APART}&gt;&gt;&gt;All of it", f"{APART}›››All of it"),
            ("\u202e > Said", f"{APART}&gt; Said", f"{APART}› Said"),
            ("Mix 1:100:5", f"Mix 1:{APART}100:{APART}5", f"Mix 1:{APART}100:{APART}5"),
            (":tada: Opened", f":{APART}tada: Opened", f":{APART}tada: Opened"),
            (":+1::e-mail:", f":{APART}+1::{APART}e-mail:", f":{APART}+1::{APART}e-mail:"),
            ("Open 9:30 to 17:00 daily", "Open 9:30 to 17:00 daily", "Open 9:30 to 17:00 daily"),
            ("Two\n> lines", "Two &gt; lines", "Two › lines"),
            ("Dundee\u202eevil", "Dundeeevil", "Dundeeevil"),
        ],
    )  # fmt: skip
    def test_what_is_typed_and_what_is_sent(self, typed, to_slack, to_others):
        assert plainly(typed, Chat.SLACK) == to_slack
        assert plainly(typed, Chat.OTHER) == to_others

    @pytest.mark.parametrize("chat", BOTH)
    @pytest.mark.parametrize(
        "name", ["Àite Còmhla – Dùn Dè", "St John’s (Fife), phase 2.5: £3.50", "A+B, year 1. Next"]
    )
    def test_an_honest_name_stays_as_it_is(self, name, chat):
        assert plainly(name, chat) == name

    @pytest.mark.parametrize("chat", BOTH)
    @given(st.text(alphabet="<>!@#*_~`[]()|&./:aw1 \n\\-+", max_size=30))
    def test_whatever_is_typed_there_is_no_order_in_it(self, chat, typed):
        sent = plainly(typed, chat)
        assert not ORDERS.search(sent), (typed, sent)
        if chat is Chat.SLACK:
            assert not re.search(r"[<>]|&(?!amp;|lt;|gt;)", sent)

    @pytest.mark.parametrize("chat", BOTH)
    @given(st.lists(st.sampled_from([":", ">", "tada", "+1", "-", "100", " ", "1.", "\u202e", "&gt;"]), max_size=12))
    def test_no_picture_and_no_quotation_is_made_of_pieces(self, chat, pieces):
        typed = "".join(pieces)
        assert not ORDERS.search(plainly(typed, chat)), typed
        assert not ORDERS.search(f"{plainly(typed, chat)}: {plainly(typed, chat)} x"), typed

    @pytest.mark.parametrize("chat", BOTH)
    @given(st.text(alphabet="<>!@#[]()|&./:aw1 ", max_size=30))
    def test_its_reader_sees_the_same_words(self, chat, typed):
        words = " ".join(typed.split())
        seen = words if chat is Chat.SLACK else words.translate(str.maketrans("<>", "‹›"))
        assert shown(plainly(typed, chat), chat) == html.unescape(seen) if "&" not in typed else True


@pytest.mark.parametrize("chat", BOTH)
def test_a_message_holds_the_plain_words_for_the_chat_and_the_true_ones_for_programs(chat, settings):
    title, sentence = "<!here> *Lunch* & more", "“@channel” joined as a partner."
    told = json.loads(body_of("partner.add", sentence, (title, "/partnerships/x/"), clock.now(), chat))
    assert (told["about"], told["sentence"]) == (title, sentence)
    assert not ORDERS.search(told["text"].removesuffix(told["url"]))
    assert told["text"].endswith(f" {settings.SITE_URL}/partnerships/x/")


@pytest.mark.parametrize("chat", BOTH)
def test_a_title_and_the_colon_behind_it_make_no_picture(chat):
    told = json.loads(body_of("partner.add", "joined", ("Mix :tada", "/x/"), clock.now(), chat))
    assert told["text"].startswith(f"Mix :{APART}tada: joined")
