"""The first page: what the portal is for a visitor, what to do next for everyone else."""

from datetime import date
from typing import Any, NamedTuple

from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from accounts import desk, todo
from accounts.models import Person
from accounts.permissions import Ability, can
from accounts.todo import Todo
from foundation.database import clock
from foundation.delivery.models import OutboxMail
from partnerships.models import Partnership
from partnerships.tables import COLUMNS, portfolio_rows
from pilots.waiting import where_to_note

TODOS_SHOWN = 25
FIRST = 3
PARTNERSHIPS_SHOWN = 10
NOTING_SHOWN = 3


class Button(NamedTuple):
    label: str
    address: str


# What a portal-wide role lets somebody start from here, in the order of the buttons.
STARTS = (
    (Ability.START_PARTNERSHIP, "Start a partnership", "partnerships:start"),
    (Ability.INVITE, "Invite a person", "accounts:invite"),
    (Ability.KEEP_REGISTER, "Add an organisation", "accounts:organisation_add"),
    (Ability.PUBLISH_LESSONS, "Edit the lessons", "lessons:drafts"),
)
OPEN_TO_ALL = (
    ("Partnerships in public", "partnerships:in_public"),
    ("Public tenders", "procurement:notices"),
    ("Lessons from earlier partnerships", "lessons:library"),
)


def home(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, Person):
        return render(request, "portal/home_signed_in.html", what_waits(request.user))
    return render(
        request, "portal/home.html", {"links": [Button(label, address_of(name)) for label, name in OPEN_TO_ALL]}
    )


def what_waits(person: Person) -> dict[str, Any]:
    today = clock.today()
    todos = todo.of(person)
    partnerships = (
        Partnership.objects.visible_to(person)
        .open()
        .order_by(F("next_due_on").asc(nulls_last=True), "title", "pk")
        .values_list(*COLUMNS)
    )
    shown = list(partnerships[: PARTNERSHIPS_SHOWN + 1])
    buttons = [Button(label, address_of(name)) for ability, label, name in STARTS if can(person, ability)]
    return {
        "first": [todo_row(item, today) for item in todos[:FIRST]],
        "then": by_what_it_is_for(todos[FIRST:TODOS_SHOWN], today),
        "todos_left_out": max(0, len(todos) - TODOS_SHOWN),
        "unread": OutboxMail.objects.inbox_of(person, clock.now()).unread().count(),
        "parts": desk.of(person),
        "partnerships": portfolio_rows(shown[:PARTNERSHIPS_SHOWN], today),
        "more_partnerships": len(shown) > PARTNERSHIPS_SHOWN,
        "noting": where_to_note(person)[:NOTING_SHOWN],
        "buttons": [button for button in buttons if button.address],
    }


def by_what_it_is_for(todos: list[Todo], today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The same in groups, one for each partnership or tender: the most urgent group first, and so inside it."""
    groups: dict[str, list[dict[str, Any]]] = {}
    for item in todos:
        groups.setdefault(item.about, []).append(todo_row(item, today))
    return list(groups.items())


def todo_row(item: Todo, today: date) -> dict[str, Any]:
    """One line of “What waits for you”, ready to print."""
    return {
        "title": item.title,
        "url": item.url,
        "about": item.about,
        "due": f"{item.due_on:%-d %B %Y}" if item.due_on else "",
        "late": item.due_on is not None and item.due_on < today,
        "today": item.due_on == today,
    }


def address_of(name: str) -> str:
    """The address of a page, or "" where this installation does not have it."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
