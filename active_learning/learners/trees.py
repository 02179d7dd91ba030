"""Boosted trees as plain arrays: grown by scikit-learn, kept and walked here."""

from dataclasses import dataclass, fields
from typing import Any, Self, cast

import numpy as np
import numpy.typing as npt
from scipy.special import log_softmax
from sklearn.ensemble import HistGradientBoostingClassifier

from active_learning.learners.expanding import expanded, spread_over
from active_learning.learners.keeping import State
from active_learning.learners.learner import Array

ROUNDS, RATE = 30, 0.2
LEAVES, LEAST_IN_LEAF = 6, 8
PENALTY = 5.0
LEVELS = 64  # Of each number, by its quantiles.
FEATURES = 0.3  # Share of the numbers that a split looks at.

Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Trees:
    """Gradient-boosted trees (Friedman 2001), one a class and round, their nodes one after another.

    Attributes:
        left, right: (N,) the node to go to; a leaf goes to itself.
        feature, threshold: (N,) what a node asks: left where the number is at most the threshold.
        value: (N,) what a leaf adds to the score.
        roots: (T,) first node of each tree; tree t speaks for class t modulo the number of columns.
        baseline: (k,) scores before any tree; k is 1 where two classes are present.
        present: (c,) the classes that were seen.
        classes: K.
    """

    left: Ints
    right: Ints
    feature: Ints
    threshold: Array
    value: Array
    roots: Ints
    baseline: Array
    present: Ints
    classes: int

    @classmethod
    def fit(cls, rows: Array, soft: Array, weights: Array, seed: int) -> Self:
        """Fit to rows (n, p), soft labels (n, K) and weights (n,)."""
        seen, labels, mass = expanded(rows, soft, weights)
        present = np.unique(labels)
        if len(present) == 1:
            nothing = np.zeros(0, dtype=np.int64)
            return cls(
                nothing, nothing, nothing, np.zeros(0), np.zeros(0), nothing,
                np.zeros(1), present, soft.shape[1],
            )  # fmt: skip
        grown = HistGradientBoostingClassifier(
            max_iter=ROUNDS, learning_rate=RATE, max_leaf_nodes=LEAVES, early_stopping=False,
            min_samples_leaf=LEAST_IN_LEAF, l2_regularization=PENALTY, max_features=FEATURES,
            random_state=seed,
        ).fit(_levelled(seen), labels, sample_weight=mass)  # fmt: skip
        return cls._of(grown, present, soft.shape[1])

    @classmethod
    def _of(cls, grown: HistGradientBoostingClassifier, present: Ints, classes: int) -> Self:
        trees = [tree.nodes for of_round in grown._predictors for tree in of_round]  # noqa: SLF001
        roots = np.cumsum([0, *(len(nodes) for nodes in trees)])[:-1]
        nodes = np.concatenate(trees)
        start = np.repeat(roots, [len(tree) for tree in trees])
        leaf = nodes["is_leaf"].astype(bool)
        itself = np.arange(len(nodes))
        return cls(
            left=np.where(leaf, itself, start + nodes["left"]),
            right=np.where(leaf, itself, start + nodes["right"]),
            feature=np.where(leaf, 0, nodes["feature_idx"]).astype(np.int64),
            threshold=np.where(leaf, 0.0, nodes["num_threshold"]),
            value=np.where(leaf, nodes["value"], 0.0),
            roots=roots.astype(np.int64),
            baseline=np.ravel(grown._baseline_prediction).astype(np.float64),  # noqa: SLF001
            present=present.astype(np.int64),
            classes=classes,
        )

    def log_probabilities(self, rows: Array) -> Array:
        """Return log-probabilities (n, K) of rows (n, p), not calibrated."""
        scores = np.tile(self.baseline, (len(rows), 1))
        for number, root in enumerate(self.roots):
            scores[:, number % len(self.baseline)] += self._walked(rows, int(root))
        if len(self.present) == 2:  # One score tells the second class from the first.
            scores = np.column_stack([np.zeros(len(rows)), scores])
        return spread_over(log_softmax(scores, axis=1), self.present, self.classes)

    def _walked(self, rows: Array, root: int) -> Array:
        """The value of the leaf (n,) that each row comes to."""
        at = np.full(len(rows), root)
        every = np.arange(len(rows))
        while True:
            goes_left = rows[every, self.feature[at]] <= self.threshold[at]
            after = np.where(goes_left, self.left[at], self.right[at])
            if (after == at).all():
                value: Array = self.value[at]
                return value
            at = after

    def state(self) -> State:
        """Return the arrays by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_state(cls, state: State) -> Self:
        """Return what `state` told of."""
        return cls(**{field.name: cast("Any", state[field.name]) for field in fields(cls)})


def _levelled(rows: Array) -> Array:
    """Bring each number of rows (n, p) to the nearest of its quantiles.

    scikit-learn bins many values by weighted percentiles, one a bin and number, which would cost
    ten times what the trees do; few values are taken as they are.
    """
    levels = np.quantile(rows, np.linspace(0, 1, LEVELS), axis=0)
    levelled = np.empty_like(rows)
    for column, known in enumerate(levels.T):
        edges = (known[1:] + known[:-1]) / 2
        levelled[:, column] = known[np.searchsorted(edges, rows[:, column])]
    return levelled
