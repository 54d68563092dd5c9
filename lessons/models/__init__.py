from lessons.models.desk import FormatRequest, RequestState
from lessons.models.edition import EarlierEdition
from lessons.models.learning_point import Block, LearnedLesson, LearningPoint, LearningPointLine, LearningPointLink
from lessons.models.lesson import Lesson
from lessons.models.profile import Profile
from lessons.models.publication import LinkedVersion, ProofReading, VersionKind
from lessons.models.reading import Reading, ReadThing
from lessons.models.report import Report
from lessons.models.review import Contributor, ReviewComment
from lessons.models.series import LEARNING_POINTS, LESSONS, PROFILES, REPORTS, Series
from lessons.models.use import LessonUse, ThemeSubscription
from lessons.models.word import LibraryWord

Item = Lesson | LearningPoint | Profile
"""What goes the way to publication."""

__all__ = [
    "LEARNING_POINTS",
    "LESSONS",
    "PROFILES",
    "REPORTS",
    "Block",
    "Contributor",
    "EarlierEdition",
    "FormatRequest",
    "Item",
    "LearnedLesson",
    "LearningPoint",
    "LearningPointLine",
    "LearningPointLink",
    "Lesson",
    "LessonUse",
    "LibraryWord",
    "LinkedVersion",
    "Profile",
    "ProofReading",
    "ReadThing",
    "Reading",
    "Report",
    "RequestState",
    "ReviewComment",
    "Series",
    "ThemeSubscription",
    "VersionKind",
]
