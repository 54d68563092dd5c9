"""The filters of the portfolio and of the registers: everything they know is in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.http import urlencode

from accounts.models import Organisation
from foundation.forms.filters import LONGEST_SEARCH, FilterForm, ListFilter, words_of
from partnerships.areas import Area
from partnerships.categories import DocumentCategory
from partnerships.health import Health
from partnerships.information import InformationClass
from partnerships.lifecycle import Stage
from partnerships.models import (
    Document,
    Idea,
    Issue,
    IssueImpact,
    Milestone,
    Partnership,
    PartnershipTheme,
    PublicPage,
    Risk,
    SharingEntry,
)
from partnerships.models.issue import IssueQuerySet
from partnerships.models.risk import RiskQuerySet
from partnerships.moderation import IdeaState
from partnerships.plan import MilestoneKind
from partnerships.risk import RiskColour
from partnerships.themes import Theme


class PortfolioFilter(ListFilter):
    text = django_filters.CharFilter(method="with_text", label="Words in the title, need or leads")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, empty_label="Any stage", label="Stage")
    area = django_filters.ChoiceFilter(choices=Area.choices, empty_label="Any area", label="Council area")
    health = django_filters.ChoiceFilter(choices=Health.choices, empty_label="Any health", label="Health")
    lead = django_filters.CharFilter(method="with_lead", label="Lead organisation")
    theme = django_filters.ChoiceFilter(
        method="with_theme", choices=Theme.choices, empty_label="Any theme", label="Theme"
    )
    order = django_filters.OrderingFilter(
        fields={"title": "title", "next_due_on": "next_due", "stage_since": "stage_since"},
        field_labels={"title": "Title", "next_due_on": "Next date", "stage_since": "Time in stage"},
        empty_label="Order: title",
        label="Order",
    )

    class Meta:
        model = Partnership
        form = FilterForm
        fields: tuple[str, ...] = ()

    COUNTED = ("stage", "health", "order")

    def besides_the_counted(self) -> QuerySet[Partnership]:
        """What everything but stage and health leaves: the rows that are counted by these two."""
        rows: QuerySet[Partnership] = self.queryset.order_by()
        self.form.is_valid()
        for name, value in self.form.cleaned_data.items():
            if name not in self.COUNTED:
                rows = self.filters[name].filter(rows, value)
        return rows

    def in_the_address(self) -> str:
        """The filter as an address has it, without what is empty or means nothing here, always in one order."""
        said = {name: self.data.get(name, "") for name in self.base_filters if name not in self.form.errors}
        return urlencode({name: value[:LONGEST_SEARCH] for name, value in said.items() if value.strip()})

    def said(self, name: str) -> str:
        """The valid choice of one filter; empty for none."""
        self.form.is_valid()
        return str(self.form.cleaned_data.get(name) or "")

    def with_text(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        for word in words_of(value):
            rows = rows.filter(
                Q(title__icontains=word) | Q(need__icontains=word) | Q(client_group__icontains=word) | _led_by(word)
            )
        return rows

    def with_theme(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        return rows.filter(pk__in=PartnershipTheme.objects.filter(theme=value).values("partnership"))

    def with_lead(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        for word in words_of(value):
            rows = rows.filter(_led_by(word))
        return rows


def filter_of(asked: QueryDict) -> str:
    """What `PortfolioFilter.in_the_address` says, for pages that show no list."""
    return PortfolioFilter(asked, queryset=Partnership.objects.none()).in_the_address()


def filter_in_words(query: str) -> str:
    """“Stage: Pilot; Health: Off track”."""
    told = []
    for name, value in QueryDict(query).items():
        choice = PortfolioFilter.base_filters[name]
        words = dict(choice.extra.get("choices") or ()).get(value, value)
        told.append(f"{choice.label}: {words}")
    return "; ".join(told)


def _led_by(word: str) -> Q:
    """Led by an organisation that has or had the word in its name."""
    named = Organisation.objects.named(word).values("pk")
    return Q(public_lead__in=named) | Q(third_sector_lead__in=named)


class MilestoneFilter(ListFilter):
    """Which rows the plan's table shows; the drawing above it always shows all."""

    kind = django_filters.ChoiceFilter(choices=MilestoneKind.choices, empty_label="Any kind")

    class Meta:
        model = Milestone
        form = FilterForm
        fields: tuple[str, ...] = ()


class OwnedFilter(django_filters.FilterSet):
    """For rows that belong to somebody: offers exactly the owners there are."""

    owner = django_filters.ChoiceFilter(field_name="owner__public_id", choices=[], empty_label="Anybody", label="Owner")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = self.queryset.order_by("owner__name").values_list("owner__public_id", "owner__name").distinct()
        self.filters["owner"].extra["choices"] = list(owners)


class RiskFilter(OwnedFilter):
    state = django_filters.ChoiceFilter(
        method="with_state",
        choices=[("open", "Open"), ("closed", "Closed")],
        empty_label="Open and closed",
        label="State",
    )
    colour = django_filters.ChoiceFilter(
        method="with_colour", choices=RiskColour.choices, empty_label="Any colour", label="Colour"
    )

    class Meta:
        model = Risk
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_state(self, rows: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        return rows.open() if value == "open" else rows.exclude(closed_on=None)

    def with_colour(self, rows: RiskQuerySet, name: str, value: str) -> RiskQuerySet:
        return rows.coloured(value)


class SharingFilter(django_filters.FilterSet):
    information_class = django_filters.ChoiceFilter(
        choices=InformationClass.choices, empty_label="Any class", label="Class"
    )
    partner = django_filters.ChoiceFilter(
        field_name="given_to__public_id", choices=[], empty_label="Any partner", label="Shared with"
    )
    since = django_filters.DateFilter(field_name="shared_on", lookup_expr="gte", label="From")
    until = django_filters.DateFilter(field_name="shared_on", lookup_expr="lte", label="Until")

    class Meta:
        model = SharingEntry
        form = FilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, partnership: Partnership, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        partners = partnership.partners.order_by("organisation__name")
        choices = partners.values_list("organisation__public_id", "organisation__name").distinct()
        self.filters["partner"].extra["choices"] = list(choices)


class PublicFilter(ListFilter):
    """The list of published partnerships, for everybody: it looks into nothing that their pages do not show."""

    text = django_filters.CharFilter(method="with_text", label="Words in the title, the summary or the leads")
    area = django_filters.ChoiceFilter(
        field_name="partnership__area", choices=Area.choices, empty_label="Any area", label="Council area"
    )
    stage = django_filters.ChoiceFilter(
        field_name="partnership__stage", choices=Stage.choices, empty_label="Any stage", label="Stage"
    )

    class Meta:
        model = PublicPage
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_text(self, rows: QuerySet[PublicPage], name: str, value: str) -> QuerySet[PublicPage]:
        for word in words_of(value):
            rows = rows.filter(
                Q(partnership__title__icontains=word)
                | Q(summary__icontains=word)
                | Q(who_for__icontains=word)
                | Q(partnership__public_lead__name__icontains=word)
                | Q(partnership__third_sector_lead__name__icontains=word)
            )
        return rows


class IdeaFilter(ListFilter):
    state = django_filters.ChoiceFilter(choices=IdeaState.choices, empty_label="Any state", label="State")

    class Meta:
        model = Idea
        form = FilterForm
        fields: tuple[str, ...] = ()


class DocumentFilter(ListFilter):
    category = django_filters.ChoiceFilter(choices=DocumentCategory.choices, empty_label="Any category")
    information_class = django_filters.ChoiceFilter(
        choices=InformationClass.choices, empty_label="Any class", label="Class"
    )

    class Meta:
        model = Document
        form = FilterForm
        fields: tuple[str, ...] = ()


class IssueFilter(OwnedFilter):
    state = django_filters.ChoiceFilter(
        method="with_state",
        choices=[("open", "Open"), ("resolved", "Resolved")],
        empty_label="Open and resolved",
        label="State",
    )
    impact = django_filters.ChoiceFilter(choices=IssueImpact.choices, empty_label="Any impact")

    class Meta:
        model = Issue
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_state(self, rows: IssueQuerySet, name: str, value: str) -> IssueQuerySet:
        return rows.open() if value == "open" else rows.exclude(resolved_on=None)
