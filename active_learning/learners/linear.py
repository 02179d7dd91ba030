"""The linear algebra of the logistic learner: reduce, weigh, squash; arrays only."""

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax
from sklearn.decomposition import PCA

from active_learning.learners.learner import Array, Vectors

COMPONENTS = 128
SMOOTHING = 1e-3  # Of every soft label towards the even one, so that no class is ever absent.
CHUNK = 4096  # Rows of a large pool that are standardised at once.
POWER = 2  # Passes over the vectors; a third buys no accuracy.
MOST_STEPS = 2000
LEAST_GAIN, LEAST_SLOPE = 1e-8, 1e-4  # Of the loss, where a descent ends.


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
    pca = PCA(components, svd_solver="randomized", iterated_power=POWER, random_state=seed)
    pca.fit((vectors - centre) / scale)
    return Reduction(centre, scale, np.ascontiguousarray(pca.components_.T, dtype=np.float32))


def fit_coefficients(
    reduced: Array,
    soft: Array,
    weights: Array,
    strength: float,
    start: Array | None = None,
    steps: int = MOST_STEPS,
) -> Array:
    """Fit multinomial logistic regression to soft labels, by L-BFGS (Liu & Nocedal 1989).

    The weighted Kullback-Leibler divergence to the soft label, whose gradient is X'(P - Y), plus
    half the squared coefficients over `strength`; the intercepts are free.

    Args:
        reduced: (n, p).
        soft: (n, K) rows sum to 1.
        weights: (n,); rows without weight are left out, the rest are scaled to a mean of 1.
        strength: C, the inverse of the penalty on the coefficients.
        start: (p + 1, K) coefficients of a fit that is like this one.
        steps: at most, of the descent.

    Returns:
        (p + 1, K): coefficients with the intercepts as the last row.
    """
    kept = weights > 0
    rows, classes = np.column_stack([reduced[kept], np.ones(kept.sum())]), soft.shape[1]
    shares = (1 - SMOOTHING) * soft[kept] + SMOOTHING / classes
    mass = weights[kept] / weights[kept].mean()
    penalty = np.append(np.full(reduced.shape[1], 1 / strength), 0.0)[:, None]
    # Measured by the loss's own curvature, a coefficient needs few steps to its place.
    pace = np.sqrt((mass @ rows**2)[:, None] / classes + penalty)
    rows, penalty = rows / pace.T, penalty / pace**2
    shape = (len(pace), classes)

    def loss_and_slope(flat: Array) -> tuple[float, Array]:
        table = flat.reshape(shape)
        logs = log_softmax(rows @ table, axis=1)
        shrunk = penalty * table
        slope = rows.T @ (mass[:, None] * (np.exp(logs) - shares)) + shrunk
        loss = np.vdot(shrunk, table) / 2 - np.vdot(mass[:, None] * shares, logs)
        return float(loss), slope.ravel()

    fitted = minimize(
        loss_and_slope,
        np.zeros(shape).ravel() if start is None else (start * pace).ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": steps, "ftol": LEAST_GAIN, "gtol": LEAST_SLOPE * np.sqrt(len(rows))},
    )
    coefficients: Array = fitted.x.reshape(shape) / pace
    return coefficients


def logits(reduced: Array, coefficients: Array) -> Array:
    """Return unscaled scores (..., n, K) for coefficients (..., p + 1, K)."""
    scores: Array = reduced @ coefficients[..., :-1, :] + coefficients[..., -1:, :]
    return scores


def probabilities(scores: Array, temperature: float) -> Array:
    """Return softmax(scores / temperature) along the last axis."""
    shares: Array = softmax(scores / temperature, axis=-1)
    return shares
