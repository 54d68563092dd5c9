"""What the list of notices can be narrowed by. All of it is in the address."""

import django_filters
from django.db.models import Q, QuerySet

from foundation.forms.filters import FilterForm, ListFilter, words_of
from partnerships.areas import Area
from procurement.lifecycle import TenderState
from procurement.models import Tender


class NoticeFilter(ListFilter):
    STATES = (("open", "Open for bids"), ("judged", "Closed or being evaluated"), ("over", "Awarded or abandoned"))

    text = django_filters.CharFilter(method="with_text", label="Words in the title, summary or buyer")
    state = django_filters.ChoiceFilter(choices=STATES, method="with_state", empty_label="Any state", label="State")
    area = django_filters.ChoiceFilter(
        field_name="partnership__area", choices=Area.choices, empty_label="Any area", label="Council area"
    )

    class Meta:
        model = Tender
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_text(self, rows: QuerySet[Tender], name: str, value: str) -> QuerySet[Tender]:
        for word in words_of(value):
            rows = rows.filter(
                Q(title__icontains=word)
                | Q(summary__icontains=word)
                | Q(partnership__public_lead__name__icontains=word)
            )
        return rows

    def with_state(self, rows: QuerySet[Tender], name: str, value: str) -> QuerySet[Tender]:
        states = {
            "open": [TenderState.OPEN],
            "judged": [TenderState.CLOSED, TenderState.EVALUATING, TenderState.STANDSTILL],
            "over": [TenderState.AWARDED, TenderState.ABANDONED],
        }
        return rows.filter(state__in=states[value])
