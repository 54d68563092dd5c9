"""The mails of this app."""

import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db.models import Model
from django.urls import reverse
from django.utils.timezone import localtime

from foundation.delivery.kinds import EACH, Kind
from foundation.delivery.models import OutboxMail
from foundation.delivery.outbox import enqueue
from partnerships.deadlines import Deadline
from partnerships.models import Idea, MemorandumDraft, Partnership
from partnerships.moderation import IdeaState, Rejection
from partnerships.reminding import Rule, others_in_words, rule_in_words, step_in_words

if TYPE_CHECKING:
    from accounts.models import Person

SIGN = Kind(
    "sign",
    label="Signatures asked of you",
    about="A decision at a gate, or a memorandum, waits for your signature.",
    choices=EACH,
)


@dataclass(frozen=True)
class Reminder:
    """One mail that is due: the deadline, the step that makes it due, who gets it and whose rule it is.

    `to` is somebody else than the owner when others are told that it is late; `quiet` says why the owner put it off;
    `skipped_because` why nothing is sent, and `skipped_on` when it was due: it is written down and never sent.
    """

    deadline: Deadline
    step: str
    to: "Person"
    late: bool
    rule: Rule
    whose: str
    quiet: str = ""
    skipped_because: str = ""
    skipped_on: date | None = None

    @property
    def is_own(self) -> bool:
        return self.to == self.deadline.owner

    @property
    def key(self) -> str:
        """One mail per deadline, step, date and person: a moved deadline is reminded of anew."""
        name = self.deadline.key if self.is_own else self.deadline.about or self.deadline.key
        return f"{name}:{self.step}:{self.deadline.due_on.isoformat()}:{self.to.pk}"

    @property
    def why(self) -> str:
        """Why this person gets it, and why now: the rule in words."""
        title, where = shorten(self.deadline.title, 100), shorten(str(self.deadline.partnership), 90)
        lead = "You would have got this mail because" if self.skipped_because else "You get this mail because"
        if self.is_own:
            return f"{lead} “{title}” is yours in the partnership “{where}”. {self.now}"
        return f"{lead} you are a lead of the partnership “{where}” and “{title}” is late. {self.now}"

    @property
    def now(self) -> str:
        """The step and the rule it is of."""
        verb = "would have been sent" if self.skipped_because else "is sent"
        sent = f"It {verb} {step_in_words(self.step, self.rule)}; {self.whose}"
        if self.is_own:
            return f"{sent}: {rule_in_words(self.rule)}."
        return f"{sent} tells {others_in_words(self.rule)}."


def shorten(text: str, most: int) -> str:
    """`text`, cut at a word where it is longer."""
    return textwrap.shorten(text, most, placeholder=" …")


def mail_reminder(reminder: Reminder, *, not_before: datetime) -> OutboxMail:
    """Remind of a deadline. The text names the date, not the days left: it may be read tomorrow."""
    deadline = reminder.deadline
    since = f"{'Late since' if reminder.late else 'Due on'} {deadline.due_on:%-d %B %Y}: {deadline.title}"
    return enqueue(
        kind="reminder",
        key=reminder.key,
        to=reminder.to,
        subject=since if reminder.is_own else f"{since} ({deadline.owner})",
        template=f"emails/partnerships/{'deadline' if reminder.is_own else 'deadline_of_another'}",
        context={
            "name": reminder.to.name,
            "title": deadline.title,
            "partnership": deadline.partnership.title,
            "due_on": f"{deadline.due_on:%A %-d %B %Y}",
            "late": reminder.late,
            "path": deadline.path if reminder.is_own else deadline.others_path or deadline.path,
            "reminders_path": reverse("partnerships:reminders_mine"),
            "owner": deadline.owner.name,
            "quiet": reminder.quiet,
            "deadline": deadline.key if reminder.is_own else deadline.about or deadline.key,
            "now": reminder.now,
            "due": deadline.due_on.isoformat(),
            "legal": deadline.legal,
            "confined": not deadline.leads,
        },
        why=reminder.why,
        scope=deadline.partnership.audit_scope,
        not_before=not_before,
        skipped_because=reminder.skipped_because,
    )


def mail_paused(partnership: Partnership, sponsor: "Person") -> OutboxMail:
    """Tell the sponsor that a partnership stands still. Each pause is an occasion of its own."""
    assert partnership.paused_on
    return enqueue(
        kind="notice",
        key=f"paused:{partnership.public_id}:{partnership.version}:{sponsor.pk}",
        to=sponsor,
        subject=f"Paused: {partnership}",
        template="emails/partnerships/paused",
        context={
            "name": sponsor.name,
            "partnership": partnership.title,
            "paused_on": f"{partnership.paused_on:%-d %B %Y}",
            "because": partnership.paused_because,
            "path": partnership.get_absolute_url(),
        },
        why=f"You get this mail because you are the sponsor of the partnership “{partnership}”.",
        scope=partnership.audit_scope,
    )


def mail_sign(what: Model, partnership: Partnership, to: "Person", path: str, by: "Person") -> OutboxMail:
    """Tell somebody whose signature is now waited for: at a gate, or under a memorandum."""
    return enqueue(
        kind="sign",
        key=f"sign:{type(what).__name__}:{what.pk}:{to.pk}",
        to=to,
        subject=f"Please read and sign: {partnership}",
        template="emails/partnerships/sign",
        context={"name": to.name, "what": str(what), "by": by.name, "partnership": partnership.title, "path": path},
        why=f"You get this mail because your role in the partnership “{partnership}” signs it.",
        scope=partnership.audit_scope,
    )


def mail_pen(draft: MemorandumDraft, to: "Person", news: str) -> OutboxMail:
    """Tell somebody that the pen of the memorandum's draft has come to them, or gone from them."""
    return enqueue(
        kind="notice",
        key=f"pen:{draft.public_id}:{draft.version}:{to.pk}",
        to=to,
        subject=f"The pen of the memorandum: {draft.partnership}",
        template="emails/partnerships/pen",
        context={
            "name": to.name,
            "news": news,
            "partnership": draft.partnership.title,
            "path": reverse("partnerships:draft", args=[draft.partnership.public_id]),
        },
        why=f"You get this mail because you may write the memorandum of the partnership “{draft.partnership}”.",
        scope=draft.audit_scope,
    )


def mail_idea_answered(idea: Idea, answer: str) -> OutboxMail:
    """Tell whoever sent an idea what became of it. What they typed is not repeated: the address may not be theirs."""
    partnership, page = idea.partnership, getattr(idea.partnership, "public_page", None)
    return enqueue(
        kind="answer",
        key=f"idea:{idea.public_id}:{idea.version}",
        to=None,
        address=idea.email,
        subject=f"What became of your {idea.get_kind_display().lower()}: {partnership}",
        template="emails/partnerships/idea_answered",
        context={
            "what": idea.get_kind_display().lower(),
            "partnership": partnership.title,
            "sent_on": f"{localtime(idea.created_at):%-d %B %Y}",
            "published": idea.state == IdeaState.PUBLISHED,
            "private": idea.state == IdeaState.PRIVATE,
            "we_did": idea.we_did if idea.state == IdeaState.PUBLISHED else "",
            "we_could_not": idea.we_could_not if idea.state == IdeaState.PUBLISHED else "",
            "answer": answer.strip(),
            "reason": Rejection(idea.rejected_for).label if idea.rejected_for else "",
            "path": page.get_absolute_url() if page and page.is_published else "",
        },
        why=f"You get this one mail because this address was given with an idea or comment about “{partnership}”. "
        "It is deleted once the mail is sent.",
        scope=partnership.audit_scope,
    )
