"""Learners: from vectors and weighted soft labels to distributions; pure.

>>> sorted(LEARNERS)
['logistic']
"""

from active_learning.learners.learner import (
    Learner,
    NotEnoughLabelsError,
    UntrustedLearnerError,
)
from active_learning.learners.linear import fit_reduction
from active_learning.learners.logistic import LogisticLearner

LEARNERS: dict[str, type[Learner]] = {LogisticLearner.name: LogisticLearner}

__all__ = ["LEARNERS", "Learner", "LogisticLearner"]
__all__ += ["NotEnoughLabelsError", "UntrustedLearnerError", "fit_reduction"]
