"""What aggregators with one true class a task share: confusion matrices, a tempered posterior."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import Aggregate, row_shares
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.expectation import column_sums, evidence
from annotation.agreement.tempering import fit_rho, sample, tempered


@dataclass(frozen=True, eq=False)
class DawidSkeneParameters:
    """What EM has learnt.

    prior: (K,), how common each true class is.
    confusion: (n_annotators + 1, K, K), P(answer | annotator, true class) by annotator, answer,
        true class; the last one is a newcomer's.
    rho: how much a task's labels repeat each other; each counts as `1 / (1 + (n - 1) rho)`.
    s, m: the Dirichlet prior of the tasks' distributions, for `alphas` alone.
    reading, foresight: how softly the posterior is read, see `mixed.Softness`.
    foretelling: (n_annotators + 1, K, K), the confusions fitted to that; None: `confusion` itself.
    """

    prior: Floats
    confusion: Floats
    rho: float
    s: float
    m: Floats
    reading: float = 1.0
    foresight: float = 1.0
    foretelling: Floats | None = None

    def aggregate(self, answers: Answers) -> Aggregate:
        ordered, order = answers.in_order()
        who = np.minimum(ordered.annotator, len(self.confusion) - 1)
        log_odds = evidence(ordered, who, np.log(self.confusion)) + np.log(self.prior)
        posterior = tempered(log_odds, ordered.labels_per_task, self.rho, self.reading)

        weights = informedness(self.confusion, self.prior)[who]
        counts = ordered.weighted_counts(weights)
        alphas = counts + self.s * self.m
        return Aggregate(posterior, weights, counts.sum(axis=1), alphas).by_origin(order)

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        who = np.minimum(annotator, len(self.confusion) - 1)
        beliefs, confusion = aggregate.distribution, self.confusion
        if self.foretelling is not None:
            # A power of what is read: the same posterior, at the softness that foresees.
            beliefs = row_shares(beliefs ** (self.reading / self.foresight))
            confusion = self.foretelling
        rows = confusion[who] @ beliefs[task][:, :, None]
        return np.asarray(rows[:, :, 0])


LeftOut = Callable[[Answers, Floats], Floats]
"""How likely each label is under each class (n, K), by an annotator who has not given it: from
the labels and the posterior (n, K) of their tasks."""


def finish(
    answers: Answers, posterior: Floats, confusion: Floats, prior: Floats, left_out: LeftOut
) -> tuple[DawidSkeneParameters, Aggregate]:
    """Choose the rest of the parameters once EM is done, and aggregate.

    `answers` are in order; `posterior` (n_tasks, K) is EM's. rho is the one under
    which labels are likeliest that are left out of their task's evidence and of what is known of
    their annotator.
    """
    chosen = sample(answers)
    others = without_own(answers, chosen, confusion, prior)
    likelihood = left_out(chosen, posterior[chosen.task])
    rho = fit_rho(others, answers.labels_per_task[chosen.task] - 1, likelihood)

    weights = informedness(confusion, prior)[answers.annotator]
    s, m = fit_prior(answers.weighted_counts(weights))
    parameters = DawidSkeneParameters(prior, confusion, rho, s, m)
    return parameters, parameters.aggregate(answers)


def without_own(answers: Answers, chosen: Answers, confusion: Floats, prior: Floats) -> Floats:
    """Return the log-odds (n, K) of the `chosen` labels' tasks by all `answers` but the label."""
    logs = np.log(confusion)
    others = (evidence(answers, answers.annotator, logs) + np.log(prior))[chosen.task]
    others -= logs[chosen.annotator, chosen.label]
    return others


def informedness(confusion: Floats, prior: Floats) -> Floats:
    """How far answers depend on the true class: 1 wholly, 0 not at all; shape (W,).

    The mean distance (total variation) of what is answered to each class, the columns of
    `confusion` (W, K, K), from what is answered on the whole, as a share of what it is for
    answers without error. One who always says the same has 0, one who reads two classes the
    other way round does not: weight is lost by not looking, not by dissent.

    >>> right, same = [[0.9, 0.1], [0.1, 0.9]], [[1.0, 1.0], [0.0, 0.0]]
    >>> informedness(np.array([right, same]), np.array([0.5, 0.5])).round(3)
    array([0.8, 0. ])
    """
    on_the_whole = confusion @ prior
    distance = np.abs(confusion - on_the_whole[:, :, None]).sum(axis=1) / 2
    share = distance @ prior / (1 - (prior**2).sum())
    return np.asarray(np.clip(share, 0.0, 1.0))


def with_newcomer(table: Floats) -> Floats:
    """Add to `table` (W, K, K) an annotator of whom nothing is known."""
    return np.concatenate([table, np.zeros((1, *table.shape[1:]))])


def class_prior(posterior: Floats) -> Floats:
    """How common each class is, with one task more of every class; shape (K,)."""
    totals = column_sums(posterior) + 1.0
    prior: Floats = totals / totals.sum()
    return prior
