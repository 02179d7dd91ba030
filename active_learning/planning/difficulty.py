"""How far people differ about clips: from an alpha, a published corpus, or a pilot's labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from annotation.agreement.aggregation import row_shares
from annotation.agreement.anchors import ANCHORS, Anchor
from annotation.agreement.answers import Floats

# By maximum likelihood .64, .67 and .53 on CREMA-D's voices, faces and both, .92 on FER+. With 0,
# adaptive redundancy would save less than it does on recorded votes.
CLARITY = 0.7
NODES = 25


@dataclass(frozen=True, eq=False)
class Difficulty:
    """What people who look say of clips: each has a distribution p_i ~ Dir(s_i m).

    alpha: Krippendorff's among them, as expected of many clips; m: (K,) how common answers are.
    Some clips are clearer than others: `ln s_i` is normal with the spread `CLARITY`.
    """

    alpha: float
    m: Floats

    @property
    def s(self) -> float:
        """The median of s_i: the smaller, the more clips are of one answer.

        Of clips alike, alpha is `1 / (1 + s)` (see `of_alpha`); of these, the mean of that.
        """
        return float(np.exp(brentq(lambda log_s: _alpha(log_s) - self.alpha, -12.0, 12.0)))


@dataclass(frozen=True)
class Corpus:
    """A published corpus to stand in for a pilot; `commonest` is its commonest answer's share."""

    anchor: Anchor
    commonest: float


# The commonest answer's share is computed anew from the published votes, as alpha is.
_COMMONEST = {
    "crema-d-voice": ("CREMA-D", "voice", 0.440),
    "crema-d-face": ("CREMA-D", "silent face", 0.260),
    "crema-d-both": ("CREMA-D", "face and voice", 0.260),
    "ferplus": ("FER+", "photographs", 0.298),
    "cmu-faces": ("CMU faces", "photographs", 0.418),
}
_ANCHORS = {(anchor.corpus, anchor.shown): anchor for anchor in ANCHORS}
CORPORA = {name: Corpus(_ANCHORS[a, b], share) for name, (a, b, share) in _COMMONEST.items()}


def of_alpha(alpha: float, classes: int, commonest: float | None = None) -> Difficulty:
    """Return the difficulty at which people who look have this nominal alpha.

    Two labels of a clip agree with probability `sum_c E[p_c^2] = (s sum m_c^2 + 1)/(s + 1)` where
    p ~ Dir(s m) (Minka 2000, "Estimating a Dirichlet distribution"), two of different clips with
    `sum m_c^2`; so `D_o / D_e = s / (s + 1)`, and alpha is `1 / (s + 1)` whatever m is. The
    commonest answer has the share `commonest`, by default 1/K, and the others are alike.
    CREMA-D's voices, faces, and both, where likelihood finds 2.9, 1.4 and 1.2 for clips alike:

    >>> [round(of_alpha(a, 6).s, 2) for a in (0.281, 0.458, 0.497)]
    [2.82, 1.21, 1.01]

    Raises:
        ValueError: alpha is not between 0 and 1, or no share is left for the others.
    """
    if not 0 < alpha < 1:
        raise ValueError("Alpha lies between 0 and 1.")
    most = 1 / classes if commonest is None else commonest
    if not 1 / classes <= most < 1:
        raise ValueError("The commonest answer has at least its even share, and not all.")
    m = np.full(classes, (1 - most) / (classes - 1))
    m[0] = most
    return Difficulty(alpha, m)


def draw_shares(difficulty: Difficulty, clips: int, rng: np.random.Generator) -> Floats:
    """Draw what people who look say of each clip, shape (n, K)."""
    s = difficulty.s * np.exp(CLARITY * rng.standard_normal((clips, 1)))
    return row_shares(np.maximum(rng.standard_gamma(s * difficulty.m), 1e-300))


def _alpha(log_s: float) -> float:
    """Return alpha where `log_s` is the middle of ln s_i, by Gauss-Hermite quadrature."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(NODES)
    return float((weights / (1 + np.exp(log_s + CLARITY * nodes))).sum() / weights.sum())
