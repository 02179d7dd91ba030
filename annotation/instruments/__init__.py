"""The kinds of question a label scheme is made of, one module each.

`base.Instrument` says what a module has. A new kind of question is a new module here, named in
`MODULES`, with a template and an element of its name.
"""

from typing import cast

from annotation.instruments import (
    affect_grid,
    best_worst,
    confidence,
    dimensions,
    distribution,
    emotion_wheel,
    free_text,
    graded_choices,
    ordinal,
    pairwise,
    primary_secondary,
    segments,
    single_choice,
    trace,
    wish,
)
from annotation.instruments.base import Instrument, InvalidAnswer, InvalidQuestion

MODULES = (
    single_choice,
    graded_choices,
    primary_secondary,
    distribution,
    emotion_wheel,
    dimensions,
    affect_grid,
    ordinal,
    segments,
    trace,
    pairwise,
    best_worst,
    wish,
    free_text,
    confidence,
)
INSTRUMENTS = {module.NAME: cast("Instrument", module) for module in MODULES}

__all__ = ["INSTRUMENTS", "Instrument", "InvalidAnswer", "InvalidQuestion"]
