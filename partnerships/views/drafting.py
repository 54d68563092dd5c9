"""The draft of the memorandum's next version: its page, the pen, sections, comments, and issuing it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.base import PortalForm
from foundation.forms.submit import carry_out, posted
from partnerships import wording
from partnerships.actions import drafting as actions
from partnerships.actions import pen
from partnerships.forms.memorandum import (
    AddSectionForm,
    CommentForm,
    HandPenForm,
    IssueForm,
    ResolveForm,
    SectionForm,
)
from partnerships.headings import BY_KEY
from partnerships.models import DraftComment, DraftSection, MemorandumDraft, Partnership
from partnerships.permissions import Ability, can
from partnerships.views.memorandum import told_apart
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def draft(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """Everything there is of the draft: every member reads it. Without one, the memorandum as it stands."""
    partnership, person = partnership_for(request, partnership_id), person_of(request)
    found = pen.open_draft(partnership)
    if found is None:
        return redirect("partnerships:memorandum", partnership.public_id)
    found.partnership = partnership
    sections = _sections(found)
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/draft.html",
        draft=found,
        sections=[_row(section) for section in sections],
        written=any(section.text for section in sections),
        me=person.pk,
        has_pen=found.pen_id == person.pk and can(person, Ability.WRITE_MEMORANDUM, partnership),
        blockers=pen.blockers_to_draft(found),
        blockers_to_take=pen.blockers_to_take(found, person),
        rests=pen.moment(found.pen_used_at + pen.PEN_RESTS),
    )


def _sections(found: MemorandumDraft) -> list[DraftSection]:
    comments = DraftComment.objects.select_related("made_by", "resolved_by")
    return list(found.sections.prefetch_related(Prefetch("comments", queryset=comments)))


def _row(section: DraftSection) -> dict[str, Any]:
    comments = list(section.comments.all())
    return {
        "section": section,
        "prompt": BY_KEY[section.key].prompt if section.key in BY_KEY else "",
        "open": [row for row in comments if row.resolved_at is None],
        "resolved": [row for row in comments if row.resolved_at],
    }


def changes(request: HttpRequest, partnership_id: str) -> HttpResponse:
    """What the draft would change in the version it began from."""
    partnership = partnership_for(request, partnership_id)
    found = _draft(partnership)
    if found.based_on is None:
        raise Http404
    kept = [section.wording for section in found.sections.filter(left_out=False) if section.text]
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/memorandum_changes.html",
        **told_apart(wording.changes(found.based_on.wording(), kept)),
        heading=f"What the draft changes in version {found.based_on.number}",
    )


# The pen


def start(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    pen.start_draft(partnership=partnership, by=person_of(request))
    return _back(request, partnership, "The draft is begun, and you have the pen.")


def take(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    pen.take_pen(draft=_draft(partnership), by=person_of(request))
    return _back(request, partnership, "You have the pen: only you can write in the draft now.")


def put_down(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    pen.put_down_pen(draft=_draft(partnership), by=person_of(request))
    return _back(request, partnership, "You have put down the pen: others can take it.")


def hand_over(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    found, person = _draft(partnership), person_of(request)
    form = HandPenForm(posted(request), people=pen.writers(partnership, but=person))

    def action() -> None:
        pen.hand_pen(draft=found, **form.values(), by=person)

    blockers = pen.blockers_to_write(found, person)
    return _form(request, partnership, form, action, "Hand over the pen", "The pen is handed over.", blockers=blockers)


# Sections


def write(request: HttpRequest, partnership_id: str, section_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    section, person = _section(partnership, section_id), person_of(request)
    initial = {"heading": section.heading, "text": section.text}
    form = SectionForm(posted(request), initial=initial, key=section.key, version=section.version)

    def action() -> None:
        actions.write_section(section=section, **form.values(), by=person, version=form.version)

    blockers = pen.blockers_to_write(section.draft, person)
    heading, done = f"Write “{section}”", "The section is saved."
    return _form(request, partnership, form, action, heading, done, blockers=blockers, anchor=section.public_id)


def add(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    found, person = _draft(partnership), person_of(request)
    form = AddSectionForm(posted(request), sections=list(found.sections.all()))

    def action() -> None:
        actions.add_section(draft=found, **form.values(), by=person)

    blockers = pen.blockers_to_write(found, person)
    return _form(request, partnership, form, action, "Add a section", "The section is added.", blockers=blockers)


def leave_out(request: HttpRequest, partnership_id: str, section_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    section = _section(partnership, section_id)
    actions.leave_out(section=section, by=person_of(request))
    return _back(request, partnership, f"“{section}” is left out. You can put it back.")


def put_back(request: HttpRequest, partnership_id: str, section_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    section = _section(partnership, section_id)
    actions.put_back(section=section, by=person_of(request))
    return _back(request, partnership, f"“{section}” is in the draft again.")


# Comments


def comment(request: HttpRequest, partnership_id: str, section_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.COMMENT_ON_MEMORANDUM)
    section = _section(partnership, section_id)
    form = CommentForm(posted(request))

    def action() -> None:
        actions.comment(section=section, **form.values(), by=person_of(request))

    return _form(
        request, partnership, form, action, f"Comment on “{section}”", "The comment is saved.",
        lead=section.text, blockers=pen.blockers_to_draft(section.draft), anchor=section.public_id,
    )  # fmt: skip


def resolve(request: HttpRequest, partnership_id: str, comment_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.COMMENT_ON_MEMORANDUM)
    rows = DraftComment.objects.select_related("section__draft__partnership", "made_by", "resolved_by")
    found = rows.filter(section__draft__partnership=partnership, public_id=comment_id).first()
    if found is None:
        raise Http404
    form = ResolveForm(posted(request))

    def action() -> None:
        actions.resolve_comment(comment=found, **form.values(), by=person_of(request))

    return _form(
        request, partnership, form, action, "Resolve the comment", "The comment is resolved and kept.",
        lead=f"{found}: “{found.text}”", blockers=actions.blockers_to_resolve(found), anchor=found.section.public_id,
    )  # fmt: skip


# Issue


def issue(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.WRITE_MEMORANDUM)
    found, person = _draft(partnership), person_of(request)
    form = IssueForm(
        posted(request), comments=actions.open_comments(found), version=found.version, cancel_url=_address(partnership)
    )

    def action() -> None:
        actions.issue(draft=found, **form.values(), by=person, version=form.version)

    done = "The next version is issued. Every partner is asked to sign it."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("partnerships:memorandum", partnership.public_id)
    rows = list(found.sections.all())
    return partnership_page(
        request,
        partnership,
        "memorandum",
        "partnerships/draft_issue.html",
        form=form,
        blockers=actions.blockers_to_issue(found, person),
        without=[row for row in rows if row.left_out or not row.text],
        partners=partnership.partners.current().select_related("organisation"),
    )


def _form(
    request: HttpRequest, partnership: Partnership, form: PortalForm, action: Callable[[], Any], heading: str,
    done: str, *, lead: str = "", blockers: list[str], anchor: str = "",
) -> HttpResponse:  # fmt: skip
    """One form of the draft: carry it out and go back to its place there, or show it (again) with what was typed."""
    form.cancel_url = _address(partnership) + (f"#s-{anchor}" if anchor else "")
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect(form.cancel_url)
    return partnership_page(
        request, partnership, "memorandum", "partnerships/form.html", form=form, heading=heading, lead=lead,
        blockers=blockers,
    )  # fmt: skip


def _back(request: HttpRequest, partnership: Partnership, done: str) -> HttpResponse:
    messages.success(request, done)
    return redirect(_address(partnership))


def _address(partnership: Partnership) -> str:
    return reverse("partnerships:draft", args=[partnership.public_id])


def _draft(partnership: Partnership) -> MemorandumDraft:
    """The newest draft, issued or not: whoever comes too late is told who issued it."""
    found = partnership.drafts.select_related("pen", "issued_as__written_by", "based_on").first()
    if found is None:
        raise Http404
    found.partnership = partnership
    return found


def _section(partnership: Partnership, section_id: str) -> DraftSection:
    rows = DraftSection.objects.select_related("draft__pen", "draft__issued_as__written_by")
    found = rows.filter(draft__partnership=partnership, public_id=section_id).first()
    if found is None:
        raise Http404
    found.draft.partnership = partnership
    return found
