"""The portfolio's filter: everything it knows is in the address."""

import django_filters
from django.db.models import Q, QuerySet

from accounts.models import Organisation
from foundation.forms.filters import FilterForm, words_of
from partnerships.areas import Area
from partnerships.health import Health
from partnerships.lifecycle import Stage
from partnerships.models import Partnership


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
