"""The soft-item spam mixture where who looks may read clips in a way of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import numpy as np

from annotation.agreement.aggregation import Aggregate, Fit, row_shares
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.left_out import by_the_others
from annotation.agreement.populations import Prior
from annotation.agreement.reading import (
    attributed,
    columns,
    diagonal,
    drawn_to_diagonal,
    tally,
)
from annotation.agreement.spam_mixture import SpamMixture, SpamParameters, reliability
from annotation.agreement.squarem import Step, fixed_point

EXACT, MOST_STEPS = 1e-9, 500


@dataclass(frozen=True, eq=False)
class ReadingParameters:
    """As `SpamParameters`, and how annotators read.

    table: (W + P, K, K), what an annotator who looks calls what the others see, by seen and said.
    part: how much of what is said honestly goes by the table; the rest is what the others see.
    """

    theta: Floats
    eps: Floats
    s: float
    m: Floats
    table: Floats
    part: float

    def aggregate(self, answers: Answers) -> Aggregate:
        ordered, order = answers.in_order()
        gamma = self.theta[self._row(ordered.annotator)]
        for _ in range(MOST_STEPS):
            found = self.honesty(ordered, by_the_others(ordered, gamma, (self.s, self.m)))
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
        seen = aggregate.distribution[task]
        read = np.einsum("nc,ncy->ny", seen, self.table[who])
        theta = self.theta[who][:, None]
        honest = (1 - self.part) * seen + self.part * read
        predicted: Floats = theta * honest + (1 - theta) * self.eps[who]
        return predicted

    def honesty(self, answers: Answers, seen: Floats) -> Floats:
        """Return how likely each label is given by looking, (n_labels,).

        `seen` (n_labels, K) is what the others say of the label's task.
        """
        who, said = self._row(answers.annotator), answers.label
        near = (1 - self.part) * seen[np.arange(len(said)), said]
        near += self.part * np.einsum("nc,nc->n", seen, columns(self.table, who, said))
        honest = self.theta[who] * near
        found: Floats = honest / (honest + (1 - self.theta[who]) * self.eps[who, said])
        return found

    def _row(self, annotator: Ints) -> Ints:
        return np.minimum(annotator, len(self.theta) - 1)


@dataclass(frozen=True, eq=False)
class SpamReading:
    """P(y = c) = theta_w q_iw(c) + (1 - theta_w) eps_w(c), q_iw = (1 - part) p_i + part p_i R_w.

    R_w is what w says where the others see k, drawn to the diagonal by `strength` labels a row.
    Who takes one class for another answers by the clip, and keeps the weight the mixture would
    take from them; who answers without looking has an R_w whose rows are all alike, which explains
    no more than eps_w does. It starts where the mixture has come to rest, whose s and m it keeps;
    some ten times its work, K times its memory. Leave it to held-out labels whether it pays.

    >>> rng = np.random.default_rng(0)
    >>> task, annotator = np.arange(300).repeat(5), np.tile(np.arange(5), 300)
    >>> seen = rng.integers(0, 3, 300)
    >>> label = np.where((annotator == 4) & (seen[task] == 1), 2, seen[task])
    >>> answers = Answers(task, annotator, label, 300, 5, 3)
    >>> fits = [aggregator.fit(answers) for aggregator in (SpamMixture(), SpamReading())]
    >>> [float(fit.reliability.value[4].round(2)) for fit in fits]
    [0.52, 1.0]
    """

    name: str = "spam_reading"
    part: float = 0.6
    strength: float = 7.0
    mixture: SpamMixture = field(default_factory=SpamMixture)

    def fit(self, answers: Answers) -> Fit:
        if self.mixture.gold is not None:
            raise ValueError("Gold is heard by the mixture alone.")
        ordered, order = answers.in_order()
        prior = self.mixture.prior_of(ordered)
        start = self.mixture.fit(ordered)
        of = cast("SpamParameters", start.parameters)
        gamma, table = self._converge(ordered, prior, start.weights, (of.s, of.m))
        theta, eps = self.mixture.profiles(ordered, prior, gamma)
        tables = np.concatenate([table, diagonal(len(eps) - len(table), eps.shape[1])])
        parameters = ReadingParameters(theta, eps, of.s, of.m, tables, self.part)
        aggregate = parameters.aggregate(ordered).by_origin(order)
        return Fit(self.name, parameters, aggregate, reliability(ordered, prior, gamma))

    def _converge(
        self, answers: Answers, prior: Prior, gamma: Floats, spread: tuple[float, Floats]
    ) -> tuple[Floats, Floats]:
        """Return the labels' weights and the tables (W, K, K) that agree with each other."""
        n, shape = len(answers), (answers.n_annotators, answers.n_classes, answers.n_classes)

        def step(state: Floats) -> Step:
            weights = np.minimum(state[:n], 1.0)
            table = row_shares(state[n:].reshape(-1, shape[2])).reshape(shape)
            seen = by_the_others(answers, weights, spread)
            meant = attributed(answers, seen, table, weights)
            table = drawn_to_diagonal(tally(answers, meant), self.strength)
            theta, eps = self.mixture.profiles(answers, prior, weights)
            found = ReadingParameters(theta, eps, *spread, table, self.part).honesty(answers, seen)
            moved = -float(np.abs(found - weights).max(initial=0.0))
            return Step(np.concatenate([found, table.ravel()]), weights, moved)

        start = np.concatenate([gamma, diagonal(*shape[:2]).ravel()])
        limits = self.mixture.tolerance, self.mixture.max_iterations
        rest = fixed_point(step, start, tolerance=limits[0], max_steps=limits[1], plain=3).state
        return np.minimum(rest[:n], 1.0), rest[n:].reshape(shape)
