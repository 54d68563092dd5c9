"""The policy table: every address × method of the portal has a rule, or it is refused.

Each app states its own page of the table in `policy.py`; `psp_portal.policy` joins them; a test walks the URL resolver
and fails on a view without a rule or a rule without a view. A rule says who may reach a view at all. Which *object*
may be seen is a queryset's job (`visible_to`), and which *act* is allowed on it is the app's `permissions.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.module_loading import import_string

READ = ("GET", "HEAD")
FORM = ("GET", "HEAD", "POST")
VERB = ("POST",)


@dataclass(frozen=True)
class Rule:
    """Who may reach a view. `allows` asks of the signed-in person; `needs` says the same in words, for the docs.

    `abilities` are what the view itself asks of the person's roles in the object, any one of them; the matrix of roles
    is tested with them.
    `or_own`: whoever the thing belongs to may too, whatever their role.
    """

    methods: tuple[str, ...]
    public: bool = False
    needs: str = "signed in"
    allows: Callable[[Any], bool] | None = None
    abilities: tuple[Enum, ...] = ()
    or_own: bool = False


def public(methods: tuple[str, ...] = READ) -> Rule:
    """Anyone, without signing in."""
    return Rule(methods, public=True, needs="nobody in particular: a public page")


def page(needs: str = "signed in", allows: Callable[[Any], bool] | None = None) -> Rule:
    """A page to read."""
    return Rule(READ, needs=needs, allows=allows)


def form(needs: str = "signed in", allows: Callable[[Any], bool] | None = None) -> Rule:
    """A page with a form: shown on GET, carried out on POST."""
    return Rule(FORM, needs=needs, allows=allows)


def verb(needs: str = "signed in", allows: Callable[[Any], bool] | None = None) -> Rule:
    """A button: POST only."""
    return Rule(VERB, needs=needs, allows=allows)


def _load() -> dict[str, Rule]:
    table: dict[str, Rule] = import_string(settings.POLICY_TABLE)
    return table


TABLE: Any = SimpleLazyObject(_load)
