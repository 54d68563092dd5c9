"""The filters of the portfolio and of the registers: everything they know is in the address."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from accounts.models import Organisation
from foundation.forms.filters import FilterForm, words_of
from partnerships.areas import Area
from partnerships.health import Health
from partnerships.information import InformationClass
from partnerships.lifecycle import Stage
from partnerships.models import Milestone, Partnership, Risk, SharingEntry
from partnerships.models.risk import RiskQuerySet
from partnerships.plan import MilestoneKind
from partnerships.risk import RiskColour


class PortfolioFilter(django_filters.FilterSet):
    text = django_filters.CharFilter(method="with_text", label="Words in the title, need or leads")
    stage = django_filters.ChoiceFilter(choices=Stage.choices, empty_label="Any stage")
    area = django_filters.ChoiceFilter(choices=Area.choices, empty_label="Any area", label="Council area")
    health = django_filters.ChoiceFilter(choices=Health.choices, empty_label="Any health")
    lead = django_filters.CharFilter(method="with_lead", label="Lead organisation")
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

    def with_text(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        for word in words_of(value):
            rows = rows.filter(
                Q(title__icontains=word) | Q(need__icontains=word) | Q(client_group__icontains=word) | _led_by(word)
            )
        return rows

    def with_lead(self, rows: QuerySet[Partnership], name: str, value: str) -> QuerySet[Partnership]:
        for word in words_of(value):
            rows = rows.filter(_led_by(word))
        return rows


def _led_by(word: str) -> Q:
    """Led by an organisation that has or had the word in its name."""
    named = Organisation.objects.named(word).values("pk")
    return Q(public_lead__in=named) | Q(third_sector_lead__in=named)


class MilestoneFilter(django_filters.FilterSet):
    """Which rows the plan's table shows; the drawing above it always shows all."""

    kind = django_filters.ChoiceFilter(choices=MilestoneKind.choices, empty_label="Any kind")

    class Meta:
        model = Milestone
        form = FilterForm
        fields: tuple[str, ...] = ()


class RiskFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(
        method="with_state",
        choices=[("open", "Open"), ("closed", "Closed")],
        empty_label="Open and closed",
        label="State",
    )
    colour = django_filters.ChoiceFilter(
        method="with_colour", choices=RiskColour.choices, empty_label="Any colour", label="Colour"
    )
    owner = django_filters.ChoiceFilter(field_name="owner__public_id", choices=[], empty_label="Anybody", label="Owner")

    class Meta:
        model = Risk
        form = FilterForm
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owners = self.queryset.order_by("owner__name").values_list("owner__public_id", "owner__name").distinct()
        self.filters["owner"].extra["choices"] = list(owners)

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
