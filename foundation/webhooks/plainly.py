"""Words that people typed, for a chat program to show as they stand: no markup, no mention, no link comes out of them.

Chat programs read the text they are given: `<!channel>` and `@channel` wake everybody up, `[text](address)` and
`<address|text>` are links with words of their own, asterisks make bold, `:tada:` is a picture, a line that begins with
`>` is a quotation. Two kinds of target:

- **Slack** asks for `&`, `<` and `>` as entities (its guide “Formatting text for app surfaces”), and offers no escape
  for the rest.
- **Every other** (Mattermost, Rocket.Chat, Teams, Google Chat, Discord, Zulip and what nobody knows): some take a
  backslash, some show it, and some look for mentions before they look for backslashes. So no escape at all: a mark
  that means something is replaced by one that looks like it and means nothing.

What neither way can be said otherwise is kept apart with a space of no width: behind `@`, `#` and the colon of `://`,
inside `](`, before the letter after a dot, which makes an address out of two words, behind a colon that begins a
picture with another colon (or the one that follows in the message), behind the mark of a list, and before a `>` or
`&gt;` that comes first: Slack needs no space behind that, so behind it would be too late.
"""

import enum
import re
from urllib.parse import urlsplit

SLACK_HOSTS = ("hooks.slack.com", "hooks.slack-gov.com")
APART = "\u200b"
"""A space of no width: nobody sees it, and no program reads over it."""
_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})
_LOOK_ALIKES = str.maketrans({"*": "∗", "_": "＿", "~": "∼", "`": "‘"})
_ANGLES = str.maketrans({"<": "‹", ">": "›"})
_MEANS_SOMETHING = re.compile(
    r"[@#＠＃]|:(?=//|[\w+-]+(?::|$))|\](?=[(\[])|(?<=\w)\.(?=[^\W\d])|^(?:[-+]|\d+[.)])(?=\s|$)|^(?=>|&gt;)"
)


class Chat(enum.Enum):
    """Who reads the text."""

    SLACK = "Slack"
    OTHER = "any other"


def chat_of(address: str) -> Chat:
    """What kind of program a webhook's address leads to, by its host."""
    host = (urlsplit(address).hostname or "").lower()
    return Chat.SLACK if host in SLACK_HOSTS else Chat.OTHER


def plainly(text: str, chat: Chat) -> str:
    """`text` on one line, so that `chat` shows these words and does nothing else with them."""
    words = " ".join("".join(mark for mark in text if mark.isprintable() or mark.isspace()).split())
    words = _MEANS_SOMETHING.sub(lambda found: found.group() + APART, words.translate(_LOOK_ALIKES))
    return words.translate(_ENTITIES if chat is Chat.SLACK else _ANGLES)
