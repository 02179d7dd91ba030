"""The linear algebra of the logistic learner: reduce, weigh, squash; arrays only."""

from dataclasses import dataclass

import numpy as np
from scipy.special import softmax
from sklearn.decomposition import PCA
from sklearn.linear_model import LogisticRegression

from active_learning.learners.learner import Array, Vectors

COMPONENTS = 128
SMOOTHING = 1e-3  # Of every soft label towards the even one, so that no class is ever absent.
CHUNK = 4096  # Rows of a large pool that are standardised at once.
MOST_STEPS = 2000


@dataclass(frozen=True)
class Reduction:
    """Standardise each of d numbers, then keep the p directions that vary most."""

    centre: Vectors  # (d,)
    scale: Vectors  # (d,)
    directions: Vectors  # (d, p)

    def __call__(self, vectors: Vectors) -> Array:
        """Return the reduced rows (n, p) of vectors (n, d), a chunk at a time."""
        parts = [
            ((vectors[at : at + CHUNK] - self.centre) / self.scale) @ self.directions
            for at in range(0, len(vectors), CHUNK)
        ]
        empty = np.zeros((0, self.directions.shape[1]))
        return np.concatenate([empty, *parts])


def fit_reduction(vectors: Vectors, seed: int) -> Reduction:
    """Fit standardisation and randomised PCA (Halko et al. 2011) to vectors (n, d)."""
    centre = vectors.mean(axis=0, dtype=np.float64).astype(np.float32)
    spread = vectors.std(axis=0, dtype=np.float64).astype(np.float32)
    scale = np.where(spread > 1e-6, spread, np.float32(1))
    components = min(COMPONENTS, *vectors.shape)
    pca = PCA(components, svd_solver="randomized", random_state=seed)
    pca.fit((vectors - centre) / scale)
    return Reduction(centre, scale, np.ascontiguousarray(pca.components_.T, dtype=np.float32))


def fit_coefficients(reduced: Array, soft: Array, weights: Array, strength: float) -> Array:
    """Fit multinomial logistic regression to soft labels.

    Each row is expanded to K rows, class c with weight w p_c: its weighted log-loss is the
    Kullback-Leibler divergence to the soft label, up to a constant.

    Args:
        reduced: (n, p).
        soft: (n, K) rows sum to 1.
        weights: (n,); rows without weight are left out, the rest are scaled to a mean of 1.
        strength: C, the inverse of the penalty on the coefficients.

    Returns:
        (p + 1, K): coefficients with the intercepts as the last row.
    """
    kept = weights > 0
    rows, classes = reduced[kept], soft.shape[1]
    shares = (1 - SMOOTHING) * soft[kept] + SMOOTHING / classes
    mass = weights[kept] / weights[kept].mean()
    fitted = LogisticRegression(C=strength, max_iter=MOST_STEPS).fit(
        np.repeat(rows, classes, axis=0),
        np.tile(np.arange(classes), len(rows)),
        sample_weight=(mass[:, None] * shares).ravel(),
    )
    coefficients = np.vstack([fitted.coef_.T, fitted.intercept_])
    if classes == 2:  # scikit-learn keeps the second class alone.
        return np.hstack([np.zeros_like(coefficients), coefficients])
    return coefficients


def logits(reduced: Array, coefficients: Array) -> Array:
    """Return unscaled scores (..., n, K) for coefficients (..., p + 1, K)."""
    scores: Array = reduced @ coefficients[..., :-1, :] + coefficients[..., -1:, :]
    return scores


def probabilities(scores: Array, temperature: float) -> Array:
    """Return softmax(scores / temperature) along the last axis."""
    shares: Array = softmax(scores / temperature, axis=-1)
    return shares
