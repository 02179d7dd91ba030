"""The kinds of question a label scheme is made of, one module each.

`base.Instrument` says what a module has. A new kind of question is a new module here, named in
`MODULES`, with a template and an element of its name.
"""

from typing import cast

from annotation.instruments import confidence, single_choice
from annotation.instruments.base import Instrument, InvalidAnswer, InvalidQuestion

MODULES = (single_choice, confidence)
INSTRUMENTS = {module.NAME: cast("Instrument", module) for module in MODULES}

__all__ = ["INSTRUMENTS", "Instrument", "InvalidAnswer", "InvalidQuestion"]
