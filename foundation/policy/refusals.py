"""Saying no, with the reason in the reader's words: raised by actions, shown beside the form or as a page."""

from collections.abc import Callable

YOUR_WORDS_ARE_KEPT = "What you typed is still in the form: check it against the page as it is now, then send it again."


class Refused(Exception):
    """Something the portal will not do. `reasons` are whole sentences, ready for the screen.

    `minute` writes down what must stay although everything else is rolled back (somebody stood aside from a decision).
    It runs in the transaction that records the refusal, and the refusal is its event.
    """

    status = 403

    def __init__(self, *reasons: str, minute: Callable[[], object] | None = None) -> None:
        self.reasons = reasons
        self.minute = minute
        super().__init__(" ".join(reasons))


class NotPermitted(Refused):
    """You may not do this, whatever the time."""

    status = 403


class NotNow(Refused):
    """You might do this, but something is missing or the moment has passed."""

    status = 409


class ChangedMeanwhile(NotNow):
    """The page was older than the row: `row` is what somebody changed first. The verb says who it was."""

    def __init__(self, row: object, sentence: str = "Somebody else changed this while you were looking at it.") -> None:
        self.row = row
        super().__init__(f"{sentence} {YOUR_WORDS_ARE_KEPT}")

    def told(self, sentence: str) -> "ChangedMeanwhile":
        """The same refusal in other words."""
        return type(self)(self.row, sentence)


class AlreadyDone(NotNow):
    """The same form was sent twice: the first one counted."""


def stop_if(blockers: list[str]) -> None:
    """Refuse with every sentence in `blockers`; an empty list means go."""
    if blockers:
        raise NotNow(*blockers)
