"""The kinds of question a label scheme is made of, one module each.

An instrument module has `NAME`, the `KEYS` that only its questions have, `define(question)` which
checks and completes the question as a researcher wrote it, and `clean(question, answer)` which
checks what an annotator said and returns what is stored. Both raise the errors below. One whose
answers are one of several options says so with `CATEGORICAL = True`: its answers can be aggregated
as categories.
"""

from annotation.instruments import confidence, single_choice
from annotation.instruments.errors import InvalidAnswer, InvalidQuestion

INSTRUMENTS = {module.NAME: module for module in (single_choice, confidence)}

__all__ = ["INSTRUMENTS", "InvalidAnswer", "InvalidQuestion"]
