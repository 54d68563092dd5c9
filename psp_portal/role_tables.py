"""Who may do what, gathered from each app's permissions for the page and for docs/permissions.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

import accounts.permissions
import accounts.roles
import partnerships.permissions
import procurement.permissions


@dataclass(frozen=True)
class RoleRow:
    role: str
    description: str
    may: tuple[str, ...]


@dataclass(frozen=True)
class RoleTable:
    title: str
    given_by: str
    rows: tuple[RoleRow, ...]


def role_tables() -> list[RoleTable]:
    """One table for each place a person can hold a role in."""
    return [
        RoleTable(
            "Roles for the whole portal",
            "A portal administrator gives them.",
            _rows(accounts.permissions.ABILITIES, accounts.roles.DESCRIPTION, accounts.permissions.Ability),
        ),
        RoleTable(
            "Roles in a partnership",
            "Its leads and its project lead give them. They count in that partnership only, from the joining day to "
            "the leaving day; without one, the partnership cannot be seen at all.",
            _rows(
                partnerships.permissions.ABILITIES,
                partnerships.permissions.DESCRIPTION,
                partnerships.permissions.Ability,
            ),
        ),
        RoleTable(
            "Parts in a tender",
            "They follow from the organisation a person works for, from the role in the partnership, and from the "
            "choice of the panel.",
            _rows(
                procurement.permissions.ABILITIES, procurement.permissions.DESCRIPTION, procurement.permissions.Ability
            ),
        ),
    ]


def _rows(
    abilities: Mapping[Any, frozenset[Any]], descriptions: Mapping[Any, str], order: type[Enum]
) -> tuple[RoleRow, ...]:
    return tuple(
        RoleRow(
            str(role.label),
            descriptions[role],
            tuple(ability.value for ability in order if ability in abilities[role]),
        )
        for role in abilities
    )
