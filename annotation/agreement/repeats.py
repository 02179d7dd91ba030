"""How far annotators agree with themselves when they meet a task again."""

from __future__ import annotations

import numpy as np

from annotation.agreement.aggregation import Reliability
from annotation.agreement.answers import Answers, Bools, Floats, Ints, sums_by

# On clips that everybody reads alike nothing spreads, and rounding must not make it seem to.
LEAST_SPREAD = 0.1


def consistency(answers: Answers) -> tuple[Reliability, Ints]:
    """Return each annotator's share of repeats answered alike, and how many repeats there are.

    A repeat is a pair of labels of the same annotator for the same task; of three labels there
    are three pairs, which count as two. The interval is Jeffreys' (Brown, Cai & DasGupta 2001);
    who repeated nothing has NaN. Chance is not taken out: with one class in nearly all tasks
    everybody agrees with themselves.

    >>> answers = Answers([0, 0, 1, 1, 2], [0, 0, 0, 0, 0], [1, 1, 0, 1, 0], 3, 1, 2)
    >>> found, n = consistency(answers)
    >>> found.value, n
    (array([0.5]), array([2]))
    """
    w, k = answers.n_annotators, answers.n_classes
    met, met_of = np.unique(answers.task * w + answers.annotator, return_inverse=True)
    times = np.bincount(met_of, minlength=len(met))
    said = np.bincount(met_of * k + answers.label, minlength=len(met) * k).reshape(-1, k)
    pairs = times * (times - 1) / 2
    same = (said * (said - 1) / 2).sum(axis=1)
    again = (times - 1).astype(np.float64)
    share = np.divide(same, pairs, out=np.zeros(len(met)), where=pairs > 0)
    who = met % w if w else met
    n = sums_by(who, again, w)
    agreed = sums_by(who, again * share, w)
    return jeffreys(agreed, n), n.astype(np.int64)


def surprise(same: Bools, distribution: Floats) -> float:
    """Return z of how often somebody said the same (n,) of clips of these distributions (n, K).

    Two *different* people say the same with probability `e_i = sum_c p_i(c)^2`; who reads a clip
    twice says the same at least as often, so that z is about 0 or above:

        z = sum_i (same_i - e_i) / sqrt(sum_i e_i (1 - e_i))

    Far below 0 the answers do not hang on the clip. Above 0 it says nothing: always the same
    answer is the same answer, too.

    >>> surprise(np.zeros(6, dtype=bool), np.full((6, 2), 0.5)).__round__(2)
    -2.45
    """
    chance = (distribution**2).sum(axis=1)
    spread = float(np.sqrt((chance * (1 - chance)).sum()))
    return float((same - chance).sum()) / max(spread, LEAST_SPREAD)


def jeffreys(agreed: Floats, n: Floats) -> Reliability:
    """Return the shares `agreed / n`, both (n,), with their 95 % intervals; NaN where n is 0."""
    found = Reliability.of_beta(agreed + 0.5, n - agreed + 0.5)
    value = np.divide(agreed, n, out=np.full(len(n), np.nan), where=n > 0)
    low, high = (np.where(n > 0, bound, np.nan) for bound in (found.low, found.high))
    return Reliability(value, low, high)
