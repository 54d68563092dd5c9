"""The memorandum of understanding: sign a version, have it printed. Its next version is written in `drafting`."""

from datetime import date
from typing import TYPE_CHECKING

from foundation.audit.events import record
from foundation.audit.verbs import verb
from foundation.database.locks import locked
from foundation.policy.refusals import NotPermitted, stop_if
from foundation.rendering import jobs
from foundation.rendering.models import JobState, RenderJob
from partnerships.actions.drafting import add_section, issue, write_section
from partnerships.actions.partnership import blockers_to_edit
from partnerships.actions.pen import start_draft
from partnerships.actions.summary import refresh
from partnerships.documents import MEMORANDUM, paper_of
from partnerships.headings import PURPOSE
from partnerships.models import Memorandum, Partner, Partnership, Signature
from partnerships.permissions import Ability, require

if TYPE_CHECKING:
    from accounts.models import Person


def current_memorandum(partnership: Partnership) -> Memorandum | None:
    """The newest version; None before the first."""
    return Memorandum.objects.filter(partnership=partnership).order_by("-number").first()


@verb("memorandum.write", on="partnership")
def write_memorandum(
    *, partnership: Partnership, purpose: str, how_we_work: str, review_on: date, by: "Person"
) -> Memorandum:
    """A whole version in one go, by the same steps as anybody takes: for the demo and for tests."""
    draft = start_draft(partnership=partnership, by=by)
    sections = {section.key: section for section in draft.sections.all()}
    ours = sections.get("how_we_work") or add_section(
        draft=draft, heading="How we work together", key="how_we_work", after=sections[PURPOSE], by=by
    )
    for section, text in ((sections[PURPOSE], purpose), (ours, how_we_work)):
        write_section(section=section, heading=section.heading, text=text, by=by)
    return issue(draft=draft, review_on=review_on, by=by)


@verb("memorandum.sign", on="memorandum")
def sign_memorandum(*, memorandum: Memorandum, partner: Partner, by: "Person") -> Signature:
    """Sign the newest version for the organisation one works for."""
    partnership = locked(memorandum.partnership)
    require(by, Ability.SIGN_MEMORANDUM, partnership)
    if by.organisation_id != partner.organisation_id or partner.partnership_id != partnership.pk:
        raise NotPermitted("You can sign only for the organisation you work for.")
    stop_if(blockers_to_sign(memorandum, partner))
    signature = Signature.objects.create(memorandum=memorandum, partner=partner, signed_by=by)
    refresh(partnership)
    record("memorandum.sign", on=memorandum, by=by, summary=f"signed version {memorandum.number} for {partner}")
    return signature


def blockers_to_sign(memorandum: Memorandum, partner: Partner) -> list[str]:
    """Why this partner cannot sign this version now."""
    latest = current_memorandum(memorandum.partnership)
    if latest and latest.pk != memorandum.pk:
        return [f"Version {latest.number} has replaced this one: read and sign that."]
    if Signature.objects.filter(memorandum=memorandum, partner=partner).exists():
        return [f"{partner} has signed this version."]
    return blockers_to_edit(memorandum.partnership)


@verb("memorandum.print", on="memorandum")
def print_memorandum(*, memorandum: Memorandum, by: "Person") -> RenderJob:
    """Ask for the PDF of a version with its signatures as they are now. The same content is the same document."""
    partnership = locked(memorandum.partnership)
    require(by, Ability.PRINT_MEMORANDUM, partnership)
    paper = paper_of(memorandum)
    before = RenderJob.objects.filter(key=paper.key).first()
    if before and before.state in (JobState.FAILED, JobState.CANCELLED):
        job = jobs.retry(before)
    else:
        title = f"{memorandum}, {paper.signed} of {len(paper.rows)} signed"
        job = jobs.request(
            kind=MEMORANDUM, inputs=paper.inputs, key=paper.key, title=title, by=by, scope=partnership.audit_scope
        )
    record("memorandum.print", on=memorandum, by=by, summary=f"asked for version {memorandum.number} as a PDF")
    return job
