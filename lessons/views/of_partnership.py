"""A partnership's own lessons: what it has learned and used so far, and the form that adds one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from lessons.actions.lesson import add_lesson
from lessons.actions.profile import blockers_to_start
from lessons.forms.lesson import NewLessonForm
from lessons.models import Lesson, LessonUse, Profile
from lessons.permissions import can_start_profile
from lessons.written_from import origin_of
from partnerships.permissions import Ability, can, require
from partnerships.views.shared import partnership_for, partnership_page


def lessons_of(request: HttpRequest, partnership_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    person = person_of(request)
    if request.method == "POST":
        require(person, Ability.ADD_LESSON, partnership)
    origin = origin_of(partnership, request.GET.get("from", ""))
    form = NewLessonForm(posted(request), initial=origin.texts)

    def action() -> None:
        add_lesson(partnership=partnership, by=person, origin=(origin.label, origin.address), **form.values())

    done = "The lesson is added as a draft. A publisher of lessons will check it."
    if request.method == "POST" and carry_out(request, form, action, done=done):
        return redirect("lessons:lessons_of", partnership.public_id)
    return partnership_page(
        request,
        partnership,
        "lessons",
        "lessons/of_partnership.html",
        lessons=Lesson.objects.filter(partnership=partnership),
        profiles=Profile.objects.filter(partnership=partnership),
        may_start_profile=can_start_profile(person, partnership) and not blockers_to_start(partnership),
        used=LessonUse.objects.filter(partnership=partnership).select_related("lesson"),
        origin=origin,
        form=form,
        may_add=can(person, Ability.ADD_LESSON, partnership),
    )
