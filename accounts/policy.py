"""Who may reach each address of this app (see `foundation.policy.table`)."""

from typing import Any

from accounts.permissions import Ability, can
from foundation.policy.table import FORM, VERB, Rule, form, page, public, verb


def _keeps_register(person: Any) -> bool:
    return can(person, Ability.KEEP_REGISTER)


def _invites(person: Any) -> bool:
    return can(person, Ability.INVITE)


def _manages_people(person: Any) -> bool:
    return can(person, Ability.MANAGE_PEOPLE)


def _keeps_days(person: Any) -> bool:
    return can(person, Ability.KEEP_OWN_DAYS)


DAYS_KEEPER = "a commissioner, for their own organisation, or a portal administrator"
KEEPER = "a commissioner or a portal administrator, who keep the register"
INVITER = "a commissioner or a portal administrator, who may invite people"
ADMINISTRATOR = "a portal administrator"

POLICY: dict[str, Rule] = {
    "account_login": public(FORM),
    "account_inactive": public(),
    "account_logout": public(VERB),
    "account_change_password": form(),
    "account_reset_password": public(FORM),
    "account_reset_password_done": public(),
    "account_reset_password_from_key": public(FORM),
    "account_reset_password_from_key_done": public(),
    "accounts:organisations": page(),
    "accounts:organisation": page(),
    "accounts:organisation_add": form(KEEPER, _keeps_register),
    "accounts:organisation_edit": form(KEEPER, _keeps_register),
    "accounts:organisation_link": form(KEEPER, _keeps_register),
    "accounts:organisation_unlink": form(KEEPER, _keeps_register),
    "accounts:organisation_rename": form(KEEPER, _keeps_register),
    "accounts:organisation_merge": form(KEEPER, _keeps_register),
    "accounts:organisation_history": page(KEEPER, _keeps_register),
    "accounts:working_days": page(),
    "accounts:working_day_add": form(DAYS_KEEPER, _keeps_days),
    "accounts:working_days_history": page(),
    "accounts:people": page(),
    "accounts:person": page(),
    "accounts:person_edit": form("the person, or who keeps the register"),
    "accounts:person_history": page("the person, or a portal administrator"),
    "accounts:invite": form(INVITER, _invites),
    "accounts:person_role": form(ADMINISTRATOR, _manages_people),
    "accounts:person_close": form(ADMINISTRATOR, _manages_people),
    "accounts:person_reopen": verb(ADMINISTRATOR, _manages_people),
    "accounts:person_resend": verb(INVITER, _invites),
    "accounts:invitation": public(FORM),
    "accounts:tasks": page(),
    "accounts:week": page(),
    "accounts:inbox": page(),
    "accounts:inbox_mail": page("the person it was for"),
    "accounts:inbox_read": verb("the person it was for"),
    "accounts:inbox_read_all": verb(),
    "accounts:mail_choices": form(),
    "accounts:mail_how": public(FORM),  # the signed token in the address says whose choice it is
}
