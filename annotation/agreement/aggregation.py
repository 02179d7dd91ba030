"""What every aggregator gives: distributions, weights, reliabilities, predictions."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaincinv

from annotation.agreement.answers import Answers, Floats, Ints


@dataclass(frozen=True, eq=False)
class Aggregate:
    """What a set of labels says of its tasks.

    distribution: (n_tasks, K), rows sum to 1.
    weights: (n_labels,) in [0, 1], in the order in which the labels were given.
    effective_n: (n_tasks,), the sum of the weights of a task's labels.
    alphas: (n_tasks, K), the Dirichlet posterior `s m + weighted counts` that `states` reads.
    """

    distribution: Floats
    weights: Floats
    effective_n: Floats
    alphas: Floats

    def by_origin(self, order: Ints) -> Aggregate:
        """Return the same with its weights put back to where `order` took the labels from."""
        weights = np.empty_like(self.weights)
        weights[order] = self.weights
        return replace(self, weights=weights)


@dataclass(frozen=True, eq=False)
class Reliability:
    """Per annotator a value in [0, 1] and its 95 % interval, each (n_annotators,); NaN = none."""

    value: Floats
    low: Floats
    high: Floats

    @classmethod
    def unknown(cls, n_annotators: int) -> Reliability:
        nothing = np.full(n_annotators, np.nan)
        return cls(nothing, nothing, nothing)

    @classmethod
    def of_beta(cls, a: Floats, b: Floats) -> Reliability:
        """The mean and the central 95 % of Beta(a, b), both (n_annotators,)."""
        low = np.asarray(betaincinv(a, b, 0.025), dtype=np.float64)
        high = np.asarray(betaincinv(a, b, 0.975), dtype=np.float64)
        return cls(a / (a + b), low, high)


class Parameters(Protocol):
    """All that a fit has learnt, apart from the labels it learnt it from."""

    def aggregate(self, answers: Answers) -> Aggregate:
        """Aggregate any labels at these fixed parameters.

        Tasks do not depend on each other here: with the labels of a few tasks this is the
        incremental update. An annotator beyond those of the fit counts as a newcomer.
        """

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        """Return the probabilities, shape (n, K), of what `annotator` says of `task`, both (n,)."""


@dataclass(frozen=True, eq=False)
class Fit:
    """A fitted aggregator."""

    name: str
    parameters: Parameters
    aggregate: Aggregate
    reliability: Reliability

    @property
    def distribution(self) -> Floats:
        return self.aggregate.distribution

    @property
    def weights(self) -> Floats:
        return self.aggregate.weights

    @property
    def effective_n(self) -> Floats:
        return self.aggregate.effective_n

    @property
    def alphas(self) -> Floats:
        return self.aggregate.alphas

    def predict(self, task: Ints, annotator: Ints) -> Floats:
        return self.parameters.predict(self.aggregate, task, annotator)


class Predictor(Protocol):
    """What a fit must at least be, to be compared with others."""

    @property
    def distribution(self) -> Floats: ...

    def predict(self, task: Ints, annotator: Ints) -> Floats: ...


class Comparable(Protocol):
    """An aggregator of ours or of others."""

    @property
    def name(self) -> str: ...

    def fit(self, answers: Answers) -> Predictor: ...


class Aggregator(Protocol):
    """One way to make distributions of labels. Fitting twice gives the same bytes."""

    @property
    def name(self) -> str: ...

    def fit(self, answers: Answers) -> Fit: ...


def row_shares(table: ArrayLike) -> Floats:
    """Scale every row of `table` (n, K) to sum to 1."""
    rows = np.asarray(table, dtype=np.float64)
    shares: Floats = rows / rows.sum(axis=1, keepdims=True)
    return shares
