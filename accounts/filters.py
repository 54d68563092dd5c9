"""What the lists of organisations and people can be narrowed by. All of it is in the address."""

import django_filters
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from accounts.models import Organisation, OrganisationKind, Person
from foundation.forms.filters import FilterForm, ListFilter, words_of


class RegisterFilter(ListFilter):
    text = django_filters.CharFilter(method="with_text", label="Name, former name or number")
    kind = django_filters.ChoiceFilter(choices=OrganisationKind.choices, empty_label="Any kind", label="What it is")

    class Meta:
        model = Organisation
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_text(self, rows: QuerySet[Organisation], name: str, value: str) -> QuerySet[Organisation]:
        for word in words_of(value):
            named = Organisation.objects.named(word).values("pk")
            rows = rows.filter(Q(pk__in=named) | Q(charity_number__iexact=word) | Q(company_number__iexact=word))
        return rows


class PeopleFilter(ListFilter):
    STATES = (("open", "Can sign in"), ("invited", "Invited, no password yet"), ("closed", "Account closed"))

    text = django_filters.CharFilter(method="with_text", label="Name, e-mail address or organisation")
    state = django_filters.ChoiceFilter(
        choices=STATES, method="with_state", empty_label="Any state", label="State of the account"
    )

    class Meta:
        model = Person
        form = FilterForm
        fields: tuple[str, ...] = ()

    def with_text(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        for word in words_of(value):
            rows = rows.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(organisation__name__icontains=word)
            )
        return rows

    def with_state(self, rows: QuerySet[Person], name: str, value: str) -> QuerySet[Person]:
        if value == "closed":
            return rows.filter(is_active=False)
        without_password = Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
        rows = rows.filter(is_active=True)
        return rows.filter(without_password) if value == "invited" else rows.exclude(without_password)
