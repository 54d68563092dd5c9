"""Who may reach each address of this app (see `foundation.policy.table`). Drafts: `Lesson.visible_to`."""

from foundation.policy.table import FORM, Rule, form, page, public, verb
from lessons.permissions import PUBLISHERS, can_publish

MEMBER = "a part in the partnership"
EDITOR = "a right to edit this draft"
CONTRIBUTOR = "a part in what the draft is about"


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
    "lessons:lesson_edition": public(),
    "lessons:learning_point_edition": public(),
    "lessons:feed": public(),
    "lessons:feed_theme": public(),
    "lessons:edition_take_back": _publisher_form(),
    "lessons:readings": _publisher_page(),
    "lessons:readings_download": _publisher_page(),
    "lessons:profiles": public(),
    "lessons:profile": public(),
    "lessons:profile_edition": public(),
    "lessons:profile_start": form(MEMBER),
    "lessons:draft_profile": form(EDITOR),
    "lessons:profile_publish": _publisher_verb(),
    "lessons:profile_revise": _publisher_form(),
    "lessons:profile_withdraw": _publisher_form(),
    "lessons:lessons_of": form(MEMBER),
    "lessons:draft_lesson": form(EDITOR),
    "lessons:known": public(),
    "lessons:lesson_use": verb(MEMBER),
    "lessons:lesson_judge": form(MEMBER),
    "lessons:themes": form(),
    "lessons:review": form(CONTRIBUTOR),
    "lessons:review_ask": form(EDITOR),
    "lessons:review_sign": verb(CONTRIBUTOR),
    "lessons:review_reopen": verb(EDITOR),
    "lessons:review_check": _publisher_form(),
    "lessons:drafts": _publisher_page(),
    "lessons:lesson_publish": _publisher_verb(),
    "lessons:lesson_revise": _publisher_form(),
    "lessons:lesson_withdraw": _publisher_form(),
    "lessons:learning_point_start": _publisher_form(),
    "lessons:learning_point_import": _publisher_form(),
    "lessons:draft_learning_point": _publisher_form(),
    "lessons:draft_lessons": _publisher_form(),
    "lessons:link_add": _publisher_form(),
    "lessons:link_remove": _publisher_verb(),
    "lessons:contributor_name": _publisher_form(),
    "lessons:contributor_remove": _publisher_verb(),
    "lessons:learning_point_publish": _publisher_verb(),
    "lessons:learning_point_revise": _publisher_form(),
    "lessons:learning_point_withdraw": _publisher_form(),
    "lessons:reports": page(),
    "lessons:report_new": form(),
    "lessons:report": page(),
    "lessons:report_progress": page(),
    "lessons:report_download": page(),
    # Whoever may read the publication: its formats are fetched through `visible_to`.
    "lessons:formats": public(),
    "lessons:format_download": public(),
    "lessons:format_ask": public(FORM),
    "lessons:format_asked": public(),
    "lessons:format_requests": _publisher_page(),
    "lessons:format_settle": _publisher_form(),
    "lessons:formats_make_all": verb(),
    "lessons:format_make": verb(),
    "lessons:format_cancel": verb(),
    "lessons:format_tell": verb(),
    "lessons:format_proof_read": _publisher_form(),
    "lessons:version_link": _publisher_form(),
    "lessons:version_unlink": _publisher_verb(),
}
