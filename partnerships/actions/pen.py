"""The draft of the memorandum and its pen: one person at a time writes; the others comment (`domain.md` 1.5)."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.utils import timezone

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database import clock
from foundation.database.locks import locked
from foundation.policy.refusals import stop_if
from partnerships.actions.partnership import blockers_to_edit
from partnerships.headings import STARTING_HEADINGS
from partnerships.models import DraftSection, MemorandumDraft, Partnership
from partnerships.notifications import mail_pen
from partnerships.permissions import ABILITIES, Ability, can, require
from partnerships.roles import PartnershipRole
from partnerships.wording import Wording

if TYPE_CHECKING:
    from accounts.models import Person

PEN_RESTS = timedelta(hours=24)
"""After so long without a change somebody else may take the pen."""


def open_draft(partnership: Partnership) -> MemorandumDraft | None:
    """The one draft that is being written; None when there is none."""
    return MemorandumDraft.objects.open().filter(partnership=partnership).select_related("pen", "started_by").first()


def moment(when: datetime) -> str:
    """“14:05 on 3 March 2027”, in Scotland."""
    return f"{timezone.localtime(when):%H:%M on %-d %B %Y}"


def blockers_to_draft(draft: MemorandumDraft) -> list[str]:
    """Why nothing about this draft can be changed any more, neither text nor comments."""
    if issued := draft.issued_as:
        told = f"{issued.written_by} issued this draft as version {issued.number} at {moment(issued.created_at)}."
        return [f"{told} What is still to be said belongs into the next draft."]
    return blockers_to_edit(draft.partnership)


def blockers_to_start(partnership: Partnership) -> list[str]:
    draft = open_draft(partnership)
    begun = [f"{draft.started_by} began a draft at {moment(draft.created_at)}: write in that one."] if draft else []
    return blockers_to_edit(partnership) + begun


def blockers_to_write(draft: MemorandumDraft, by: "Person") -> list[str]:
    """Why this person cannot write in the draft now. The sentence says who can help."""
    if told := blockers_to_draft(draft):
        return told
    if draft.pen_id == by.pk:
        return []
    if draft.pen is None:
        return ["Nobody has the pen. Take it on the page of the draft, then write."]
    return [f"{draft.pen} has the pen and last used it at {moment(draft.pen_used_at)}. Ask them to hand it to you."]


def blockers_to_take(draft: MemorandumDraft, by: "Person") -> list[str]:
    """Why this person cannot take the pen now: somebody uses it, and may go on for a day after each change."""
    if told := blockers_to_draft(draft):
        return told
    if draft.pen is None:
        return []
    if draft.pen_id == by.pk:
        return ["You have the pen."]
    free_at = draft.pen_used_at + PEN_RESTS
    if clock.database_now() >= free_at or not can(draft.pen, Ability.WRITE_MEMORANDUM, draft.partnership):
        return []
    return [
        f"{draft.pen} has the pen and last used it at {moment(draft.pen_used_at)}. Ask them to hand it to you; "
        f"if they change nothing, you can take it over from {moment(free_at)}."
    ]


@verb("memorandum.draft", on="partnership")
def start_draft(*, partnership: Partnership, by: "Person") -> MemorandumDraft:
    """Begin the next version from the newest one, or from the starting headings. Whoever begins has the pen."""
    partnership = locked(partnership)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_start(partnership))
    newest = partnership.memoranda.first()
    now = clock.database_now()
    draft = MemorandumDraft.objects.create(
        partnership=partnership, based_on=newest, started_by=by, pen=by, pen_used_at=now, created_at=now
    )
    sections = newest.wording() if newest else _starting_sections(partnership)
    for position, (key, heading, text) in enumerate(sections, start=1):
        DraftSection.objects.create(draft=draft, key=key, position=position, heading=heading, text=text)
    begun = f"from version {newest.number}" if newest else f"with {len(sections)} headings"
    record("memorandum.draft", on=draft, by=by, summary=f"began a draft of the memorandum {begun} and has the pen")
    return draft


def _starting_sections(partnership: Partnership) -> list[Wording]:
    """Our headings, with the names that the portal knows filled in."""
    partners = partnership.partners.current().select_related("organisation")
    names = {
        "{partners}": "\n".join(f"{p.organisation.name}: {p.get_part_display().lower()}" for p in partners),
        "{leads}": f"{partnership.public_lead} leads for the public sector, {partnership.third_sector_lead} for the "
        "third sector. Both have equal rights.",
    }
    return [Wording(h.key, h.title, names.get(h.text, h.text)) for h in STARTING_HEADINGS]


@verb("memorandum.take_pen", on="draft")
def take_pen(*, draft: MemorandumDraft, by: "Person") -> None:
    """Take the pen when it is free, or over from somebody who has not used it for a day; they are told."""
    partnership = locked(draft.partnership)
    draft = locked(draft)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_take(draft, by))
    former = draft.pen
    _give(draft, by)
    if former:
        mail_pen(draft, former, f"{by} has taken over the pen, because you last used it at {moment(draft.pen_used_at)}")
    summary = f"took over the pen of the draft from {former}" if former else "took the pen of the draft"
    _mark_use(draft)
    record("memorandum.take_pen", on=draft, by=by, summary=summary, before={"pen": str(former or "")})


@verb("memorandum.hand_pen", on="draft")
def hand_pen(*, draft: MemorandumDraft, to: "Person", by: "Person") -> None:
    """Hand the pen to a colleague who may write the memorandum; they are told."""
    partnership = locked(draft.partnership)
    draft = locked(draft)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_write(draft, by))
    if to.pk == by.pk or not can(to, Ability.WRITE_MEMORANDUM, partnership):
        raise ValidationError({"to": "Choose somebody else of this partnership who may write the memorandum."})
    _give(draft, to)
    _mark_use(draft)
    mail_pen(draft, to, f"{by} has handed you the pen")
    record("memorandum.hand_pen", on=draft, by=by, summary=f"handed the pen of the draft to {to}")


@verb("memorandum.put_down_pen", on="draft")
def put_down_pen(*, draft: MemorandumDraft, by: "Person") -> None:
    """Put the pen down: anybody who may write the memorandum can take it."""
    partnership = locked(draft.partnership)
    draft = locked(draft)
    require(by, Ability.WRITE_MEMORANDUM, partnership)
    stop_if(blockers_to_write(draft, by))
    _give(draft, None)
    _mark_use(draft)
    record("memorandum.put_down_pen", on=draft, by=by, summary="put down the pen of the draft")


def use_pen(draft: MemorandumDraft) -> None:
    """After each change of the text: the day without a change begins anew, and older pages are out of date."""
    draft.version += 1
    _mark_use(draft)


def writers(partnership: Partnership, but: "Person | None" = None) -> "list[Person]":
    """Who may hold the pen, by name."""
    members = partnership.members.current().select_related("person").order_by("person__name", "person__pk")
    may = [m.person for m in members if Ability.WRITE_MEMORANDUM in ABILITIES[PartnershipRole(m.role)]]
    return [person for person in dict.fromkeys(may) if person != but]


def _give(draft: MemorandumDraft, to: "Person | None") -> None:
    draft.pen = to
    draft.version += 1


def _mark_use(draft: MemorandumDraft) -> None:
    draft.pen_used_at = clock.database_now()
    draft.save(update_fields=["pen", "pen_used_at", "version"])
