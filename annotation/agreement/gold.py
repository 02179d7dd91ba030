"""Whether somebody looks at the clips: a sequential test on clips whose distribution is known."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.fatigue import cusum

# Wald's bound at error rates of 5 % each way.
BOUND = float(np.log(19))
# Page's bound for who passed: an attentive annotator comes to it once in 1,000 answers or less.
LATER = float(np.log(1000))
ATTENTION = 0.9


class Verdict(StrEnum):
    """What the answers so far say; a person decides what follows from it."""

    ATTENTIVE = "attentive"
    INATTENTIVE = "inattentive"
    OPEN = "open"


@dataclass(frozen=True)
class Standing:
    """Where a test stands: its log-likelihood ratio, after how many answers, and what it says."""

    score: float
    n: int
    verdict: Verdict


def steps(gold: Floats, label: Ints, overall: Floats, *, attention: float = ATTENTION) -> Floats:
    """Return what each answer to gold adds to the log-likelihood ratio, shape (n,).

    `gold` (n, K) are the distributions of the gold clips, in the order of the answers `label`
    (n,); `overall` (K,) is how common each answer is in the campaign. An attentive annotator
    answers from `q_i = .9 p*_i + .1 u`, an inattentive one evenly or in the shares of the whole,
    `u / 2 + m / 2`. Gold is a distribution: a rarer reading of a mixed clip costs little.

    Source: Wald (1945), "Sequential tests of statistical hypotheses".

    >>> steps(np.array([[1.0, 0], [0.5, 0.5]]), np.array([1, 1]), np.array([0.5, 0.5])).round(2)
    array([-2.3,  0. ])
    """
    n, k = gold.shape
    even = np.full(k, 1 / k)
    attentive = attention * gold + (1 - attention) * even
    careless = even / 2 + np.asarray(overall) / 2
    said = np.arange(n), np.asarray(label)
    found: Floats = np.log(attentive[said] / careless[said[1]])
    return found


def sequential(added: Floats, *, bound: float = BOUND) -> Standing:
    """Return where the test stands: it ends at the first answer that takes it past the bound.

    >>> sequential(np.array([-1.0, -1.5, -1.0, 9.0]))
    Standing(score=-3.5, n=3, verdict=<Verdict.INATTENTIVE: 'inattentive'>)
    """
    scores = np.cumsum(added)
    past = np.flatnonzero(np.abs(scores) >= bound)
    if not past.size:
        return Standing(float(scores[-1]) if scores.size else 0.0, len(scores), Verdict.OPEN)
    n = int(past[0]) + 1
    score = float(scores[n - 1])
    return Standing(score, n, Verdict.ATTENTIVE if score > 0 else Verdict.INATTENTIVE)


def watched(added: Floats, *, bound: float = BOUND, later: float = LATER) -> Standing:
    """Return where the test stands when it goes on after it was passed.

    To test anew after each pass would stop every honest annotator some day. What comes after a
    pass is therefore watched as `fatigue.cusum` does: an attentive annotator comes to its bound
    once in e^later answers at most, one who has stopped looking after about eight. The score is
    then that sum, below 0 where the last answers fit badly.

    >>> passed, stopped = np.full(3, 1.0), np.full(8, -1.0)
    >>> watched(np.concatenate([passed, np.full(90, 0.5)])).verdict
    <Verdict.ATTENTIVE: 'attentive'>
    >>> watched(np.concatenate([passed, np.full(90, 0.5), stopped]))
    Standing(score=-8.0, n=100, verdict=<Verdict.INATTENTIVE: 'inattentive'>)
    """
    first = sequential(added, bound=bound)
    if first.verdict != Verdict.ATTENTIVE:
        return first
    rest = added[first.n :]
    fallen = cusum(rest, np.zeros(len(rest), dtype=np.int64), 1, bound=later)
    score = -float(fallen.standing[0])
    if not fallen.alarmed.size:
        return Standing(score, len(added), Verdict.ATTENTIVE)
    return Standing(score, first.n + int(fallen.alarm[0]) + 1, Verdict.INATTENTIVE)


def stratified(distribution: Floats, n: int, *, seed: int = 0) -> Ints:
    """Return `n` tasks to serve as gold, in turn from each class that is first somewhere.

    Without strata a common class would fill the gold, and who always answers it would pass.

    >>> table = np.array([[0.9, 0.1]] * 9 + [[0.2, 0.8]])
    >>> bool(9 in stratified(table, 2))
    True
    """
    rng = np.random.default_rng(seed)
    first = distribution.argmax(axis=1)
    piles = [rng.permutation(np.flatnonzero(first == c)) for c in np.unique(first)]
    deepest = max((len(pile) for pile in piles), default=0)
    rounds = [pile[i] for i in range(deepest) for pile in piles if i < len(pile)]
    return np.array(rounds[:n], dtype=np.int64)
