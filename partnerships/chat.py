"""What webhooks are told of a partnership: the sentences of its story, which every member may read. Nothing else."""

from django.urls import reverse

from foundation.webhooks import told
from partnerships import story
from partnerships.models import Partnership

SCOPE = "partnership"


def register() -> None:
    told.add(SCOPE, actions=story.EVERYTHING, tell=story.sentence, about=about)


def about(scope: str) -> tuple[str, str] | None:
    """A partnership's title and the path of its history. One query."""
    found = Partnership.objects.filter(public_id=scope.removeprefix(f"{SCOPE}:")).first()
    return (found.title, reverse("partnerships:history", args=[found.public_id])) if found else None
