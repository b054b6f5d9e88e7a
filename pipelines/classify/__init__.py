"""What an article is about: topic, kind of event, level of government."""

from pipelines.classify.labeller import classify
from pipelines.classify.rules import UNSURE

__all__ = ["UNSURE", "classify"]
