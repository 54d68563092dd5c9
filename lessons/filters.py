"""The library's filter: words and facets, all in the address; each choice with how many lessons it would show."""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

import django_filters
from django.db.models import Count, F, QuerySet

from lessons import search
from lessons.models import Lesson
from lessons.search import spelling
from lessons.search.words import TOO_COMMON, parts
from lessons.themes import Audience, KindOfService, LessonStage, Strength
from partnerships.themes import Theme

SAY_NOTHING = ("any", "other")
"""Choices of facets that are no subject: “Any stage”, “Another kind of service”."""
YEARS = [(str(year), str(year)) for year in range(2099, 1999, -1)]


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


@dataclass(frozen=True)
class Label:
    """A theme, stage or kind of service by itself: `facet` is which of them, `query` the search for it."""

    facet: str
    label: str
    count: int
    query: str


class LibraryFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="leave_to_search", label="Words")
    stage = django_filters.MultipleChoiceFilter(choices=LessonStage.choices, label="Stage")
    theme = django_filters.MultipleChoiceFilter(choices=Theme.choices, label="Theme")
    kind_of_service = django_filters.MultipleChoiceFilter(choices=KindOfService.choices, label="Kind of service")
    audience = django_filters.MultipleChoiceFilter(choices=Audience.choices, label="For whom")
    strength = django_filters.MultipleChoiceFilter(choices=Strength.choices, label="How well it is shown")
    year = django_filters.MultipleChoiceFilter(choices=YEARS, label="Year")

    LABELLED = ("theme", "stage", "kind_of_service")
    """The facets whose labels stand at every lesson of the list, so that readers look for them."""
    FACETS = ("stage", "theme", "kind_of_service", "audience", "strength", "year")

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
        """What was typed in the search box, without the marks that nobody sees."""
        typed = str(self.chosen.get("text") or "")
        return " ".join("".join(mark if mark.isprintable() else " " for mark in typed).split())

    @property
    def is_narrow(self) -> bool:
        """Whether the address asks for less than everything."""
        return any(self.chosen.values())

    def found(self) -> search.Found:
        """The ids of what matches everything, best first."""
        return search.find(self.words, self.qs)

    def facets(self, words: search.Words) -> list[Facet]:
        """Each facet counted over what all the *other* choices leave; `words` are those that were found.

        One query for all of them: the lessons are counted in the groups that no choice can tell apart.
        """
        rows = search.matching(words, self.queryset).order_by()
        groups = list(rows.values(*self.FACETS).annotate(count=Count("pk")).values_list(*self.FACETS, F("count")))
        return [self._facet(place, name, groups) for place, name in enumerate(self.FACETS)]

    def labels_named(self, *, forgive: bool) -> list[Label]:
        """The labels that hold every word that was typed and that a lesson bears: labels are in no search index.

        `forgive`: let mistyped words name one too. One query if any label is named, otherwise none.
        """
        words = {word for term in search.parse(self.words).wanted for word in parts(spelling.plain(term))} - TOO_COMMON
        choices = [(name, *choice) for name in self.LABELLED for choice in self._choices(name)]
        telling = [choice for choice in choices if choice[1] not in SAY_NOTHING]
        named = [choice for choice in telling if _names(words, choice[2], forgive=False)]
        if not named and forgive:
            named = [choice for choice in telling if _names(words, choice[2], forgive=True)]
        if not named:
            return []
        counts: Counter[tuple[str, str]] = Counter()
        groups = self.queryset.order_by().values(*self.LABELLED).annotate(count=Count("pk"))
        for *values, count in groups.values_list(*self.LABELLED, F("count")):
            counts.update({(name, str(value)): count for name, value in zip(self.LABELLED, values, strict=True)})
        return [
            Label(str(self.filters[name].label), label, counts[name, value], urlencode({name: value}))
            for name, value, label in named
            if counts[name, value]
        ]

    def in_words(self) -> dict[str, str]:
        """What was asked for, as a report prints it: {"Theme": "Skills, People"}."""
        words = {"Words": self.words} if self.words else {}
        for name in self.FACETS:
            if values := self.chosen.get(name):
                labels = dict(self._choices(name))
                words[str(self.filters[name].label)] = ", ".join(labels[value] for value in values)
        return words

    def _facet(self, place: int, name: str, groups: list[tuple[Any, ...]]) -> Facet:
        others = [
            (at, frozenset(self.chosen[other])) for at, other in enumerate(self.FACETS) if other != name and
            self.chosen.get(other)
        ]  # fmt: skip
        counts: dict[str, int] = {}
        for *values, count in groups:
            if all(str(values[at]) in wanted for at, wanted in others):
                counts[str(values[place])] = counts.get(str(values[place]), 0) + count
        mine = self.chosen.get(name) or []
        choices = [Choice(v, label, counts.get(v, 0), v in mine) for v, label in self._choices(name)]
        return Facet(name, str(self.filters[name].label), [c for c in choices if c.count or c.is_chosen])

    def _choices(self, name: str) -> list[tuple[str, str]]:
        return list(self.filters[name].extra["choices"])


def _names(words: set[str], label: str, *, forgive: bool) -> bool:
    """Whether each of the words is one of the label's, in the singular or the plural; `forgive` slips."""
    own = {word.removesuffix("s") for word in parts(spelling.plain(label))}
    typed = {word.removesuffix("s") for word in words}
    return bool(typed) and all(word in own or (forgive and bool(spelling.nearest(word, own))) for word in typed)


def beside(listed: QuerySet[Any], typed: str, lessons: search.Found) -> search.Found:
    """What else holds what was looked for. Where lessons were found, the words are spelled well: none is guessed at.

    `instead` is what was looked for when that is not what was typed.
    """
    found = search.find(typed, listed, forgive=not lessons.ids)
    if found.ids or not lessons.instead:
        return found
    return replace(search.find(lessons.instead, listed, forgive=False), instead=lessons.instead)
