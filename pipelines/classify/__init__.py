"""What an article is about: topic, kind of event, level of government."""

from pipelines.classify.labeller import UNSURE, classify

__all__ = ["UNSURE", "classify"]
