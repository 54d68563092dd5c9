"""The library's filter: words and facets, all in the address; each choice with how many lessons it would show."""

from dataclasses import dataclass
from typing import Any

import django_filters
from django.db.models import Count, QuerySet

from lessons import search
from lessons.models import Lesson
from lessons.models.lesson import LessonQuerySet
from lessons.themes import KindOfService, LessonStage, Theme


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    count: int
    is_chosen: bool


@dataclass(frozen=True)
class Facet:
    """One way to narrow the list; choices that would show nothing are left out unless they are chosen."""

    name: str
    label: str
    choices: list[Choice]

    @property
    def is_open(self) -> bool:
        return any(choice.is_chosen for choice in self.choices)


class LibraryFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="leave_to_search", label="Words")
    stage = django_filters.MultipleChoiceFilter(choices=LessonStage.choices, label="Stage")
    theme = django_filters.MultipleChoiceFilter(choices=Theme.choices, label="Theme")
    kind_of_service = django_filters.MultipleChoiceFilter(choices=KindOfService.choices, label="Kind of service")

    FACETS = ("stage", "theme", "kind_of_service")

    class Meta:
        model = Lesson
        fields: tuple[str, ...] = ()

    def leave_to_search(self, rows: QuerySet[Lesson], name: str, value: str) -> QuerySet[Lesson]:
        """Words rank as well as filter, so `found` asks the search for them."""
        return rows

    @property
    def chosen(self) -> dict[str, Any]:
        """The valid part of what the address says."""
        self.form.is_valid()
        return dict(self.form.cleaned_data)

    @property
    def words(self) -> str:
        """What was typed in the search box."""
        return str(self.chosen.get("text") or "")

    @property
    def is_narrow(self) -> bool:
        """Whether the address asks for less than everything."""
        return any(self.chosen.values())

    def found(self) -> search.Found:
        """The ids of what matches everything, best first."""
        return search.find(self.words, self.qs)

    def facets(self) -> list[Facet]:
        """Each facet counted over what all the *other* choices leave. One query each."""
        rows: LessonQuerySet = search.matching(self.words, self.queryset)
        return [self._facet(name, rows) for name in self.FACETS]

    def in_words(self) -> dict[str, str]:
        """What was asked for, as a report prints it: {"Theme": "Skills, People"}."""
        words = {"Words": self.words} if self.words else {}
        for name in self.FACETS:
            if values := self.chosen.get(name):
                labels = dict(self._choices(name))
                words[str(self.filters[name].label)] = ", ".join(labels[value] for value in values)
        return words

    def _facet(self, name: str, rows: LessonQuerySet) -> Facet:
        chosen = self.chosen
        for other in self.FACETS:
            if other != name and chosen.get(other):
                rows = rows.filter(**{f"{other}__in": chosen[other]})
        counts = dict(rows.order_by().values_list(name).annotate(count=Count("pk")))
        mine = chosen.get(name) or []
        choices = [Choice(v, label, counts.get(v, 0), v in mine) for v, label in self._choices(name)]
        return Facet(name, str(self.filters[name].label), [c for c in choices if c.count or c.is_chosen])

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return list(self.filters[name].extra["choices"])
