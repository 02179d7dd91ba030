"""The soft-item spam mixture where honesty depends on the class an annotator perceives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import numpy as np

from annotation.agreement.aggregation import Aggregate, Fit, row_shares
from annotation.agreement.answers import Answers, Floats, Ints, sums_by
from annotation.agreement.spam_mixture import SpamMixture, SpamParameters

EXACT, MOST_STEPS = 1e-9, 500


@dataclass(frozen=True, eq=False)
class ByClassParameters:
    """As `SpamParameters`, but theta (W + P, K): honest with theta_wc of those perceived as c."""

    theta: Floats
    eps: Floats
    s: float
    m: Floats

    def aggregate(self, answers: Answers) -> Aggregate:
        ordered, order = answers.in_order()
        who = self._row(ordered.annotator)
        gamma = self.theta[who, ordered.label]
        for _ in range(MOST_STEPS):
            found, _ = self.honesty(ordered, who, gamma)
            moved = np.abs(found - gamma).max(initial=0.0)
            gamma = found
            if moved < EXACT:
                break
        counts = ordered.weighted_counts(gamma)
        alphas = counts + self.s * self.m
        shares = row_shares(alphas)
        return Aggregate(shares, gamma, counts.sum(axis=1), alphas).by_origin(order)

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        who = self._row(annotator)
        honest = self.theta[who] * aggregate.distribution[task]
        predicted: Floats = honest + (1 - honest.sum(axis=1))[:, None] * self.eps[who]
        return predicted

    def honesty(self, answers: Answers, who: Ints, gamma: Floats) -> tuple[Floats, Floats]:
        """Return how likely each label is honest (n,), and what was perceived otherwise (n, K)."""
        counts = answers.weighted_counts(gamma) + self.s * self.m
        near = counts[answers.task]
        near[np.arange(len(answers)), answers.label] -= gamma
        near /= np.einsum("ij->i", near)[:, None]
        theta = self.theta[who]
        unheard = (1 - theta) * near
        silent = np.einsum("ij->i", unheard)
        labels = np.arange(len(answers)), answers.label
        honest = theta[labels] * near[labels]
        spam = silent * self.eps[who, answers.label]
        found = honest / (honest + spam)
        unheard *= ((1 - found) / silent)[:, None]
        return found, unheard

    def _row(self, annotator: Ints) -> Ints:
        return np.minimum(annotator, len(self.theta) - 1)


@dataclass(frozen=True, eq=False)
class SpamByClass:
    """P(y = c) = theta_wc p_i(c) + (1 - sum_k theta_wk p_i(k)) eps_w(c).

    theta_wc is drawn to the annotator's theta_w of the mixture by `by_class` labels perceived as
    c, so that it only shows where an annotator has many. It starts where the mixture has come to
    rest, whose s, m and reliability it keeps. For those who see one class and guess at another;
    K times the work and the memory of the mixture: leave it to held-out labels whether it pays.

    >>> rng = np.random.default_rng(0)
    >>> task, annotator = np.arange(300).repeat(5), np.tile(np.arange(5), 300)
    >>> blind = (annotator == 4) & (task % 3 == 2)
    >>> label = np.where(blind, rng.integers(0, 3, 1500), task % 3)
    >>> fit = SpamByClass().fit(Answers(task, annotator, label, 300, 5, 3))
    >>> fit.parameters.theta[4].round(1)
    array([0.8, 0.8, 0.4])
    """

    name: str = "spam_by_class"
    by_class: float = 10.0
    mixture: SpamMixture = field(default_factory=SpamMixture)

    def fit(self, answers: Answers) -> Fit:
        if self.mixture.gold is not None:
            raise ValueError("Gold is heard by the mixture alone.")
        ordered, order = answers.in_order()
        start = self.mixture.fit(ordered)
        of = cast("SpamParameters", start.parameters)
        gamma, k = start.weights, answers.n_classes
        parameters = ByClassParameters(np.repeat(of.theta[:, None], k, 1), of.eps, of.s, of.m)
        for _ in range(self.mixture.max_iterations):
            found, unheard = parameters.honesty(ordered, ordered.annotator, gamma)
            parameters = self._maximum(ordered, of, found, unheard)
            moved = np.abs(found - gamma).max(initial=0.0)
            gamma = found
            if moved < self.mixture.tolerance:
                break
        aggregate = parameters.aggregate(ordered).by_origin(order)
        return Fit(self.name, parameters, aggregate, start.reliability)

    def _maximum(
        self, answers: Answers, of: SpamParameters, gamma: Floats, unheard: Floats
    ) -> ByClassParameters:
        w, k = answers.n_annotators, answers.n_classes
        cell = answers.annotator * k + answers.label
        honest = sums_by(cell, gamma, w * k).reshape(w, k)
        spam = sums_by(cell, 1 - gamma, w * k).reshape(w, k)
        missed = np.stack([sums_by(answers.annotator, column, w) for column in unheard.T], axis=1)
        own = of.theta[:w, None]
        theta = (self.by_class * own + honest) / (self.by_class + honest + missed)
        newcomers = np.repeat(of.theta[w:, None], k, 1)
        eps = row_shares(spam + self.mixture.eta / k)
        eps = np.concatenate([eps, of.eps[w:]])
        return ByClassParameters(np.concatenate([theta, newcomers]), eps, of.s, of.m)
