"""`manage.py create_administrator`: the person who lets everyone else in, and the way back when nobody can."""

import getpass
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.urls import reverse

from accounts.actions.person import create_administrator
from accounts.models.invitation import token_for
from foundation.forms.base import plain_text


class Command(BaseCommand):
    help = "Make a portal administrator. Asks for a password, or with --link prints an invitation to choose one."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--name", required=True)
        parser.add_argument("--link", action="store_true", help="print a link that works once, for 14 days")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            validate_email(options["email"].strip())
            name = plain_text(options["name"].strip(), one_line=True)[:120]
            if not name:
                raise CommandError("Give the person's name: --name “Morag Sinclair”.")
            password = None if options["link"] else self._ask()
            invitation = create_administrator(email=options["email"], name=name, password=password)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from None
        self.stdout.write(f"{name} is a portal administrator.")
        if invitation:
            path = reverse("accounts:invitation", args=[token_for(invitation.public_id)])
            self.stdout.write(f"Choose a password here, once, within 14 days: {settings.SITE_URL}{path}")

    def _ask(self) -> str:
        password = getpass.getpass("Password: ")
        if password != getpass.getpass("Password again: "):
            raise CommandError("The two passwords are not the same. Nothing was changed.")
        return password
