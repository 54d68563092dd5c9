"""A search engine by configuration: asked when the setting names it, and never past what the searcher may see."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from lessons.models import Lesson
from lessons.search import any_of, excerpts, find, matching
from lessons.search.elsewhere import Unreachable, load
from lessons.search.marks import START, STOP, Marked
from lessons.search.words import parse
from tests.factories.lessons import LessonFactory

pytestmark = pytest.mark.django_db


class Backwards:
    """Holds that every lesson there is, drafts too, fits whatever is asked: the newest last."""

    def every(self, words, most):
        return [10**9, *Lesson.objects.order_by("number").values_list("pk", flat=True)[:most]]

    def some(self, words, most):
        return self.every(words, most)

    def excerpts(self, words, ids):
        everything = {pk: Marked(f"{START}Told{STOP} <elsewhere>", "") for pk in ids}
        return everything | {10**9: Marked("Nobody asked for it", "")}


class Silent:
    def every(self, words, most):
        raise Unreachable("no answer within two seconds")

    some = every

    def excerpts(self, words, ids):
        raise Unreachable("no answer within two seconds")


@pytest.fixture
def three():
    first = LessonFactory(title="Apples", published=True)
    draft = LessonFactory(title="Bread, not published")
    last = LessonFactory(title="Cheese", published=True)
    return first, draft, last


@pytest.fixture
def visible():
    return Lesson.objects.published().filter(number__gte=1000)


def test_the_engine_of_the_setting_orders_what_is_found_and_finds_no_draft(settings, three, visible):
    first, draft, last = three
    assert find("procurement", visible).ids == []
    settings.LESSON_SEARCH = f"{__name__}.Backwards"
    assert find("procurement", visible).ids == [first.pk, last.pk]
    assert set(matching(parse("procurement"), visible)) == {first, last}
    assert set(any_of("procurement", visible)) == {first, last}
    assert find("procurement", Lesson.objects.filter(pk=draft.pk)).ids == [draft.pk]  # whoever may see it
    assert find("procurement", visible.none()).ids == []


def test_its_excerpts_are_escaped_and_only_of_what_was_asked(settings, three):
    settings.LESSON_SEARCH = f"{__name__}.Backwards"
    told = excerpts(parse("apples"), [three[0].pk])
    assert list(told) == [three[0].pk]
    assert told[three[0].pk].title == "<mark>Told</mark> &lt;elsewhere&gt;"


def test_the_public_page_asks_it(settings, client, three):
    settings.LESSON_SEARCH = f"{__name__}.Backwards"
    page = client.get("/lessons/?text=procurement").content.decode()
    assert "<mark>Told</mark>" in page
    assert "not published" not in page


def test_while_it_cannot_be_reached_the_database_answers(settings, three, visible, caplog):
    settings.LESSON_SEARCH = f"{__name__}.Silent"
    assert find("apples", visible).ids == [three[0].pk]
    assert set(any_of("apples cheese", visible)) == {three[0], three[2]}
    assert "no answer within two seconds" in caplog.text


@pytest.mark.parametrize("path", ["nowhere.Engine", "lessons.search.find", "elastic"])
def test_a_wrong_setting_is_named_at_the_start(path):
    with pytest.raises(ImproperlyConfigured, match=f"LESSON_SEARCH is “{path}”"):
        load(path)
