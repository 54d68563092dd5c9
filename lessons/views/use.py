"""What a partnership used of the library and how it went; the themes a person follows; what is known elsewhere."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from foundation.published.caching import for_visitors
from lessons.actions.use import follow_themes, judge_use, use_lesson
from lessons.forms.review import JudgeForm, ThemesForm
from lessons.known import known
from lessons.models import Lesson, LessonUse
from lessons.permissions import can_publish
from lessons.ranking import Occasion
from partnerships.permissions import Ability
from partnerships.views.shared import partnership_for, partnership_page, partnership_to


def use(request: HttpRequest, partnership_id: str, lesson_id: str) -> HttpResponse:
    partnership = partnership_for(request, partnership_id)
    lesson = get_object_or_404(Lesson.objects.visible_to(person_of(request)), public_id=lesson_id)
    occasion = request.POST.get("occasion", Occasion.OTHER.value)
    try:
        use_lesson(lesson=lesson, partnership=partnership, occasion=occasion, by=person_of(request))
        done = "Recorded. Say later, on this page, whether it worked: that is what ranks it for others."
        messages.success(request, done)
    except ValidationError as wrong:
        messages.error(request, " ".join(wrong.messages))
    return redirect("lessons:lessons_of", partnership.public_id)


def judge(request: HttpRequest, partnership_id: str, use_id: str) -> HttpResponse:
    partnership = partnership_to(request, partnership_id, Ability.ADD_LESSON)
    found = get_object_or_404(LessonUse.objects.select_related("lesson"), partnership=partnership, public_id=use_id)
    back = reverse("lessons:lessons_of", args=[partnership.public_id])
    form = JudgeForm(posted(request), cancel_url=back)

    def action() -> None:
        judge_use(use=found, by=person_of(request), **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="Saved. It ranks the lesson for others."):
        return redirect(back)
    return partnership_page(request, partnership, "lessons", "lessons/judge.html", form=form, use=found)


def themes(request: HttpRequest) -> HttpResponse:
    person = person_of(request)
    followed = list(person.lesson_themes.values_list("theme", flat=True))
    form = ThemesForm(posted(request), initial={"themes": followed}, cancel_url=reverse("lessons:library"))

    def action() -> None:
        follow_themes(themes=form.cleaned_data["themes"], by=person)

    if request.method == "POST" and carry_out(request, form, action, done="Saved."):
        return redirect("lessons:themes")
    return render(request, "lessons/themes.html", {"form": form, "may_publish": can_publish(person)})


@for_visitors
def known_partnerships(request: HttpRequest) -> HttpResponse:
    return render(request, "lessons/known.html", {"known": known(), "may_publish": can_publish(request.user)})
