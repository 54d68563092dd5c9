"""Profiles: what they begin with, each verb, the story that goes with its consent, the formats, and the pages."""

from datetime import date

import pypdfium2
import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from foundation.audit.models import AuditEvent, Outcome
from foundation.files.store import path_of
from foundation.policy.refusals import NotNow, NotPermitted
from foundation.rendering import queue
from foundation.rendering.models import JobState, RenderJob
from lessons.actions.desk import ask_for_format
from lessons.actions.profile import (
    TAKEN_OUT,
    edit_profile,
    publish_profile,
    revise_profile,
    start_profile,
    withdraw_profile,
)
from lessons.actions.review import check, names_to_look_at
from lessons.formats.catalogue import FORMATS, format_called
from lessons.lifecycle import LearningPointState
from lessons.models import Profile
from lessons.models.profile import PARTS
from lessons.prefilled import reached
from lessons.publications import Publication, offers
from partnerships.roles import PartnershipRole
from pilots.actions.stories import record_consents, withdraw_story
from pilots.models import MonthlyReturn
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LessonFactory, ProfileFactory
from tests.factories.partnerships import PartnershipFactory, both_leads_as_partners, person_as
from tests.factories.pilots import ReturnFactory, StoryFactory, the_two_sides
from tests.reading import text

pytestmark = pytest.mark.django_db
TEA, PLAIN, FIRST = "Now she runs the tea table.", format_called("text"), date(2026, 4, 1)


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


@pytest.fixture
def partnership():
    made = PartnershipFactory(in_pilot=True, service="Visits to people who live alone.")
    both_leads_as_partners(made)
    return made


@pytest.fixture
def lead(partnership):
    return person_as(PartnershipRole.THIRD_SECTOR_LEAD, partnership, organisation=partnership.third_sector_lead)


@pytest.fixture
def story(partnership):
    return StoryFactory(monthly_return=ReturnFactory(partnership=partnership, accepted=True), agreed=True)


def month(started, reviewed, improved):
    return MonthlyReturn(period=FIRST, new_starts=started, reviewed=reviewed, improved=improved)


@pytest.mark.parametrize(
    ("months", "told"),
    [
        ([], []),
        ([(8, 10, 6), (9, 11, 5)], ["17 people started", "Of 21 reviews of how somebody is doing, 11 found"]),
        ([(2, 0, 0), (2, None, None)], ["Fewer than 5 people started"]),
        ([(40, 30, 3)], ["40 people started", "Of 30 reviews of how somebody is doing, fewer than 5 found"]),
        ([(40, 30, 27)], ["40 people started"]),  # 27 of 30 would tell that there are three others
        ([(None, None, None)], ["0 people started"]),
    ],
)
def test_counts_of_a_few_people_are_not_told_nor_what_gives_them_away(months, told):
    lines = reached([month(*one) for one in months])
    assert len(lines) == len(told)
    assert all(line.startswith(words) for line, words in zip(lines, told, strict=True))


def test_a_profile_begins_with_what_the_portal_knows(partnership, lead, story):
    LessonFactory(partnership=partnership, title="Visit in pairs", advice="Send two.", published=True)
    LessonFactory(partnership=partnership, title="Not published")
    profile = start_profile(partnership=partnership, by=lead)
    assert (profile.what, profile.where) == (partnership.service, partnership.get_area_display())
    assert profile.who == partnership.client_group
    assert str(partnership.public_lead) in profile.partners
    assert profile.dates.startswith("It started: 1 April 2026\nDesign: from 1 April 2026")
    assert "£10,400" in profile.money
    assert profile.reached.startswith("8 people started")
    assert profile.learned == "Visit in pairs. Send two."
    assert str(partnership.third_sector_lead) in profile.contact
    assert lead.name not in str(profile.texts())
    assert profile.story == story
    assert AuditEvent.objects.get(action="profile.start").outcome == Outcome.ALLOWED


@pytest.mark.parametrize("consents", [{"may_use": True}, {"may_use": True, "anonymised": True}, {"may_publish": True}])
def test_a_story_without_all_its_consents_is_not_taken(partnership, lead, consents):
    StoryFactory(monthly_return=ReturnFactory(partnership=partnership, accepted=True), **consents)
    assert start_profile(partnership=partnership, by=lead).story is None


def test_one_profile_of_a_partnership_is_written_at_a_time(partnership, lead, publisher):
    start_profile(partnership=partnership, by=lead)
    with pytest.raises(NotNow, match="being written already"):
        start_profile(partnership=partnership, by=publisher)
    assert Profile.objects.count() == 1


def test_starting_is_for_those_who_add_lessons_and_for_publishers(partnership, publisher):
    for other in (person_as(PartnershipRole.OBSERVER, partnership), PersonFactory()):
        with pytest.raises(NotPermitted, match="may not write a profile"):
            start_profile(partnership=partnership, by=other)
    assert start_profile(partnership=partnership, by=publisher).added_by == publisher


def test_a_draft_is_edited_and_keeps_its_number(partnership, lead):
    profile = start_profile(partnership=partnership, by=lead)
    edited = edit_profile(
        profile=profile, texts={"title": "Tea and company", "who": "Anybody."}, story=None, by=lead, version=1
    )
    assert (edited.title, edited.who, edited.number) == ("Tea and company", "Anybody.", profile.number)
    assert edited.slug == f"{profile.number}-tea-and-company"
    assert AuditEvent.objects.get(action="profile.edit").before["who"] == profile.who


@pytest.mark.parametrize(
    ("trait", "said"),
    [
        ("commented", "signed off or checked"), ("signed", "signed off or checked"),
        ("checked", "signed off or checked"), ("published", "Revise it instead"), ("withdrawn", "Revise it instead"),
    ],
)  # fmt: skip
def test_editing_is_refused_from_other_states(trait, said, publisher):
    with pytest.raises(NotNow, match=said):
        edit_profile(profile=ProfileFactory(**{trait: True}), texts={}, story=None, by=publisher)


def test_editing_is_refused_to_others_and_with_a_story_of_another_pilot(partnership, lead, story):
    profile = start_profile(partnership=partnership, by=lead)
    with pytest.raises(NotPermitted, match="may not edit this profile"):
        edit_profile(profile=profile, texts={"who": "x"}, story=None, by=PersonFactory())
    with pytest.raises(ValidationError, match="of this partnership"):
        edit_profile(profile=profile, texts={"who": "x"}, story=StoryFactory(agreed=True), by=lead)
    kept = Profile.objects.get()
    assert (kept.who, kept.story, kept.version) == (profile.who, story, 1)


def test_the_check_finds_people_and_lets_the_partners_stand(partnership, publisher):
    person_as(PartnershipRole.PROJECT_LEAD, partnership, name="Una Quirk")
    openly = f"{partnership.public_lead.name} and {partnership.third_sector_lead.name}"
    profile = ProfileFactory(partnership=partnership, partners=openly, what="Una Quirk visits people.")
    assert [flag.text for flag in names_to_look_at(profile)] == ["Una Quirk"]


def test_publishing_asks_for_every_format_that_can_be_made_here(publisher):
    profile = publish_profile(profile=ProfileFactory(checked=True), by=publisher)
    assert (profile.state, profile.published_at is not None) == (LearningPointState.PUBLISHED, True)
    asked = {offer.format.code for offer in offers(Publication(profile=profile)) if offer.job}
    assert asked == {made.code for made in FORMATS if not made.why_not}
    assert AuditEvent.objects.get(action="profile.publish").outcome == Outcome.ALLOWED


@pytest.mark.parametrize(
    ("traits", "said"),
    [
        ({}, "not passed its check"), ({"commented": True}, "not passed its check"),
        ({"signed": True}, "not passed its check"), ({"published": True}, "published already"),
        ({"withdrawn": True}, "was withdrawn"), ({"checked": True, "empty": True}, "What is it"),
    ],
)  # fmt: skip
def test_publishing_is_refused_from_other_states_and_when_something_is_missing(traits, said, publisher):
    profile = ProfileFactory(**traits)
    with pytest.raises(NotNow, match=said):
        publish_profile(profile=profile, by=publisher)
    assert not RenderJob.objects.exists()


def test_publishing_revising_and_withdrawing_are_for_publishers(partnership, lead):
    checked = ProfileFactory(partnership=partnership, checked=True)
    published = ProfileFactory(partnership=partnership, published=True)
    with pytest.raises(NotPermitted):
        publish_profile(profile=checked, by=lead)
    with pytest.raises(NotPermitted):
        revise_profile(profile=published, texts={"who": "x"}, story=None, change_note="x", by=lead)
    with pytest.raises(NotPermitted):
        withdraw_profile(profile=published, reason="x", by=lead)


def test_a_revision_keeps_the_address_and_says_what_changed(publisher):
    profile = ProfileFactory(published=True)
    revised = revise_profile(
        profile=profile, texts={"title": "Another", "who": "All."}, story=None, change_note="For all.", by=publisher
    )
    assert (revised.slug, revised.number) == (profile.slug, profile.number)
    assert (revised.state, revised.change_note, revised.who) == (LearningPointState.REVISED, "For all.", "All.")
    assert all(offer.job for offer in offers(Publication(profile=revised)) if not offer.why_not)


@pytest.mark.parametrize(
    ("texts", "note", "said"),
    [
        ({"who": "All."}, " ", "Say what was changed"),
        ({}, "x", "Nothing was changed"),
        ({"who": "Ask Anna Muir."}, "x", "Anna Muir"),
    ],
)
def test_a_revision_that_says_nothing_or_names_somebody_changes_nothing(texts, note, said, publisher):
    profile = ProfileFactory(published=True)
    with pytest.raises(ValidationError, match=said):
        revise_profile(profile=profile, texts=texts, story=None, change_note=note, by=publisher)
    kept = Profile.objects.get()
    assert (kept.state, kept.who, kept.version) == (LearningPointState.PUBLISHED, profile.who, profile.version)


@pytest.mark.parametrize(
    ("trait", "revising", "withdrawing"),
    [
        ("commented", "still a draft", "never published"), ("checked", "still a draft", "never published"),
        ("withdrawn", "was withdrawn", "was withdrawn"),
    ],
)  # fmt: skip
def test_revising_and_withdrawing_are_refused_from_other_states(trait, revising, withdrawing, publisher):
    profile = ProfileFactory(**{trait: True})
    with pytest.raises(NotNow, match=revising):
        revise_profile(profile=profile, texts={"who": "x"}, story=None, change_note="x", by=publisher)
    with pytest.raises(NotNow, match=withdrawing):
        withdraw_profile(profile=profile, reason="x", by=publisher)


def test_a_withdrawn_profile_says_why_at_its_address(client, publisher):
    profile = ProfileFactory(published=True)
    with pytest.raises(ValidationError, match="Say why"):
        withdraw_profile(profile=profile, reason=" ", by=publisher)
    withdraw_profile(profile=profile, reason="The pilot asked for it.", by=publisher)
    page = text(client.get(profile.get_absolute_url()))
    assert "The pilot asked for it." in page
    assert profile.what not in page
    assert profile.title not in text(client.get("/lessons/profiles/"))
    assert client.get(f"/lessons/formats/profile/{profile.public_id}/").status_code == 404


def test_it_is_handed_over_in_other_formats_with_all_its_parts(publisher):
    profile = publish_profile(profile=ProfileFactory(checked=True, title="Tea and company"), by=publisher)
    for code in ("pdf", "epub", "docx", "data"):
        job = next(offer.job for offer in offers(Publication(profile=profile)) if offer.format.code == code)
        queue.run(job.public_id)
        job.refresh_from_db()
        assert job.state == JobState.DONE, f"{code}: {job.error}"
        assert job.file.name.startswith(f"profile-{profile.number}")
        if code == "pdf":
            pages = pypdfium2.PdfDocument(path_of(job.file))
            words = " ".join(page.get_textpage().get_text_range() for page in pages)
            assert all(heading in words for _, heading, _ in PARTS)
            assert "Tea and company" in words


# The story


def made(profile, publisher):
    """A published profile with its plain text in the store."""
    check(item=profile, names_may_stay=True, by=publisher)
    profile = publish_profile(profile=profile, by=publisher)
    job = next(offer.job for offer in offers(Publication(profile=profile)) if offer.format == PLAIN)
    queue.run(job.public_id)
    job.refresh_from_db()
    return profile, job


def test_a_withdrawn_consent_takes_the_story_out_of_page_and_store_at_once(
    client, partnership, story, publisher, django_capture_on_commit_callbacks
):
    profile, job = made(ProfileFactory(partnership=partnership, story=story, signed=True), publisher)
    file = path_of(job.file)
    assert TEA in file.read_text()
    assert TEA in text(client.get(profile.get_absolute_url()))
    logger, _ = the_two_sides(partnership)
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_story(story=story, by=logger)
    assert not file.exists()
    profile.refresh_from_db()
    assert (profile.story, profile.state, profile.change_note) == (None, LearningPointState.REVISED, TAKEN_OUT)
    page = text(client.get(profile.get_absolute_url()))
    assert TEA not in page
    assert "What changed for one person?" not in page
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    again = next(offer.job for offer in offers(Publication(profile=profile)) if offer.format == PLAIN)
    queue.run(again.public_id)
    again.refresh_from_db()
    assert TEA not in path_of(again.file).read_text()
    assert profile.name in AuditEvent.objects.get(action="story.withdraw").after["papers"]


def test_a_consent_to_publish_that_is_taken_back_takes_it_out_too(partnership, story, publisher):
    profile, job = made(ProfileFactory(partnership=partnership, story=story, signed=True), publisher)
    logger, _ = the_two_sides(partnership)
    record_consents(story=story, may_use=True, anonymised=True, may_publish=False, by=logger)
    job.refresh_from_db()
    profile.refresh_from_db()
    assert (profile.story, job.file) == (None, None)


def test_a_draft_loses_the_story_and_stays_a_draft(partnership, story):
    profile = ProfileFactory(partnership=partnership, story=story)
    logger, _ = the_two_sides(partnership)
    withdraw_story(story=story, by=logger)
    kept = Profile.objects.get(pk=profile.pk)
    assert (kept.story, kept.state, kept.version, kept.change_note) == (None, "draft", 2, "")


# The pages


def test_from_the_partnerships_page_to_the_public_one(client, partnership, lead, publisher, story):
    client.force_login(lead)
    assert "Start a profile" in text(client.get(f"/lessons/of/{partnership.public_id}/"))
    draft = client.post("/lessons/drafts/profiles/start/", {"partnership": partnership.public_id}).url
    profile = Profile.objects.get()
    assert draft == f"/lessons/drafts/profiles/{profile.public_id}/"
    page = text(client.get(draft))
    assert TEA in page
    assert "Write something under “What has been learned?”." in page
    form = {**profile.texts(), "learned": "Visit in pairs.\nPay the travel.", "story": story.public_id, "version": 1}
    form |= {"money": "It cost nothing.", "title": ""}
    assert "Enter the title" in text(client.post(draft, form))
    assert client.post(draft, form | {"title": "Tea and company"}).url == draft
    Profile.objects.update(state="checked")
    client.force_login(publisher)
    profile.refresh_from_db()
    address = client.post(f"{draft}publish/", {"version": profile.version}).url
    client.logout()
    assert address == f"/lessons/profiles/{profile.number}-tea-and-company/"
    page = text(client.get(address))
    assert "Pay the travel." in page
    assert TEA in page
    assert "Tea and company" in text(client.get("/lessons/profiles/"))
    assert "Large print, 18 point" in page


def test_revising_and_withdrawing_on_their_pages(client, publisher):
    profile = ProfileFactory(published=True)
    client.force_login(publisher)
    form = {**profile.texts(), "who": "All.", "story": "", "version": 1}
    revise = f"/lessons/published/profiles/{profile.public_id}/revise/"
    assert "For whom it is" not in text(client.get(revise))
    assert "Enter the what was changed" not in text(client.post(revise, form))
    assert client.post(revise, form | {"change_note": "For whom it is."}).url == profile.get_absolute_url()
    assert "For whom it is." in text(client.get(profile.get_absolute_url()))
    withdraw = f"/lessons/published/profiles/{profile.public_id}/withdraw/"
    assert client.post(withdraw, {"reason": "Over.", "version": 2}).url == profile.get_absolute_url()


def test_drafts_are_for_their_partnership_and_for_publishers(client, partnership, lead, publisher):
    draft = f"/lessons/drafts/profiles/{ProfileFactory(partnership=partnership).public_id}/"
    for person, expected in ((PersonFactory(), 404), (lead, 200), (publisher, 200)):
        client.force_login(person)
        assert client.get(draft).status_code == expected
    client.force_login(PersonFactory())
    assert client.get("/lessons/drafts/profiles/start/").status_code == 403
    assert client.get(ProfileFactory(published=False).get_absolute_url()).status_code == 404


def test_a_partner_reads_and_signs_it_and_finds_it_at_home(client, partnership, lead, publisher):
    profile = ProfileFactory(partnership=partnership)
    client.force_login(publisher)
    ask = f"/lessons/review/profile/{profile.public_id}/ask/"
    assert str(partnership.public_lead) in text(client.get(ask))
    assert client.get(f"/lessons/review/profile/{profile.public_id}/check/").status_code == 200
    client.force_login(lead)
    page = text(client.get(f"/lessons/review/profile/{profile.public_id}/"))
    assert profile.what in page
    client.force_login(PersonFactory())
    assert client.get(f"/lessons/review/profile/{profile.public_id}/").status_code == 404


def test_somebody_without_an_account_asks_for_another_format():
    profile = ProfileFactory(published=True)
    asked = ask_for_format(row=profile, wanted="Easy Read", name="", email="", contact="By letter.", sender="192.0.2.1")
    assert asked.profile == profile


def test_the_lists_ask_the_same_number_of_queries_at_1_3_and_300(client):
    counts = []
    for more in (1, 2, 297):
        ProfileFactory.create_batch(more, partnership=PartnershipFactory(), published=True)
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/lessons/profiles/").status_code == 200
        counts.append(len(queries))
    assert len(set(counts)) == 1, counts
