"""What a person reads on a page: words and numbers, without tokens, addresses and the header's made-up names."""

import re
from email.message import EmailMessage
from html import unescape

CHROME = re.compile(r"^.*?<main\b[^>]*>|</main>.*$|<(script|style)\b.*?</\1>", re.DOTALL)
NAMES_WITH_NUMBERS = re.compile(r"\b(Person|Organisation|partnership|person)( ?)\d+", re.IGNORECASE)


def text(response):
    """The whole page as sent, entities and white space folded."""
    return " ".join(unescape(response.content.decode()).split())


def words(response):
    """The same without its elements: what is read, whatever of it is strong, a link or marked."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", response.content.decode())).split())


def numbers_in(response):
    """Every number a person can read in the page's main part, thousands without commas; factories' names count none.

    A number that must not be on a page is looked for here: in the page's source it may stand by chance, in a
    token or in "Person 1741".
    """
    shown = re.sub(r"<[^>]*>", " ", CHROME.sub("", response.content.decode()))
    return set(re.findall(r"\d+", NAMES_WITH_NUMBERS.sub("", unescape(shown)).replace(",", "")))


def plain(message: EmailMessage) -> str:
    """The plain text of a mail that says the same in HTML."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def html(message: EmailMessage) -> str:
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())
