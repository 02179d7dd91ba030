"""Learners: from vectors and weighted soft labels to distributions; pure.

>>> list(LEARNERS)
['logistic', 'boosting', 'network', 'committee']
"""

from active_learning.learners.committee import CommitteeLearner
from active_learning.learners.crossing import BoostingLearner, NetworkLearner
from active_learning.learners.learner import (
    Learner,
    NotEnoughLabelsError,
    UntrustedLearnerError,
)
from active_learning.learners.linear import fit_reduction
from active_learning.learners.logistic import LogisticLearner

LEARNERS: dict[str, type[Learner]] = {
    "logistic": LogisticLearner,
    "boosting": BoostingLearner,
    "network": NetworkLearner,
    "committee": CommitteeLearner,
}

__all__ = ["LEARNERS", "CommitteeLearner", "Learner", "LogisticLearner", "NetworkLearner"]
__all__ += ["BoostingLearner", "NotEnoughLabelsError", "UntrustedLearnerError", "fit_reduction"]
