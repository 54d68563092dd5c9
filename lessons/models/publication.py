"""What is kept beside a publication (an edition of a report, a learning point, a profile): who proof-read its braille,
and the versions somebody made elsewhere: Easy Read, British Sign Language, Gaelic and other languages.
"""

import re

from django.conf import settings
from django.conf.locale import LANG_INFO
from django.core.validators import RegexValidator
from django.db import models

from foundation.database import clock
from foundation.database.models import Record
from lessons.models.learning_point import LearningPoint
from lessons.models.owned import one_of
from lessons.models.profile import Profile
from lessons.models.report import Report

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*\Z")
# How people here call them; Django knows the names of most others.
NAMES = {
    "am": "Amharic", "bfi": "British Sign Language", "ckb": "Kurdish (Sorani)", "en": "English", "en-gb": "English",
    "gd": "Gaelic", "ha": "Hausa", "kmr": "Kurdish (Kurmanji)", "ku": "Kurdish", "prs": "Dari", "ps": "Pashto",
    "sco": "Scots", "so": "Somali", "ti": "Tigrinya", "tl": "Tagalog", "yo": "Yoruba", "yue": "Cantonese",
    "zh": "Chinese",
}  # fmt: skip


class OfPublication(models.Model):
    """Belongs to a report, a learning point or a profile, to one of them."""

    report = models.ForeignKey(Report, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    learning_point = models.ForeignKey(
        LearningPoint, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    profile = models.ForeignKey(Profile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    at = models.DateTimeField(default=clock.now, editable=False)

    class Meta:
        abstract = True

    @property
    def audit_scope(self) -> str:
        owner = self.report or self.learning_point or self.profile
        assert owner is not None
        return owner.audit_scope


_ONE_OWNER = one_of("report", "learning_point", "profile")


class ProofReading(OfPublication, Record):
    """A qualified transcriber has read the braille of this content, and says that it is right."""

    format = models.CharField(max_length=30)
    content = models.CharField(max_length=80, help_text="Which content was read: other content is a draft again.")
    reader = models.CharField("Who proof-read it", max_length=120)

    class Meta:
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=_ONE_OWNER, name="proof_reading_of_one_publication"),
            models.UniqueConstraint(fields=["content", "format"], name="proof_reading_once_per_content"),
        ]

    def __str__(self) -> str:
        return f"proof-read by {self.reader}"


class VersionKind(models.TextChoices):
    EASY_READ = "easy-read", "Easy Read"
    BSL = "bsl", "British Sign Language video"
    TRANSLATION = "translation", "Translation"
    RECORDING = "recording", "Recording by a person"


class LinkedVersion(OfPublication, Record):
    """A version that somebody made by hand, at an address of its own."""

    kind = models.CharField("Kind of version", max_length=12, choices=VersionKind.choices)
    language = models.CharField(
        "Language",
        max_length=20,
        default="en-GB",
        validators=[RegexValidator(LANGUAGE, "Enter a language code: gd for Gaelic, pl for Polish, bfi for BSL.")],
    )
    title = models.CharField("Title", max_length=150)
    address = models.URLField("Web address", max_length=300)

    class Meta:
        ordering = ["kind", "language", "pk"]
        constraints = [models.CheckConstraint(condition=_ONE_OWNER, name="linked_version_of_one_publication")]

    def __str__(self) -> str:
        return self.title

    @property
    def described(self) -> str:
        """Its kind and the name of its language, unless the kind names that already: “Translation, Gaelic”."""
        kind, name = VersionKind(self.kind).label, language_called(self.language)
        return kind if not name or name in kind else f"{kind}, {name}"


def language_called(code: str) -> str:
    """The English name of the language with this code, or of the one it is a kind of (“pt-BR”); or nothing."""
    whole = code.lower()
    for tag in (whole, whole.split("-")[0]):
        if name := NAMES.get(tag) or LANG_INFO.get(tag, {}).get("name"):
            return str(name)
    return ""
