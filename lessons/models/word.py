"""The words that published lessons are written with: what a mistyped word in a search may have meant."""

from django.db import models

LONGEST_WORD = 40


class LibraryWord(models.Model):
    """A word as it stands in a published lesson, in small letters without accents. Drafts give none away."""

    word = models.CharField(max_length=LONGEST_WORD, primary_key=True)
    first = models.CharField(max_length=1)
    length = models.PositiveSmallIntegerField()

    class Meta:
        indexes = [models.Index(fields=["first", "length"], name="library_word_near")]

    def __str__(self) -> str:
        return self.word
