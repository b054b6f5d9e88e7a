"""Recognise that an arriving text is one that the archive already holds.

``normal`` folds what never changes a text (case, composition, tone placement, punctuation),
``sketch`` makes the few numbers by which candidates are found, ``verify`` decides on one pair,
``index`` puts them together. Pure: the store's tables stand behind the ``SketchIndex`` port.
"""
