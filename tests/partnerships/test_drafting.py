"""Sections, comments and issuing: with the pen, without it, and while somebody else is at it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.policy.refusals import NotNow, NotPermitted
from partnerships.actions.drafting import (
    MOST_SECTIONS,
    add_section,
    comment,
    issue,
    leave_out,
    put_back,
    resolve_comment,
    write_section,
)
from partnerships.actions.pen import hand_pen, start_draft
from partnerships.models import DraftComment, DraftSection, Memorandum, MemorandumDraft
from partnerships.permissions import ABILITIES, Ability
from partnerships.roles import PartnershipRole
from tests.factories.partnerships import PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
LATER = date(2027, 11, 2)


@pytest.fixture(autouse=True)
def november():
    with clock.at(NOON):
        yield


@pytest.fixture
def lead():
    return person_as(PartnershipRole.PUBLIC_LEAD, PartnershipFactory(), name="Morag Sinclair")


@pytest.fixture
def draft(lead):
    return start_draft(partnership=lead.memberships.get().partnership, by=lead)


@pytest.fixture
def project(draft):
    return person_as(PartnershipRole.PROJECT_LEAD, draft.partnership, name="Callum Reid")


@pytest.fixture
def manager(draft):
    return person_as(PartnershipRole.PARTNER_MANAGER, draft.partnership, name="Ailsa Grant")


def section(draft, key="purpose"):
    return DraftSection.objects.get(draft=draft, key=key)


def written(draft, lead, key="purpose", text="Nobody is alone."):
    row = section(draft, key)
    return write_section(section=row, heading=row.heading, text=text, by=lead)


# Sections


def test_a_section_is_written_renamed_and_recorded_with_before_and_after(draft, lead):
    row = section(draft, "roles")
    with clock.at(NOON + timedelta(hours=5)):
        write_section(section=row, heading=" Who does what ", text="Each its own.\n", by=lead, version=1)
    row.refresh_from_db()
    draft.refresh_from_db()
    assert (row.heading, row.text, row.version) == ("Who does what", "Each its own.", 2)
    assert (draft.version, draft.pen_used_at) == (2, NOON + timedelta(hours=5)), "the day without a change begins anew"
    event = AuditEvent.objects.latest("seq")
    assert event.action == "memorandum.write_section"
    assert (event.before["heading"], event.after["text"]) == ("Roles and responsibilities", "Each its own.")


def every_change(draft, by):
    row = section(draft, "roles")
    return (
        lambda: write_section(section=row, heading="H", text="T", by=by),
        lambda: add_section(draft=draft, heading="New", by=by),
        lambda: leave_out(section=row, by=by),
        lambda: put_back(section=row, by=by),
        lambda: issue(draft=draft, review_on=LATER, by=by),
    )


def state(draft):
    return (
        list(draft.sections.values_list("key", "heading", "text", "left_out", "version")),
        MemorandumDraft.objects.values_list("version", "pen", "issued_as").get(pk=draft.pk),
        Memorandum.objects.count(),
    )


def test_without_the_pen_every_change_is_refused_with_who_has_it(draft, lead, project):
    before = state(draft)
    for attempt in every_change(draft, project):
        with pytest.raises(NotNow, match="Morag Sinclair has the pen and last used it at 12:00 on 2 November 2026"):
            attempt()
    assert state(draft) == before


@pytest.mark.parametrize("role", [role for role in PartnershipRole if Ability.WRITE_MEMORANDUM not in ABILITIES[role]])
def test_other_roles_change_nothing(role, draft):
    before, by = state(draft), person_as(role, draft.partnership)
    for attempt in every_change(draft, by):
        with pytest.raises(NotPermitted, match="You may not write the memorandum"):
            attempt()
    assert state(draft) == before


def test_after_the_work_is_over_every_change_is_refused(draft, lead):
    draft.partnership.stage = "closed"
    draft.partnership.save(update_fields=["stage"])
    before = state(draft)
    for attempt in (*every_change(draft, lead), lambda: comment(section=section(draft), text="x", by=lead)):
        with pytest.raises(NotNow, match="This partnership is closed"):
            attempt()
    assert state(draft) == before
    assert not DraftComment.objects.exists()


def test_a_stale_page_is_told_and_who_lost_the_pen_is_told_who_has_it_instead(draft, lead, project):
    written(draft, lead)
    with pytest.raises(NotNow, match="changed this"):
        write_section(section=section(draft), heading="H", text="T", by=lead, version=1)
    hand_pen(draft=draft, to=project, by=lead)
    with pytest.raises(NotNow, match="Callum Reid has the pen"):
        write_section(section=section(draft), heading="H", text="T", by=lead, version=1)


def test_a_section_is_added_in_its_place_under_a_suggested_or_an_own_heading(draft, lead):
    DraftSection.objects.filter(draft=draft, key="money").delete()
    add_section(draft=draft, heading="Volunteers", after=section(draft, "purpose"), by=lead)
    add_section(draft=draft, heading="", key="money", by=lead)
    headings = [row.heading for row in draft.sections.all()]
    assert headings[:3] == ["Purpose", "Volunteers", "Status of this memorandum"]
    assert headings[-1] == "Money and resources"


@pytest.mark.parametrize(("given", "field"), [({"heading": " "}, "heading"), ({"heading": "", "key": "roles"}, "key")])
def test_a_section_needs_a_heading_and_comes_once(given, field, draft, lead):
    before = state(draft)
    with pytest.raises(ValidationError) as refusal:
        add_section(draft=draft, by=lead, **given)
    assert field in refusal.value.message_dict
    assert state(draft) == before


def test_there_is_an_end_to_sections(draft, lead):
    count = draft.sections.count()
    DraftSection.objects.bulk_create(
        DraftSection(draft=draft, key=f"k{n}", position=n, heading="H") for n in range(count, MOST_SECTIONS)
    )
    with pytest.raises(ValidationError, match="60 sections at most"):
        add_section(draft=draft, heading="One more", by=lead)


def test_a_section_is_left_out_once_and_put_back_with_its_comments(draft, lead, manager):
    comment(section=section(draft, "term"), text="Two years?", by=manager)
    leave_out(section=section(draft, "term"), by=lead)
    with pytest.raises(NotNow, match="“Term” is left out already"):
        leave_out(section=section(draft, "term"), by=lead)
    assert section(draft, "term").left_out
    put_back(section=section(draft, "term"), by=lead)
    assert section(draft, "term").comments.count() == 1
    with pytest.raises(NotNow, match="“Term” is in the draft already"):
        put_back(section=section(draft, "term"), by=lead)


# Comments


@pytest.mark.parametrize("role", [role for role in PartnershipRole if role != PartnershipRole.OBSERVER])
def test_everybody_who_takes_part_comments_on_a_section_without_the_pen(role, draft):
    made = comment(section=section(draft), text=" For whom? ", by=person_as(role, draft.partnership))
    assert (made.text, made.resolved_at) == ("For whom?", None)
    assert AuditEvent.objects.latest("seq").summary == "commented on “Purpose” in the draft"


def test_an_observer_and_a_stranger_do_not_comment_and_an_empty_comment_is_none(draft, manager):
    for role_of in (draft.partnership, PartnershipFactory()):
        with pytest.raises(NotPermitted):
            comment(section=section(draft), text="x", by=person_as(PartnershipRole.OBSERVER, role_of))
    with pytest.raises(ValidationError, match="Write your comment"):
        comment(section=section(draft), text=" ", by=manager)
    assert not DraftComment.objects.exists()


@pytest.mark.parametrize("who", ["holder", "author"])
def test_the_holder_of_the_pen_and_the_author_resolve_a_comment_with_a_word_and_it_is_kept(who, draft, lead, manager):
    made = comment(section=section(draft), text="For whom?", by=manager)
    by = lead if who == "holder" else manager
    with pytest.raises(ValidationError, match="what was done"):
        resolve_comment(comment=made, word=" ", by=by)
    resolve_comment(comment=made, word="Named them.", by=by)
    made.refresh_from_db()
    assert (made.resolved_by, made.resolved_at, made.word, made.text) == (by, NOON, "Named them.", "For whom?")
    with pytest.raises(NotNow, match=f"{by} resolved this comment at 12:00 on 2 November 2026: “Named them.”"):
        resolve_comment(comment=made, word="Again", by=lead)


def test_others_do_not_resolve_a_comment_and_are_told_who_may(draft, manager, project):
    made = comment(section=section(draft), text="For whom?", by=manager)
    with pytest.raises(NotPermitted, match="Ailsa Grant, who made it, may, and Morag Sinclair, who has the pen"):
        resolve_comment(comment=made, word="Done", by=project)
    made.refresh_from_db()
    assert made.resolved_at is None


# Issue


def test_issuing_makes_the_next_version_of_what_has_text_and_frees_the_pen(draft, lead):
    written(draft, lead)
    written(draft, lead, "term", "Two years.")
    leave_out(section=section(draft, "status"), by=lead)
    issued = issue(draft=draft, review_on=LATER, by=lead)
    draft.refresh_from_db()
    assert (issued.number, issued.written_by, issued.review_on) == (1, lead, LATER)
    assert [(s.position, s.heading) for s in issued.sections.all()] == [
        (1, "Purpose"), (2, "Lead organisations"), (3, "Term"),
    ]  # fmt: skip
    assert (draft.issued_as, draft.pen) == (issued, None)
    assert AuditEvent.objects.latest("seq").summary == "issued version 1 of the memorandum for signature"


def test_the_history_says_which_sections_changed(draft, lead):
    written(draft, lead)
    issue(draft=draft, review_on=LATER, by=lead)
    second = start_draft(partnership=draft.partnership, by=lead)
    written(second, lead, text="Nobody is alone any more.")
    add_section(draft=second, heading="Term", key="term", by=lead)
    written(second, lead, "term", "Two years.")
    leave_out(section=section(second, "status"), by=lead)
    issued = issue(draft=second, review_on=LATER, by=lead)
    assert issued.number == 2
    assert AuditEvent.objects.latest("seq").summary == (
        "issued version 2 of the memorandum for signature: changed “Purpose”; added “Term”; left out “Status of this "
        "memorandum”"
    )


def test_a_memorandum_needs_a_purpose_and_a_review_in_the_future(draft, lead):
    with pytest.raises(NotNow, match="“Purpose” is empty or left out"):
        issue(draft=draft, review_on=LATER, by=lead)
    row = written(draft, lead)
    with pytest.raises(ValidationError, match="in the future"):
        issue(draft=draft, review_on=clock.today(), by=lead)
    leave_out(section=row, by=lead)
    with pytest.raises(NotNow, match="empty or left out"):
        issue(draft=draft, review_on=LATER, by=lead)
    assert not Memorandum.objects.exists()


def test_open_comments_are_named_and_resolved_or_left_open_on_purpose(draft, lead, manager):
    row = written(draft, lead)
    first = comment(section=row, text="For whom?", by=manager)
    second = comment(section=section(draft, "term"), text="How long?", by=manager)
    with pytest.raises(NotNow) as refusal:
        issue(draft=draft, review_on=LATER, by=lead)
    assert refusal.value.reasons == tuple(
        f"Ailsa Grant’s comment on “{name}” of 12:00 on 2 November 2026 is open. "
        "Resolve it, or tick it to leave it open."
        for name in ("Purpose", "Term")
    )
    resolve_comment(comment=first, word="Named.", by=lead)
    issue(draft=draft, review_on=LATER, leave_open=[second.public_id], by=lead)
    second.refresh_from_db()
    assert second.resolved_at is None


def test_a_comment_that_arrives_while_the_page_is_open_stops_the_issue_and_says_whose_it_is(draft, lead, manager):
    row = written(draft, lead)
    seen = comment(section=row, text="For whom?", by=manager)
    comment(section=row, text="And where?", by=person_as(PartnershipRole.EVALUATOR, draft.partnership, name="Shona"))
    with pytest.raises(NotNow, match="Shona’s comment on “Purpose”"):
        issue(draft=draft, review_on=LATER, leave_open=[seen.public_id], by=lead)
    assert not Memorandum.objects.exists()


def test_a_comment_that_comes_after_the_issue_is_refused_with_who_issued_it(draft, lead, manager):
    row = written(draft, lead)
    stale = DraftSection.objects.get(pk=row.pk)
    issue(draft=draft, review_on=LATER, by=lead)
    with pytest.raises(NotNow, match="Morag Sinclair issued this draft as version 1 at 12:00 on 2 November 2026"):
        comment(section=stale, text="Wait!", by=manager)
    for attempt in every_change(draft, lead):
        with pytest.raises(NotNow, match="Morag Sinclair issued this draft"):
            attempt()
    assert not DraftComment.objects.exists()
    assert Memorandum.objects.count() == 1


def test_issuing_from_a_page_that_is_out_of_date_is_refused(draft, lead):
    written(draft, lead)
    with pytest.raises(NotNow, match="changed this"):
        issue(draft=draft, review_on=LATER, by=lead, version=1)
