"""Aggregators that give every label the same weight: majority and smoothed share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import Aggregate, Fit, Reliability, row_shares
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dirichlet import fit_prior


@dataclass(frozen=True, eq=False)
class ShareParameters:
    """A prior Dir(s m) on the tasks' distributions; m has shape (K,)."""

    s: float
    m: Floats
    smooth: bool = True

    def aggregate(self, answers: Answers) -> Aggregate:
        counts = answers.counts().astype(np.float64)
        alphas = counts + self.s * self.m
        n = counts.sum(axis=1)
        shares = row_shares(alphas)
        if not self.smooth:
            voted = n > 0
            shares[voted] = counts[voted] / n[voted, None]
        return Aggregate(shares, np.ones(len(answers)), n, alphas)

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        return row_shares(aggregate.alphas[task])


@dataclass(frozen=True)
class Majority:
    """The bare vote share; its largest class is the majority, ties stay ties.

    A bare share calls impossible what nobody has said yet, so predictions add one label spread
    evenly over the classes.

    >>> answers = Answers([0, 0, 0], [0, 1, 2], [1, 1, 0], n_tasks=1, n_annotators=3, n_classes=2)
    >>> Majority().fit(answers).distribution.round(3)
    array([[0.333, 0.667]])
    """

    name: str = "majority"

    def fit(self, answers: Answers) -> Fit:
        m = np.full(answers.n_classes, 1 / answers.n_classes)
        parameters = ShareParameters(1.0, m, smooth=False)
        unknown = Reliability.unknown(answers.n_annotators)
        return Fit(self.name, parameters, parameters.aggregate(answers), unknown)


@dataclass(frozen=True)
class SmoothedShare:
    """The vote share drawn towards the campaign's mean, as far as tasks are alike.

    `(s m_c + n_ic) / (s + n_i)`, s by Dirichlet-multinomial maximum likelihood. Agreement with
    the others is no measure of honesty, so this aggregator has no reliabilities.

    >>> task, label = np.arange(6).repeat(10), np.array([0] * 9 + [1] * 10 + [0]).repeat(3)
    >>> answers = Answers(task, np.tile(np.arange(10), 6), label, 6, 10, 2)
    >>> SmoothedShare().fit(answers).distribution[0].round(3)
    array([0.975, 0.025])
    """

    name: str = "smoothed_share"

    def fit(self, answers: Answers) -> Fit:
        parameters = ShareParameters(*fit_prior(answers.counts()))
        unknown = Reliability.unknown(answers.n_annotators)
        return Fit(self.name, parameters, parameters.aggregate(answers), unknown)
