"""The tour's stops at the profiles: the list, a published one, and one that is being written."""

from collections.abc import Iterator

from django.urls import reverse

from lessons.lifecycle import LISTED, LessonState
from lessons.models import Profile
from psp_portal.demo import personas
from psp_portal.demo.personas import Persona


def stops() -> Iterator[tuple[str, Persona | None, str]]:
    """The name of the picture, who looks, and the address."""
    publisher = personas.PUBLISHER
    published = Profile.objects.get(state__in=LISTED)
    draft = Profile.objects.get(state=LessonState.DRAFT)
    yield "profiles", None, reverse("lessons:profiles")
    yield "profiles-search", None, reverse("lessons:profiles") + "?text=volunteers"
    yield "profile", None, published.get_absolute_url()
    yield "profile-start", publisher, reverse("lessons:profile_start")
    yield "profile-draft", publisher, reverse("lessons:draft_profile", args=[draft.public_id])
    yield "profile-sign-off", publisher, reverse("lessons:review", args=["profile", draft.public_id])
    yield "profile-revise", publisher, reverse("lessons:profile_revise", args=[published.public_id])
