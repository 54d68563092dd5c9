"""Who a session belongs to: the person with their organisation, in one query, because every page shows both."""

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from accounts.models import Person


class PersonBackend(AuthenticationBackend):
    def get_user(self, user_id: Any) -> Person | None:
        person = Person.objects.select_related("organisation").filter(pk=user_id).first()
        return person if person and self.user_can_authenticate(person) else None
