"""A person's week on one page: what is late, what comes next, and what has no date. Plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.todo import Todo

SOON = timedelta(days=7)
LATER = timedelta(days=28)


@dataclass(frozen=True)
class Week:
    """Each in the order of its dates; `later` is what is due within four weeks, but not in the next seven days."""

    late: list[Todo]
    soon: list[Todo]
    later: list[Todo]
    undated: list[Todo]
    beyond: int

    @property
    def is_empty(self) -> bool:
        return not (self.late or self.soon or self.later or self.undated)

    @property
    def parts(self) -> list[tuple[str, str, list[Todo]]]:
        """Key, heading and things of each part that has any: what is late comes first."""
        every = [
            ("late", "Late", self.late),
            ("soon", "The next seven days", self.soon),
            ("later", "After that, within four weeks", self.later),
            ("undated", "Without a date", self.undated),
        ]
        return [part for part in every if part[2]]


def week_of(todos: Iterable[Todo], today: date) -> Week:
    """The todos in their parts. Due today is not late yet; what is due in more than four weeks is only counted."""
    dated: list[tuple[date, Todo]] = []
    undated: list[Todo] = []
    for todo in todos:
        if todo.due_on is None:
            undated.append(todo)
        else:
            dated.append((todo.due_on, todo))
    dated.sort(key=lambda pair: pair[0])
    return Week(
        late=[todo for due, todo in dated if due < today],
        soon=[todo for due, todo in dated if today <= due <= today + SOON],
        later=[todo for due, todo in dated if today + SOON < due <= today + LATER],
        undated=undated,
        beyond=sum(due > today + LATER for due, _ in dated),
    )


def when(todo: Todo, today: date) -> str:
    """The date of one of them in words; "" without one."""
    if todo.due_on is None:
        return ""
    day = f"{todo.due_on:%A %-d %B %Y}"
    return f"was due on {day}" if todo.due_on < today else f"due {'today, ' if todo.due_on == today else 'on '}{day}"
