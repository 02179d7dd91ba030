"""Dawid and Skene for ordered categories: an annotator errs by steps, with a bias and a scale."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from annotation.agreement.aggregation import Fit, Reliability
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.confusions import class_prior, finish
from annotation.agreement.expectation import Maximum, expectation_maximisation, incidence


@dataclass(frozen=True)
class Ordered:
    """EM from the vote share where an answer is the true step plus a normal error, rounded.

    P(answer c | true step t) = (1 - slip) (Phi((c + 1/2 - t - b_w) / s_w) -
    Phi((c - 1/2 - t - b_w) / s_w)) + slip / K; the first and the last step take the tails. Two
    numbers an annotator, bias b_w and scale s_w, where Dawid and Skene have K (K - 1): near
    misses are likelier than far ones before anybody has been seen to make them. Both are moments
    of the expected errors, drawn by `kappa` labels to 0 and to the crowd's scale.

    Source: Lakshminarayanan & Teh (2013), "Inferring ground truth from multi-annotator ordinal
    data: a probabilistic approach", arXiv:1305.0015, with equal steps and MAP by EM.

    >>> task, annotator = np.arange(60).repeat(4), np.tile(np.arange(4), 60)
    >>> label = np.minimum(task % 5 + (annotator == 3), 4)
    >>> fit = Ordered().fit(Answers(task, annotator, label, 60, 4, 5))
    >>> bool((fit.distribution.argmax(axis=1) == np.arange(60) % 5).all())
    True
    """

    name: str = "ordered"
    kappa: float = 5.0
    slip: float = 0.05
    tolerance: float = 1e-5
    max_iterations: int = 300

    def fit(self, answers: Answers) -> Fit:
        ordered, order = answers.in_order()
        k = answers.n_classes
        found = expectation_maximisation(
            incidence(ordered, ordered.annotator, answers.n_annotators),
            self._maximum,
            k,
            tolerance=self.tolerance,
            max_steps=self.max_iterations,
        )
        confusion = steps(*self._moments(found.answers, newcomer=True), k, self.slip)

        def left_out(labels: Answers, own: Floats) -> Floats:
            likelihood: Floats = confusion[labels.annotator, labels.label]
            return likelihood

        prior = class_prior(found.posterior)
        parameters, aggregate = finish(ordered, found.posterior, confusion, prior, left_out)
        right = np.trace(found.answers, axis1=1, axis2=2)
        wrong = np.maximum(found.answers.sum(axis=(1, 2)) - right, 0.0)
        reliability = Reliability.of_beta(right + 1, wrong + 1)
        return Fit(self.name, parameters, aggregate.by_origin(order), reliability)

    def _moments(self, expected: Floats, *, newcomer: bool = False) -> tuple[Floats, Floats]:
        """Return bias and scale of each annotator, (n_annotators,), and of a newcomer."""
        k = expected.shape[1]
        error = np.subtract.outer(np.arange(k), np.arange(k)).astype(np.float64)
        n = expected.sum(axis=(1, 2))
        bias = (expected * error).sum(axis=(1, 2)) / (n + self.kappa)
        off = (error - bias[:, None, None]) ** 2
        square = (expected * off).sum(axis=(1, 2))
        crowd = (square.sum() + 1.0) / (n.sum() + 1.0)
        variance = (square + self.kappa * crowd) / (n + self.kappa)
        if newcomer:
            bias, variance = np.append(bias, 0.0), np.append(variance, crowd)
        return bias, np.sqrt(variance)

    def _maximum(self, expected: Floats, totals: Floats) -> Maximum:
        confusion = steps(*self._moments(expected), len(totals), self.slip)
        log_prior = np.log((totals + 1) / (totals + 1).sum())
        return Maximum(np.log(confusion), log_prior, float(log_prior.sum()))


def steps(bias: Floats, scale: Floats, n_classes: int, slip: float) -> Floats:
    """Return confusion matrices (W, K, K) by answer and true step.

    >>> steps(np.array([0.0]), np.array([0.5]), 3, 0.0)[0].round(2)
    array([[0.84, 0.16, 0.  ],
           [0.16, 0.68, 0.16],
           [0.  , 0.16, 0.84]])
    """
    classes = np.arange(n_classes)
    ends = np.arange(n_classes - 1) + 0.5
    centre = classes[None, :] + bias[:, None]
    below = ndtr((ends[None, :, None] - centre[:, None, :]) / scale[:, None, None])
    nothing = np.zeros((len(bias), 1, n_classes))
    cumulative = np.concatenate([nothing, below, nothing + 1], axis=1)
    confusion: Floats = (1 - slip) * np.diff(cumulative, axis=1) + slip / n_classes
    return confusion
