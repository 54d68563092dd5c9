from lessons.models.learning_point import Block, LearnedLesson, LearningPoint, LearningPointLine, LearningPointLink
from lessons.models.lesson import Lesson
from lessons.models.report import Report
from lessons.models.series import LEARNING_POINTS, LESSONS, REPORTS, Series

__all__ = [
    "LEARNING_POINTS",
    "LESSONS",
    "REPORTS",
    "Block",
    "LearnedLesson",
    "LearningPoint",
    "LearningPointLine",
    "LearningPointLink",
    "Lesson",
    "Report",
    "Series",
]
