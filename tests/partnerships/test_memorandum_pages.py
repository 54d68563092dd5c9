"""The memorandum's pages: who sees the draft, what is typed is never lost, comparison, and the PDF."""

import hashlib
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from foundation.audit.models import AuditEvent
from foundation.database import clock
from foundation.rendering import queue
from foundation.rendering.models import JobState, RenderJob
from partnerships.actions.drafting import comment, write_section
from partnerships.actions.memorandum import print_memorandum, sign_memorandum, write_memorandum
from partnerships.actions.pen import hand_pen, start_draft
from partnerships.documents import memorandum_document, paper_of
from partnerships.models import DraftComment, DraftSection
from partnerships.roles import PartnershipRole
from tests.factories.accounts import PersonFactory
from tests.factories.partnerships import PartnerFactory, PartnershipFactory, person_as

pytestmark = pytest.mark.django_db
HOSTILE = ["", "x" * 10001, "\x00", "a\x07b", "\u202eevil", "<script>alert(1)</script>", "{{ 7|add:7 }}", "1e309"]
WRITING = ["draft_issue", "pen_hand_over", "section_add"]
OF_A_SECTION = ["section_write", "section_comment"]
VERBS = ["draft_start", "pen_take", "pen_put_down"]


def address(name, *args):
    return reverse(f"partnerships:{name}", args=[getattr(a, "public_id", a) for a in args])


@pytest.fixture
def lead(client, partnership):
    person = person_as(PartnershipRole.PUBLIC_LEAD, partnership, organisation=partnership.public_lead)
    client.force_login(person)
    return person


@pytest.fixture
def memorandum(partnership, lead):
    return issued(partnership, lead)


@pytest.fixture
def draft(partnership, lead):
    return start_draft(partnership=partnership, by=lead)


@pytest.fixture
def purpose(draft):
    return draft.sections.get(key="purpose")


def issued(partnership, by, **changes):
    given = {"purpose": "Nobody is alone.", "how_we_work": "Each its own.", "review_on": date(2090, 1, 1)} | changes
    return write_memorandum(partnership=partnership, **given, by=by)


def text_of(client, name, *args):
    return client.get(address(name, *args)).content.decode()


# Who sees what


def test_every_address_is_unknown_to_whoever_has_no_part(client, partnership, lead, draft, purpose):
    said = comment(section=purpose, text="Why?", by=lead)
    for person in (PersonFactory(), PersonFactory(administrator=True)):
        client.force_login(person)
        for name in ("draft", "draft_changes", *WRITING):
            assert client.get(address(name, partnership)).status_code == 404, name
        for name in VERBS:
            assert client.post(address(name, partnership)).status_code == 404, name
        for name in OF_A_SECTION:
            assert client.get(address(name, partnership, purpose)).status_code == 404, name
        assert client.get(address("comment_resolve", partnership, said)).status_code == 404


def test_another_partnerships_sections_and_comments_are_not_found_under_this_one(client, partnership, lead, draft):
    other = PartnershipFactory()
    theirs = start_draft(partnership=other, by=person_as(PartnershipRole.PUBLIC_LEAD, other)).sections.all()[0]
    said = comment(section=theirs, text="Why?", by=theirs.draft.started_by)
    for name in OF_A_SECTION:
        assert client.get(address(name, partnership, theirs)).status_code == 404
    assert client.get(address("comment_resolve", partnership, said)).status_code == 404
    assert client.post(address("section_leave_out", partnership, theirs)).status_code == 404


def test_an_observer_reads_the_draft_without_a_button_and_is_told_who_may(client, partnership, draft, purpose):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    page = client.get(address("draft", partnership))
    main = page.content.decode().split("<main", 1)[1].split("</main", 1)[0]
    assert "ds_button" not in main
    assert "/comment/" not in main
    for name in WRITING:
        refused = client.get(address(name, partnership))
        assert (refused.status_code, "These roles may" in refused.content.decode()) == (403, True)
    for name in OF_A_SECTION:
        assert client.get(address(name, partnership, purpose)).status_code == 403


def test_a_partners_manager_comments_and_cannot_write(client, partnership, draft, purpose):
    client.force_login(person_as(PartnershipRole.PARTNER_MANAGER, partnership))
    page = text_of(client, "draft", partnership)
    assert address("section_comment", partnership, purpose) in page
    assert f'href="{address("section_write", partnership, purpose)}"' not in page
    done = client.post(address("section_comment", partnership, purpose), {"text": "For <b>whom</b>?"}, follow=True)
    assert "For &lt;b&gt;whom&lt;/b&gt;?" in done.content.decode()
    assert ">Resolve<" in done.content.decode(), "one’s own comment"


def test_without_a_draft_its_address_leads_to_the_memorandum(client, partnership, lead):
    assert client.get(address("draft", partnership)).url == address("memorandum", partnership)
    for name in ("draft_changes", *WRITING):
        assert client.get(address(name, partnership)).status_code == 404
    assert client.post(address("pen_take", partnership)).status_code == 404


# Writing


def test_the_draft_shows_who_has_the_pen_and_offers_what_one_can_do(client, partnership, lead, draft):
    page = text_of(client, "draft", partnership)
    assert "You have the pen." in page
    assert "Issue for signature" in page
    other = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    client.force_login(other)
    page = text_of(client, "draft", partnership)
    assert f"{lead} has the pen" in page
    assert "you can take it over from" in page
    assert "Take over the pen" not in page
    with clock.at(clock.now() + timedelta(hours=25)):
        assert "Take over the pen" in text_of(client, "draft", partnership)


def test_what_was_typed_without_the_pen_stays_in_the_form(client, partnership, lead, draft, purpose):
    typed = {"heading": "Purpose", "text": "An hour of work", "version": purpose.version}
    hand_pen(draft=draft, to=person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Callum Reid"), by=lead)
    page = client.post(address("section_write", partnership, purpose), typed).content.decode()
    assert "An hour of work" in page
    assert "Callum Reid has the pen" in page
    purpose.refresh_from_db()
    assert purpose.text == ""
    opened = text_of(client, "section_write", partnership, purpose)
    assert "Callum Reid has the pen" in opened
    assert "<textarea" not in opened


def test_a_comment_that_comes_too_late_stays_in_the_form(client, partnership, lead, draft, purpose):
    write_section(section=purpose, heading="Purpose", text="Nobody is alone.", by=lead)
    data = {"review_on": "1/1/2090", "version": 2}
    assert client.post(address("draft_issue", partnership), data).status_code == 302
    page = client.post(address("section_comment", partnership, purpose), {"text": "Wait a moment"}).content.decode()
    assert "Wait a moment" in page
    assert f"{lead} issued this draft as version 1" in page
    assert not DraftComment.objects.exists()


def test_the_whole_way_in_the_browser(client, partnership, lead, draft, purpose):
    post = lambda name, *args, **data: client.post(address(name, partnership, *args), data)  # noqa: E731
    assert post("section_write", purpose, heading="Purpose", text="Nobody is alone.", version=1).status_code == 302
    assert post("section_add", key="", heading="Volunteers", after=purpose.public_id).status_code == 302
    added = DraftSection.objects.get(heading="Volunteers")
    assert post("section_leave_out", added).status_code == 302
    assert post("section_put_back", added).status_code == 302
    assert post("section_comment", purpose, text="For whom?").status_code == 302
    said = DraftComment.objects.get()
    page = post("draft_issue", review_on="1/1/2090", version=draft.version + 4).content.decode()
    assert "comment on “Purpose”" in page
    assert 'value="1/1/2090"' in page
    assert post("comment_resolve", said, word="Named.").status_code == 302
    project = person_as(PartnershipRole.PROJECT_LEAD, partnership)
    assert post("pen_hand_over", to=project.public_id).status_code == 302
    client.force_login(project)
    assert post("pen_put_down").status_code == 302
    assert post("pen_take").status_code == 302
    assert post("draft_issue", review_on="1/1/2090", version=draft.version + 7).status_code == 302
    page = text_of(client, "memorandum", partnership)
    assert "version 1" in page
    assert "Volunteers" not in page.split("<details")[0], "an empty section is not taken over"
    assert "For whom?" in page
    assert "Resolved by" in page


@pytest.mark.parametrize("value", HOSTILE)
def test_hostile_input_never_breaks_a_form_and_is_escaped(client, partnership, lead, draft, purpose, value):
    said = comment(section=purpose, text="Why?", by=lead)
    urls = [address(name, partnership) for name in WRITING]
    urls += [address(name, partnership, purpose) for name in OF_A_SECTION]
    for url in [*urls, address("comment_resolve", partnership, said)]:
        fields = client.get(url).context["form"].fields
        page = client.post(url, dict.fromkeys(fields, value))
        assert page.status_code in (200, 302), url
        assert "<script>alert(1)" not in page.content.decode()
    assert "<script>alert(1)" not in text_of(client, "draft", partnership)


def test_get_never_writes_and_verbs_are_post_only(client, partnership, lead, memorandum, draft):
    section = draft.sections.all()[0]
    with CaptureQueriesContext(connection) as captured:
        for name in ("memorandum", "draft", "draft_changes", *WRITING):
            assert client.get(address(name, partnership)).status_code == 200
        for name in OF_A_SECTION:
            assert client.get(address(name, partnership, section)).status_code == 200
    assert [q["sql"] for q in captured if q["sql"].split(" ")[0] in ("INSERT", "UPDATE", "DELETE")] == []
    for name in VERBS:
        assert client.get(address(name, partnership)).status_code == 405
    assert client.get(address("memorandum_print", partnership, 1)).status_code == 405


def test_the_draft_takes_the_same_few_queries_with_1_and_with_many_comments(client, partnership, lead, draft, purpose):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    counts = []
    for more in (1, 2, 297):
        DraftComment.objects.bulk_create(
            DraftComment(section=purpose, text="?", made_by=PersonFactory()) for _ in range(min(more, 40))
        )
        with CaptureQueriesContext(connection) as captured:
            client.get(address("draft", partnership))
        counts.append(len(captured))
    assert len(set(counts)) == 1, counts
    assert counts[0] <= 16


# Comparing


def test_two_versions_are_compared_word_by_word_and_words_tell_it_to_a_screen_reader(client, partnership, lead):
    issued(partnership, lead, how_we_work="A partner gives one month of notice.")
    issued(partnership, lead, how_we_work="A partner gives three months of notice.", review_on=date(2091, 1, 1))
    page = text_of(client, "memorandum_compare", partnership, 1, 2)
    assert '<del><span class="visually-hidden">removed: </span>one month ' in page
    assert '<ins><span class="visually-hidden">added: </span>three months ' in page
    assert "4 unchanged sections" in page
    assert "1 Jan 2091" in page or "1 January 2091" in page
    newest = text_of(client, "memorandum", partnership)
    assert "What changed" in newest
    assert "has been replaced" not in newest
    assert "has been replaced" in text_of(client, "memorandum_version", partnership, 1)
    assert client.get(address("memorandum_compare", partnership, 1, 3)).status_code == 404


def test_the_draft_is_compared_with_the_version_it_began_from(client, partnership, lead, memorandum, draft):
    row = draft.sections.get(key="purpose")
    write_section(section=row, heading="Why we are here", text="Nobody is lonely.", by=lead)
    page = text_of(client, "draft_changes", partnership)
    assert "was called “Purpose”" in page
    assert "lonely." in page


# The PDF


@pytest.fixture
def no_press(monkeypatch):
    asked: list[str] = []
    monkeypatch.setattr(queue, "printed", lambda html, follow: asked.append(html) or b"%PDF-1.7 made")
    return asked


def test_any_member_asks_for_the_pdf_once_and_downloads_it(client, partnership, memorandum, no_press):
    client.force_login(person_as(PartnershipRole.OBSERVER, partnership))
    assert "Make the PDF" in text_of(client, "memorandum", partnership)
    assert client.get(address("memorandum_pdf", partnership, 1)).status_code == 302, "none yet: to the page"
    for _ in range(2):
        assert client.post(address("memorandum_print", partnership, 1)).status_code == 302
    job = RenderJob.objects.get()
    assert (job.scope, job.title) == (partnership.audit_scope, f"{memorandum}, 0 of 2 signed")
    assert "data-poll" in text_of(client, "memorandum_progress", partnership, 1)
    assert queue.run(job.public_id)
    page = client.get(address("memorandum_pdf", partnership, 1))
    assert b"".join(page.streaming_content) == b"%PDF-1.7 made"
    assert "Make the PDF" not in text_of(client, "memorandum", partnership)
    client.force_login(PersonFactory())
    for name in ("memorandum_pdf", "memorandum_progress"):
        assert client.get(address(name, partnership, 1)).status_code == 404
    assert client.post(address("memorandum_print", partnership, 1)).status_code == 404


def test_one_more_signature_makes_a_fresh_pdf_and_each_prints_what_was_signed_then(partnership, lead, memorandum):
    partner = partnership.partners.get(organisation=lead.organisation)
    before = print_memorandum(memorandum=memorandum, by=lead)
    with clock.at(datetime(2026, 2, 3, 12, tzinfo=UTC)):
        sign_memorandum(memorandum=memorandum, partner=partner, by=lead)
    after = print_memorandum(memorandum=memorandum, by=lead)
    assert (before.pk != after.pk, after.title) == (True, f"{memorandum}, 1 of 2 signed")
    old, new = (memorandum_document(job.inputs).html for job in (before, after))
    assert "3 February 2026" not in old
    assert "<td>3 February 2026</td>" in new
    assert str(lead) in new
    assert memorandum_document(after.inputs).filename == "memorandum-version-1.pdf"


def test_the_paper_says_the_text_the_signatures_and_a_checksum_of_the_text(partnership, lead, memorandum):
    html = memorandum_document(print_memorandum(memorandum=memorandum, by=lead).inputs).html
    for told in ("1. Purpose", "Nobody is alone.", "0 of 2 partners", "Not yet signed", "is not a contract"):
        assert told in html
    checksum = paper_of(memorandum).text_checksum
    assert checksum in html
    assert len(checksum) == len(hashlib.sha256().hexdigest())


def test_a_new_partner_and_another_text_are_another_document(partnership, lead, memorandum):
    keys = [paper_of(memorandum).key]
    PartnerFactory(partnership=partnership)
    keys.append(paper_of(memorandum).key)
    memorandum.sections.filter(key="purpose").update(text="Else.")
    keys.append(paper_of(type(memorandum).objects.get(pk=memorandum.pk)).key)
    assert len(set(keys)) == 3


def test_a_pdf_that_failed_is_tried_again_by_the_same_button(client, partnership, lead, memorandum):
    job = print_memorandum(memorandum=memorandum, by=lead)
    RenderJob.objects.filter(pk=job.pk).update(state=JobState.FAILED, error="It broke.")
    assert "Make the PDF" in text_of(client, "memorandum", partnership)
    client.post(address("memorandum_print", partnership, 1))
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert AuditEvent.objects.filter(action="memorandum.print").count() == 2
