"""The ledger's filter: everything it knows is in the address."""

import django_filters
from django.db.models import Q, QuerySet

from foundation.delivery.models import MailState, OutboxMail
from foundation.forms.filters import FilterForm, ListFilter, words_of


class LedgerFilter(ListFilter):
    state = django_filters.ChoiceFilter(choices=MailState.choices, empty_label="Any state")
    person = django_filters.CharFilter(method="to_person", label="Person: name or address")
    text = django_filters.CharFilter(method="with_text", label="Words in the subject or the reason")

    class Meta:
        model = OutboxMail
        form = FilterForm
        fields: tuple[str, ...] = ()

    def to_person(self, rows: QuerySet[OutboxMail], name: str, value: str) -> QuerySet[OutboxMail]:
        for word in words_of(value):
            rows = rows.filter(Q(to__name__icontains=word) | Q(to_address__icontains=word))
        return rows

    def with_text(self, rows: QuerySet[OutboxMail], name: str, value: str) -> QuerySet[OutboxMail]:
        for word in words_of(value):
            rows = rows.filter(Q(subject__icontains=word) | Q(why__icontains=word))
        return rows
