"""Write the draft of a memorandum section by section, comment on it, and issue it as the next version."""

from collections.abc import Collection
from datetime import date
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db.models import F, Q
from django.urls import reverse

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.ids import new_public_id
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from partnerships.actions.pen import blockers_to_draft, blockers_to_write, moment, use_pen
from partnerships.actions.summary import refresh
from partnerships.headings import BY_KEY, PURPOSE
from partnerships.models import (
    DraftComment,
    DraftSection,
    Member,
    Memorandum,
    MemorandumDraft,
    MemorandumSection,
    Partner,
    Partnership,
)
from partnerships.notifications import mail_sign
from partnerships.permissions import ABILITIES, Ability, require
from partnerships.wording import changes, sentence

if TYPE_CHECKING:
    from accounts.models import Person

MOST_SECTIONS = 60


# Sections


@verb("memorandum.write_section", on="section")
def write_section(
    *, section: DraftSection, heading: str, text: str, by: "Person", version: int | None = None
) -> DraftSection:
    """Change a section's heading and text. Only whoever has the pen."""
    draft = _pen_in_hand(section.draft, by)
    section = locked(section, version=version)
    _check_heading(heading)
    before = {"heading": section.heading, "text": section.text}
    section.heading, section.text, section.version = heading.strip(), text.strip(), section.version + 1
    section.save(update_fields=["heading", "text", "version"])
    use_pen(draft)
    record("memorandum.write_section", on=section, by=by, summary=f"wrote the section “{section}” of the draft",
           before=before, after={"heading": section.heading, "text": section.text})  # fmt: skip
    return section


@verb("memorandum.add_section", on="draft")
def add_section(
    *, draft: MemorandumDraft, heading: str, by: "Person", key: str = "", after: DraftSection | None = None
) -> DraftSection:
    """Add a section after another one (at the end when none is named). `key`: one of the starting headings' own."""
    draft = _pen_in_hand(draft, by)
    heading = heading.strip() or (BY_KEY[key].title if key in BY_KEY else "")
    _check_heading(heading)
    rows = DraftSection.objects.filter(draft=draft)
    if key and rows.filter(key=key).exists():
        raise ValidationError({"key": "The draft has this section already. If it was left out, put it back."})
    if rows.count() >= MOST_SECTIONS:
        raise ValidationError({"heading": f"A memorandum has {MOST_SECTIONS} sections at most. Put two into one."})
    last = rows.order_by("-position").values_list("position", flat=True).first() or 0
    position = after.position + 1 if after and after.draft_id == draft.pk else last + 1
    rows.filter(position__gte=position).update(position=F("position") + 1)
    section = DraftSection.objects.create(draft=draft, key=key or new_public_id(), position=position, heading=heading)
    use_pen(draft)
    record("memorandum.add_section", on=section, by=by, summary=f"added the section “{section}” to the draft")
    return section


@verb("memorandum.leave_out", on="section")
def leave_out(*, section: DraftSection, by: "Person") -> None:
    """Leave a section out of the next version. It stays in the draft, with its comments, and can be put back."""
    _set_left_out(section, by, True)
    record("memorandum.leave_out", on=section, by=by, summary=f"left the section “{section}” out of the draft")


@verb("memorandum.put_back", on="section")
def put_back(*, section: DraftSection, by: "Person") -> None:
    _set_left_out(section, by, False)
    record("memorandum.put_back", on=section, by=by, summary=f"put the section “{section}” back into the draft")


def _set_left_out(section: DraftSection, by: "Person", left_out: bool) -> None:
    draft = _pen_in_hand(section.draft, by)
    section = locked(section)
    if section.left_out == left_out:
        stop_if([f"“{section}” is {'left out already' if left_out else 'in the draft already'}."])
    section.left_out, section.version = left_out, section.version + 1
    section.save(update_fields=["left_out", "version"])
    use_pen(draft)


def _pen_in_hand(draft: MemorandumDraft, by: "Person") -> MemorandumDraft:
    """The draft, locked, when this person may write in it now. Asked before any version: who has the pen matters."""
    partnership = locked(draft.partnership)
    draft = locked(draft)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_write(draft, by))
    return draft


def _check_heading(heading: str) -> None:
    if not heading.strip():
        raise ValidationError({"heading": "Give the section a heading."})


# Comments


@verb("memorandum.comment", on="section")
def comment(*, section: DraftSection, text: str, by: "Person") -> DraftComment:
    """Say something about one section. Everybody who takes part may, with or without the pen."""
    partnership = locked(section.draft.partnership)
    draft = locked(section.draft)
    require(by, Ability.COMMENT_ON_MEMORANDUM, partnership)
    stop_if(blockers_to_draft(draft))
    if not text.strip():
        raise ValidationError({"text": "Write your comment."})
    made = DraftComment.objects.create(section=section, text=text.strip(), made_by=by, created_at=clock.database_now())
    record("memorandum.comment", on=made, by=by, summary=f"commented on “{section}” in the draft", after={"text": text})
    return made


def blockers_to_resolve(comment: DraftComment) -> list[str]:
    """Why a comment cannot be resolved now."""
    if comment.resolved_at:
        return [f"{comment.resolved_by} resolved this comment at {moment(comment.resolved_at)}: “{comment.word}”."]
    return blockers_to_draft(comment.section.draft)


def may_resolve(comment: DraftComment, draft: MemorandumDraft, person: "Person") -> bool:
    """Whoever has the pen, and whoever made it."""
    return person.pk in (draft.pen_id, comment.made_by_id)


@verb("memorandum.resolve_comment", on="comment")
def resolve_comment(*, comment: DraftComment, word: str, by: "Person") -> None:
    """Say what was done about a comment. It stays, folded, beside its section."""
    partnership = locked(comment.section.draft.partnership)
    draft = locked(comment.section.draft)
    comment = locked(comment)
    require(by, Ability.COMMENT_ON_MEMORANDUM, partnership)
    stop_if(blockers_to_resolve(comment))
    if not may_resolve(comment, draft, by):
        who = f"{draft.pen}, who has the pen" if draft.pen else "whoever takes the pen"
        raise NotPermitted(f"You may not resolve this comment. {comment.made_by}, who made it, may, and {who}.")
    if not word.strip():
        raise ValidationError({"word": "Say in a few words what was done about it."})
    comment.resolved_by, comment.resolved_at, comment.word = by, clock.database_now(), word.strip()
    comment.save(update_fields=["resolved_by", "resolved_at", "word"])
    summary = f"resolved {comment.made_by}’s comment on “{comment.section}”"
    record("memorandum.resolve_comment", on=comment, by=by, summary=summary, reason=word)


# Issue


def open_comments(draft: MemorandumDraft) -> list[DraftComment]:
    """In the order of the sections. Comments on a section that was left out count too: they may be the reason."""
    rows = DraftComment.objects.open().filter(section__draft=draft).select_related("section", "made_by")
    return list(rows.order_by("section__position", "created_at", "pk"))


def blockers_to_issue(draft: MemorandumDraft, by: "Person") -> list[str]:
    """Why the draft cannot be issued now, open comments aside: these may be left open on purpose."""
    if told := blockers_to_write(draft, by):
        return told
    purpose = draft.sections.filter(key=PURPOSE).first()
    if purpose and purpose.text and not purpose.left_out:
        return []
    return [f"The section “{purpose or BY_KEY[PURPOSE].title}” is empty or left out: the memorandum needs a purpose."]


@verb("memorandum.issue", on="draft")
def issue(
    *, draft: MemorandumDraft, review_on: date, by: "Person", leave_open: Collection[str] = (),
    version: int | None = None,
) -> Memorandum:  # fmt: skip
    """Make the draft the next version; every partner is asked to sign it. Empty sections are not taken over.

    `leave_open`: the public ids of the open comments that stay open on purpose. Any other one stops it, so a comment
    that arrives while the page is open is read first.
    """
    partnership = locked(draft.partnership)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_issue(locked(draft), by))
    draft = locked(draft, version=version)
    stop_if(_unanswered(draft, leave_open))
    if review_on <= clock.today():
        raise ValidationError({"review_on": "Choose a review date in the future."})
    newest = partnership.memoranda.first()
    issued = _next_version(draft, partnership, newest, review_on, by)
    _ask_every_partner(issued, by)
    refresh(partnership)
    told = sentence(changes(newest.wording(), issued.wording())) if newest else ""
    summary = f"issued version {issued.number} of the memorandum for signature" + (f": {told}" if told else "")
    record("memorandum.issue", on=issued, by=by, summary=summary,
           after={"review_on": review_on.isoformat(), "left_open": len(leave_open)})  # fmt: skip
    return issued


def _ask_every_partner(issued: Memorandum, by: "Person") -> None:
    """A mail to those who sign for each partner; whoever issued it knows."""
    partnership = issued.partnership
    organisations = Partner.objects.current().filter(partnership=partnership).values("organisation")
    signers = [role for role, abilities in ABILITIES.items() if Ability.SIGN_MEMORANDUM in abilities]
    members = Member.objects.current().filter(
        partnership=partnership, role__in=signers, person__organisation__in=organisations
    )
    path = reverse("partnerships:memorandum", args=[partnership.public_id])
    for member in members.exclude(person=by).select_related("person"):
        mail_sign(issued, partnership, member.person, path, by)


def _unanswered(draft: MemorandumDraft, leave_open: Collection[str]) -> list[str]:
    return [
        f"{row.made_by}’s comment on “{row.section}” of {moment(row.created_at)} is open. Resolve it, or tick it to "
        "leave it open."
        for row in open_comments(draft)
        if row.public_id not in leave_open
    ]


def _next_version(
    draft: MemorandumDraft, partnership: Partnership, newest: Memorandum | None, review_on: date, by: "Person"
) -> Memorandum:
    issued = Memorandum.objects.create(
        partnership=partnership, number=newest.number + 1 if newest else 1, review_on=review_on, written_by=by
    )
    kept = draft.sections.filter(~Q(text=""), left_out=False)
    MemorandumSection.objects.bulk_create(
        MemorandumSection(memorandum=issued, key=key, heading=heading, text=text, position=position)
        for position, (key, heading, text) in enumerate((row.wording for row in kept), start=1)
    )
    draft.issued_as, draft.pen, draft.version = issued, None, draft.version + 1
    draft.save(update_fields=["issued_as", "pen", "version"])
    return issued
