"""What can be searched: for each kind, its table, where each engine keeps its words, and which columns it holds.

The migrations make them (0002 for lessons, 0014 for profiles, 0015 for learning points). The title comes first; a story
of a profile is in none: it may be told only as long as its person agrees.
"""

from dataclasses import dataclass

from django.db.models import Model

from lessons.models import LearningPoint, Lesson, Profile

MOST = 1000
"""So many ids are the answer to a search, and no more."""


@dataclass(frozen=True)
class Index:
    """`table`: the rows, and on PostgreSQL also their words (column `words`). `fts`: the words on SQLite.

    `weights` are of bm25, one for each column: what is found in a heavier column comes first.
    """

    table: str
    fts: str
    columns: tuple[str, ...]
    weights: tuple[float, ...]

    @property
    def body(self) -> str:
        """Every column but the title, quoted: one of them is called “where”."""
        return ", ".join(f'"{name}"' for name in self.columns[1:])


LESSONS = Index(
    "lessons_lesson",
    "lessons_words",
    ("title", "what_happened", "why", "advice", "evidence"),
    (8.0, 2.0, 2.0, 3.0, 1.0),
)
PROFILES = Index(
    "lessons_profile",
    "lessons_profile_words",
    ("title", "what", "who", "where", "partners", "dates", "money", "reached", "learned", "contact"),
    (8.0, 3.0, 2.0, 2.0, 2.0, 1.0, 1.0, 1.0, 3.0, 1.0),
)
LEARNING_POINTS = Index(
    "lessons_learningpoint",
    "lessons_learningpoint_words",
    ("title", "told"),
    (8.0, 2.0),
)
_OF: dict[type[Model], Index] = {Lesson: LESSONS, Profile: PROFILES, LearningPoint: LEARNING_POINTS}


def index_of(model: type[Model]) -> Index:
    return _OF[model]
