"""Who may reach each address of this app (see `foundation.policy.table`). Drafts: `Lesson.visible_to`."""

from foundation.policy.table import Rule, form, page, public, verb
from lessons.permissions import PUBLISHERS, can_publish

MEMBER = "a part in the partnership"
EDITOR = "a right to edit this draft"


def _publisher_page() -> Rule:
    return page(PUBLISHERS, allows=can_publish)


def _publisher_form() -> Rule:
    return form(PUBLISHERS, allows=can_publish)


def _publisher_verb() -> Rule:
    return verb(PUBLISHERS, allows=can_publish)


POLICY: dict[str, Rule] = {
    "lessons:library": public(),
    "lessons:lesson": public(),
    "lessons:learning_points": public(),
    "lessons:learning_point": public(),
    "lessons:learning_point_pdf": public(),
    "lessons:lessons_of": form(MEMBER),
    "lessons:draft_lesson": form(EDITOR),
    "lessons:drafts": _publisher_page(),
    "lessons:lesson_publish": _publisher_verb(),
    "lessons:lesson_revise": _publisher_form(),
    "lessons:lesson_withdraw": _publisher_form(),
    "lessons:learning_point_start": _publisher_form(),
    "lessons:draft_learning_point": _publisher_form(),
    "lessons:draft_lessons": _publisher_form(),
    "lessons:link_add": _publisher_form(),
    "lessons:link_remove": _publisher_verb(),
    "lessons:learning_point_publish": _publisher_verb(),
    "lessons:learning_point_revise": _publisher_form(),
    "lessons:learning_point_withdraw": _publisher_form(),
    "lessons:learning_point_make_pdf": _publisher_verb(),
    "lessons:reports": page(),
    "lessons:report_new": form(),
    "lessons:report": page(),
    "lessons:report_progress": page(),
    "lessons:report_download": page(),
}
