"""Links that act as keys, made while a mail is being written so that they are kept nowhere."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django import template
from django.urls import reverse

from accounts.models import Person
from accounts.models.invitation import token_for

register = template.Library()

SAMPLE = "sample"
"""Stands for the public id in the gallery's examples; too short to be one."""


@register.simple_tag
def invitation_path(invitation: str) -> str:
    """The address of the invitation with this public id."""
    return reverse("accounts:invitation", args=[SAMPLE if invitation == SAMPLE else token_for(invitation)])


@register.simple_tag
def password_reset_path(person: str) -> str:
    """The address where the person with this public id chooses a new password, for two hours from now."""
    if person == SAMPLE:
        return reverse("account_reset_password_from_key", kwargs={"uidb36": SAMPLE, "key": SAMPLE})
    found = Person.objects.get(public_id=person)
    key = default_token_generator.make_token(found)
    return reverse("account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(found), "key": key})
