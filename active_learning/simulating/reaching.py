"""How many labels a learner needs to be as good as that."""

import numpy as np

from active_learning.simulating.playing import Curve


def needed(curve: Curve, goal: float) -> float | None:
    """Return the labels, between two rounds by straight line, that reach `goal`; None if never.

    >>> needed(Curve(np.array([10, 20]), np.array([0.5, 0.7]), np.zeros(2)), 0.6)
    15.0
    """
    best = np.maximum.accumulate(curve.accuracy)
    if best[-1] < goal:
        return None
    at = int(np.argmax(best >= goal))
    if at == 0:
        return float(curve.labels[0])
    return float(np.interp(goal, best[at - 1 : at + 1], curve.labels[at - 1 : at + 1]))
