"""Annotators who say what the learner says more often than their clips and the crowd explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit, logit

from annotation.agreement.answers import Answers, Bools, Floats, Ints, sums_by
from annotation.agreement.collusion import ALARM, ENOUGH_SHARED, LEAST_VARIANCE

# So much more often than explained, as a share of all: many labels make any difference certain.
WORTH_A_LOOK = 0.1
NONE = -1
EDGE = 1e-6
PENALTY = 1.0


@dataclass(frozen=True, eq=False)
class Copying:
    """How far each annotator agrees with the learner, each (n_annotators,).

    shared: labels of clips it had a first answer to; agreed and expected: the share of them that
    are the same, and that would be for somebody who looks; NaN without any.
    """

    shared: Ints
    agreed: Floats
    expected: Floats
    z: Floats

    def alarming(
        self,
        threshold: float = ALARM,
        least: int = ENOUGH_SHARED,
        beyond: float = WORTH_A_LOOK,
    ) -> Ints:
        """Return who agrees beyond the threshold, by a difference that matters."""
        far = (self.z > threshold) & (self.agreed - self.expected > beyond)
        return np.flatnonzero(far & (self.shared >= least))


def with_learner(
    answers: Answers,
    predicted: Ints,
    shares: Floats,
    *,
    trust: Floats | None = None,
    rounds: int = 10,
    threshold: float = ALARM,
) -> Copying:
    """Return how far annotators agree with the learner beyond what the clips explain.

    `predicted` (n_labels,) is the learner's first answer to each label's clip, or the suggestion
    that was shown, -1 where there is none; it must come from a fit without this annotator's label.
    `shares` (n_labels, K) is what the others say (`left_out.by_trusted_others`). It is the z of
    `collusion.pairs` with the learner as the one partner, whose answer is known:

        z_w = sum_i ([y_iw = l_i] - e_i) / sqrt(sum_i e_i (1 - e_i)), e_i = g(p_i^-w(l_i))

    A good learner tells something of the clip that its few labels do not, so that all who look
    agree with it more than p says: `g` is the logistic curve of the crowd's own agreement,
    `logit g(p) = a + b logit p`, fitted to those who do not alarm, again until they stay the same.
    There annotators count by their `trust` (n_annotators,), the reliability of a fit, all alike
    without: else people who do not look would make everybody who does look suspicious.

    Source: the score test of `collusion.pairs`; Platt (1999), "Probabilistic outputs for support
    vector machines", for `g`.

    >>> rng = np.random.default_rng(0)
    >>> label = rng.integers(0, 4, (200, 4))
    >>> learner = rng.integers(0, 4, 200)
    >>> label[:, 3] = learner
    >>> task, who = np.arange(200).repeat(4), np.tile(np.arange(4), 200)
    >>> answers = Answers(task, who, label.ravel(), 200, 4, 4)
    >>> with_learner(answers, learner[task], np.full((800, 4), 0.25)).alarming()
    array([3])
    """
    known = np.asarray(predicted) >= 0
    part, said = answers.subset(known), np.asarray(predicted)[known]
    near = logit(np.clip(shares[known][np.arange(len(said)), said], EDGE, 1 - EDGE))
    same = part.label == said
    trusted = np.ones(answers.n_annotators) if trust is None else trust
    accused = np.zeros(answers.n_annotators, dtype=bool)
    for _ in range(rounds):
        found = _compare(part, same, near, np.where(accused, 0.0, trusted)[part.annotator])
        before, accused = accused, found.z > threshold
        if np.array_equal(before, accused):
            break
    return found


def _compare(answers: Answers, same: Bools, near: Floats, heard: Floats) -> Copying:
    """Compare everybody with the agreement of those whose labels are heard, (n_labels,)."""
    w, who = answers.n_annotators, answers.annotator
    a, b = _curve(near, same, heard)
    chance = expit(a + b * near)
    n, agreed = answers.labels_per_annotator, sums_by(who, same.astype(np.float64), w)
    expected = sums_by(who, chance, w)
    spread = np.sqrt(np.maximum(sums_by(who, chance * (1 - chance), w), LEAST_VARIANCE))
    with np.errstate(invalid="ignore", divide="ignore"):
        z = np.where(n > 0, (agreed - expected) / spread, np.nan)
        return Copying(n, agreed / n, expected / n, z)


def _curve(near: Floats, same: Bools, heard: Floats) -> tuple[float, float]:
    """Return a and b, drawn to 0 and 1 by a prior that a few dozen labels outweigh."""

    def loss(at: Floats) -> tuple[float, Floats]:
        log_odds = at[0] + at[1] * near
        miss = heard * (expit(log_odds) - same)
        off = at - (0.0, 1.0)
        value = float(heard @ np.logaddexp(0.0, np.where(same, -log_odds, log_odds)))
        slope = np.array([miss.sum(), miss @ near]) + 2 * PENALTY * off
        return value + PENALTY * float(off @ off), slope

    found = minimize(loss, np.array([0.0, 1.0]), jac=True, method="BFGS")
    return float(found.x[0]), float(found.x[1])
