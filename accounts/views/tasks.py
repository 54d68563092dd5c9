"""My tasks and my week: what waits for me. Nothing is ticked off here: a task goes when the thing itself is done."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import todo
from accounts.todo import Todo
from accounts.views.shared import person_of
from accounts.week import week_of, when
from foundation.database import clock
from foundation.forms.filters import FilterForm

ANY = "Any"


class TaskFilterForm(FilterForm):
    """Its choices are what this person's tasks are about; a choice that is gone shows everything."""

    kind = forms.ChoiceField(label="Kind", required=False)
    about = forms.ChoiceField(label="Partnership or tender", required=False)

    def __init__(self, *args: Any, todos: list[Todo], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.base_fields:
            values = sorted({getattr(todo, name) for todo in todos})
            self.fields[name].choices = [("", ANY), *((value, value) for value in values)]  # type: ignore[attr-defined]

    def chosen(self) -> dict[str, str]:
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}


def tasks(request: HttpRequest) -> HttpResponse:
    """All of them: what is late first, then by date, then what has none."""
    today, every = clock.today(), todo.of(person_of(request))
    form = TaskFilterForm(request.GET, todos=every)
    chosen = form.chosen()
    shown = [one for one in every if all(getattr(one, name) == value for name, value in chosen.items())]
    context = {
        "form": form,
        "filtered": bool(chosen),
        "rows": [task_row(one, today) for one in shown],
        "late": sum(bool(one.due_on and one.due_on < today) for one in shown),
        "count": len(shown),
    }
    return render(request, "accounts/tasks.html", context)


def week(request: HttpRequest) -> HttpResponse:
    """The page that the weekly mail is, always as it is now."""
    today = clock.today()
    mine = week_of(todo.of(person_of(request)), today)
    parts = [(key, heading, [task_row(one, today) for one in todos]) for key, heading, todos in mine.parts]
    return render(request, "accounts/week.html", {"parts": parts, "beyond": mine.beyond, "today": today})


def task_row(one: Todo, today: Any) -> dict[str, Any]:
    """One line, ready to print."""
    return {
        "title": one.title,
        "url": one.url,
        "about": one.about,
        "kind": one.kind,
        "when": when(one, today),
        "late": one.due_on is not None and one.due_on < today,
    }
