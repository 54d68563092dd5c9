"""What a lesson, learning point or profile still lacks, and its texts by the headings that readers see. No verbs."""

from lessons.checklist import HEADINGS, problems
from lessons.documents import learning_point_text
from lessons.lifecycle import LessonState
from lessons.models import Item, Lesson, Profile
from lessons.models.profile import PARTS as PARTS_OF_PROFILE
from lessons.models.profile import STORY

NEEDED = {
    "what_happened": "Say what happened.",
    "why": "Say why it happened.",
    "advice": "Say what others should do.",
    "evidence": "Say what shows it. If nothing does yet, keep it as a draft.",
}
PARTS = {
    "title": "The lesson in one line", "what_happened": "What happened", "why": "Why", "advice": "What to do",
    "evidence": "What shows it", "cost": "What it costs not to know it",
}  # fmt: skip


def missing_parts(lesson: Lesson) -> dict[str, str]:
    """Field and sentence of each part that is still empty."""
    return {field: sentence for field, sentence in NEEDED.items() if not getattr(lesson, field).strip()}


def missing_in_profile(profile: Profile) -> list[str]:
    """A sentence for each part that is still empty. The story may be: not every pilot has one that may be told."""
    empty = [heading for field, heading, _ in PARTS_OF_PROFILE if not getattr(profile, field).strip()]
    return [f"Write something under “{heading}”." for heading in empty]


def missing_in(item: Item) -> list[str]:
    """What is missing before anybody is asked to sign it or to check it."""
    if isinstance(item, Lesson):
        return list(missing_parts(item).values())
    if isinstance(item, Profile):
        return missing_in_profile(item)
    unpublished = Lesson.objects.filter(learning_points=item).exclude(state=LessonState.PUBLISHED)
    return problems(learning_point_text(item)) + [
        f"Lesson {lesson.number}, “{lesson}”, is not published: publish it first, or take it out."
        for lesson in unpublished
    ]


def texts_of(item: Item) -> dict[str, str]:
    """The parts that people read, by their headings, in order."""
    if isinstance(item, Lesson):
        return {label: getattr(item, field) for field, label in PARTS.items()}
    if isinstance(item, Profile):
        told = {"Title": item.title} | {heading: getattr(item, field) for field, heading, _ in PARTS_OF_PROFILE}
        return told | ({STORY: story.text} if (story := item.told_story()) else {})
    text = learning_point_text(item)
    return {
        "Topic": text.title,
        HEADINGS["about"]: "\n".join([text.about, *text.projects]),
        HEADINGS["issues"]: "\n".join(text.issues),
        HEADINGS["known_already"]: "\n".join([text.known_already, *text.stages]),
        HEADINGS["learned"]: "\n".join(lesson.text for lesson in text.learned),
        HEADINGS["next"]: "\n".join(text.next),
    }
