"""On the way to publication: the page that partners read, their answers, and what the writers do next."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from accounts.views.shared import person_of
from foundation.forms.submit import carry_out, posted
from lessons import plainness
from lessons.actions import review as actions
from lessons.actions.readiness import texts_of
from lessons.documents import blocks
from lessons.forms.review import AskForm, CheckForm, CommentForm, part_key
from lessons.lifecycle import LessonState
from lessons.models import Item, LearningPoint, Lesson, Profile, ReviewComment
from lessons.permissions import can_ask, contributor_of, require_asker, require_contributor
from lessons.publications import parts
from lessons.views.drafts import version_shown


def review(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    """What is to be signed off, who has, what was said; and the answer of whoever may give one."""
    item, person = _item(request, kind, item_id), person_of(request)
    mine = contributor_of(person, item)
    if request.method == "POST":
        require_contributor(person, item)
    form = CommentForm(posted(request), parts=texts_of(item))

    def action() -> None:
        actions.comment(item=item, by=person, **form.values())

    if request.method == "POST" and carry_out(request, form, action, done="Your comment is sent to the writers."):
        return redirect("lessons:review", kind, item_id)
    context = {
        "item": item,
        "kind": kind,
        "mine": mine,
        "form": form if mine and item.state == LessonState.COMMENTS else None,
        "may_ask": can_ask(person, item),
        "contributors": item.contributors.select_related("organisation", "signed_by"),
        "comments": _comments(item) if mine or can_ask(person, item) else [],
        "address": _address(item),
    }
    return render(request, "lessons/review.html", context | _words(item))


def sign(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    item = _item(request, kind, item_id)
    mine = actions.sign_off(item=item, by=person_of(request), version=version_shown(request))
    messages.success(request, f"Signed off for {mine}.")
    return redirect("lessons:review", kind, item_id)


def reopen(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    item = _item(request, kind, item_id)
    actions.take_back(item=item, by=person_of(request), version=version_shown(request))
    messages.success(request, "It is a draft again. Partners sign the new text anew.")
    return redirect(_address(item))


def ask(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    item, person = _item(request, kind, item_id), person_of(request)
    require_asker(person, item)
    offered = actions.partners_of(item)
    named = list(actions.named_in(item))
    form = AskForm(
        posted(request), offered=offered, choose=isinstance(item, LearningPoint), named=bool(named),
        version=item.version, cancel_url=_address(item),
    )  # fmt: skip

    def action() -> None:
        actions.ask_partners(
            item=item, until=form.cleaned_data["until"], organisations=form.asked(), by=person, version=form.version
        )

    if request.method == "POST" and carry_out(request, form, action, done="They are asked, by e-mail."):
        return redirect("lessons:review", kind, item_id)
    context = {"form": form, "item": item, "kind": kind, "offered": offered, "named": named}
    return render(request, "lessons/review_ask.html", context | _frame(item))


def check(request: HttpRequest, kind: str, item_id: str) -> HttpResponse:
    item = _item(request, kind, item_id)
    names = actions.names_to_look_at(item)
    form = CheckForm(posted(request), names=bool(names), version=item.version, cancel_url=_address(item))

    def action() -> None:
        may_stay = form.cleaned_data["names_may_stay"]
        actions.check(item=item, names_may_stay=may_stay, by=person_of(request), version=form.version)

    if request.method == "POST" and carry_out(request, form, action, done="It is checked and can be published."):
        return redirect(_address(item))
    context = {
        "form": form,
        "item": item,
        "names": names,
        "blockers": actions.blockers_to_check(item),
        "advice": plainness.advice(texts_of(item)),
    }
    return render(request, "lessons/review_check.html", context | _frame(item))


def _comments(item: Item) -> list[tuple[ReviewComment, str]]:
    """Each with the heading of the part it is about, of which the row keeps the beginning."""
    said = item.comments.select_related("made_by__organisation")
    headings = {part_key(heading): heading for heading in texts_of(item)}
    return [(one, headings.get(one.part, one.part)) for one in said]


def _words(item: Item) -> dict[str, Any]:
    """What the page needs to show its text."""
    if isinstance(item, LearningPoint):
        return blocks(item)
    return {"parts": parts(item)} if isinstance(item, Profile) else {}


def _frame(item: Item) -> dict[str, str]:
    return {"address": _address(item)}


def _address(item: Item) -> str:
    """The draft's own page, for its writers."""
    return reverse(f"lessons:draft_{item.owner_field}", args=[item.public_id])


def _item(request: HttpRequest, kind: str, item_id: str) -> Item:
    """The item, as far as this person may know of it: 404 otherwise, and once it is public."""
    person = person_of(request)
    rows: Any = {
        "lesson": Lesson.objects.visible_to(person).select_related("partnership"),
        "learning-point": LearningPoint.objects.visible_to(person).select_related("series"),
        "profile": Profile.objects.visible_to(person).select_related("partnership"),
    }.get(kind)
    if rows is None:
        raise Http404
    found: Item = get_object_or_404(rows, public_id=item_id)
    if not found.is_on_its_way:
        raise Http404
    return found
