"""A network of one hidden layer as plain arrays: fitted by scikit-learn, kept and run here."""

import warnings
from dataclasses import dataclass, fields
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from active_learning.learners.expanding import expanded, spread_over
from active_learning.learners.keeping import State
from active_learning.learners.learner import Array

HIDDEN = 32
PENALTY = 30.0  # On half the squared coefficients, over the number of rows.
MOST_STEPS = 80

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Layers:
    """softmax(tanh(x A + a) B + b), with weight decay, by L-BFGS.

    Attributes:
        scale: what the rows are divided by.
        inner, inner_bias: (p, h), (h,).
        outer, outer_bias: (h, c), (c,); c is 1 where two classes are present, 0 where one is.
        present: the classes that were seen.
        classes: K.
    """

    scale: float
    inner: Array
    inner_bias: Array
    outer: Array
    outer_bias: Array
    present: Ints
    classes: int

    @classmethod
    def fit(cls, rows: Array, soft: Array, weights: Array, seed: int) -> Self:
        """Fit to rows (n, p), soft labels (n, K) and weights (n,)."""
        scale = float(np.sqrt((rows**2).sum(axis=1).mean())) or 1.0
        seen, labels, mass = expanded(rows / scale, soft, weights)
        present = np.unique(labels).astype(np.int64)
        if len(present) == 1:
            inner = np.zeros((rows.shape[1], 1)), np.zeros(1)
            return cls(scale, *inner, np.zeros((1, 0)), np.zeros(0), present, soft.shape[1])
        network = MLPClassifier(
            (HIDDEN,), activation="tanh", solver="lbfgs", alpha=PENALTY / scale, tol=1e-4,
            max_iter=MOST_STEPS, random_state=seed,
        )  # fmt: skip
        with warnings.catch_warnings():
            # So many steps are enough: what it has learned by then is calibrated on other people.
            warnings.simplefilter("ignore", ConvergenceWarning)
            network.fit(seen, labels, sample_weight=mass)
        (inner_, outer_), (inner_bias, outer_bias) = network.coefs_, network.intercepts_
        return cls(scale, inner_, inner_bias, outer_, outer_bias, present, soft.shape[1])

    def log_probabilities(self, rows: Array) -> Array:
        """Return log-probabilities (n, K) of rows (n, p), not calibrated."""
        hidden = np.tanh(rows / self.scale @ self.inner + self.inner_bias)
        scores = hidden @ self.outer + self.outer_bias
        if len(self.present) < 3:  # One score tells the second class from the first; none, nothing.
            scores = np.column_stack([np.zeros(len(rows)), scores])
        return spread_over(log_softmax(scores, axis=1), self.present, self.classes)

    def state(self) -> State:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        return cls(**{field.name: cast("Any", state[field.name]) for field in fields(cls)})
