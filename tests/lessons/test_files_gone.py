"""What was taken out of a text is in no file of it either: the files of a replaced text leave the store at once."""

import pytest

from foundation.files.store import path_of
from foundation.rendering import queue
from foundation.rendering.models import JobState, RenderJob
from lessons.actions.learning_point import publish_learning_point, revise_learning_point, withdraw_learning_point
from lessons.actions.lesson import revise_lesson
from lessons.actions.profile import publish_profile, revise_profile, withdraw_profile
from lessons.publications import Publication, offers
from pilots.actions.stories import record_consents, withdraw_story
from tests.factories.accounts import PersonFactory
from tests.factories.lessons import LearningPointFactory, LessonFactory, ProfileFactory
from tests.factories.partnerships import PartnershipFactory
from tests.factories.pilots import ReturnFactory, StoryFactory, the_two_sides

pytestmark = pytest.mark.django_db


@pytest.fixture
def publisher():
    return PersonFactory(publisher=True)


def text_file(of):
    """Where the plain text of a publication lies, made as the worker makes it."""
    job = next(offer.job for offer in offers(of) if offer.format.code == "text")
    queue.run(job.public_id)
    job.refresh_from_db()
    path = path_of(job.file)
    assert path.exists()
    return path


@pytest.fixture
def told(publisher):
    """A published profile that tells a story, the file that tells it, and who logs for the pilot."""
    partnership = PartnershipFactory(in_pilot=True)
    story = StoryFactory(monthly_return=ReturnFactory(partnership=partnership, accepted=True), agreed=True)
    profile = publish_profile(profile=ProfileFactory(partnership=partnership, story=story, checked=True), by=publisher)
    return profile, story, text_file(Publication(profile=profile)), the_two_sides(partnership)[0]


def test_a_revision_of_a_profile_takes_the_files_of_the_old_text(told, publisher, django_capture_on_commit_callbacks):
    profile, story, file, logger = told
    with django_capture_on_commit_callbacks(execute=True):
        revise_profile(profile=profile, texts={}, story=None, change_note="Another.", by=publisher)
    assert not file.exists()
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_story(story=story, by=logger)


@pytest.mark.parametrize("missing", ["may_use", "anonymised", "may_publish"])
def test_each_consent_that_is_taken_back_takes_the_story_out_and_every_file_that_told_it(
    told, missing, django_capture_on_commit_callbacks
):
    profile, story, file, logger = told
    agreed = {"may_use": True, "anonymised": True, "may_publish": True}
    with django_capture_on_commit_callbacks(execute=True):
        record_consents(story=story, by=logger, **agreed | {missing: False})
    assert not file.exists()
    profile.refresh_from_db()
    assert profile.story is None, "it does not come back by itself when the consent does"
    assert any(offer.job for offer in offers(Publication(profile=profile))), "every format is made again without it"


def test_what_an_earlier_revision_took_is_not_taken_again(told, publisher, django_capture_on_commit_callbacks):
    profile, *_ = told
    with django_capture_on_commit_callbacks(execute=True):
        profile = revise_profile(profile=profile, texts={"who": "Once."}, story=None, change_note="1", by=publisher)
        taken = dict(RenderJob.objects.filter(state=JobState.CANCELLED).values_list("pk", "finished_at"))
        assert taken
        revise_profile(profile=profile, texts={"who": "Twice."}, story=None, change_note="2", by=publisher)
    assert taken == dict(RenderJob.objects.filter(pk__in=taken).values_list("pk", "finished_at"))


def test_withdrawing_takes_the_files(told, publisher, django_capture_on_commit_callbacks):
    profile, _, file, _ = told
    with django_capture_on_commit_callbacks(execute=True):
        withdraw_profile(profile=profile, reason="Wrong.", by=publisher)
    assert not file.exists()


@pytest.mark.parametrize("what", ["revised", "its lesson revised", "withdrawn"])
def test_a_learning_points_files_go_with_its_text(what, publisher, django_capture_on_commit_callbacks):
    lesson = LessonFactory(published=True)
    point = LearningPointFactory(checked=True, lessons=[lesson])
    point = publish_learning_point(point=point, by=publisher)
    file = text_file(Publication(point=point))
    with django_capture_on_commit_callbacks(execute=True):
        if what == "revised":
            revise_learning_point(point=point, texts={"about": "Other."}, lines={}, change_note="A name.", by=publisher)
        elif what == "withdrawn":
            withdraw_learning_point(point=point, reason="Wrong.", by=publisher)
        else:
            revise_lesson(lesson=lesson, advice="Other.", change_note="A name.", by=publisher)
    assert not file.exists()
