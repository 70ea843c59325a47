"""Lessons: chapters to predict and reveal, and the class kit. Their texts live in ``content``, and nowhere else.

No text states a result of the model: what a lesson reveals is computed from runs by `dashboard.lessons.findings`.
"""

from dashboard.lessons.reading import chapters, class_kit
from dashboard.lessons.records import Chapter, ClassKit, Prediction, Role, Round

__all__ = ["Chapter", "ClassKit", "Prediction", "Role", "Round", "chapters", "class_kit"]
