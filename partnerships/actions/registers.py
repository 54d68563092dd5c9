"""What every register asks before it is written in."""

from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError

from partnerships.lifecycle import over_blockers
from partnerships.models import Member, Partnership

if TYPE_CHECKING:
    from accounts.models import Person


def blockers_to_write(partnership: Partnership) -> list[str]:
    """Why nothing can be written into the registers now."""
    return over_blockers(partnership.stage, "What its registers hold")


def check_member(partnership: Partnership, owner: "Person") -> None:
    """Only somebody with a part in the partnership can be reminded of something in it."""
    if not Member.objects.current().filter(partnership=partnership, person=owner).exists():
        raise ValidationError({"owner": f"{owner} has no part in this partnership any more: choose somebody else."})
