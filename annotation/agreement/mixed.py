"""Whether a task has one class that annotators err about, or is itself a mixture of classes.

Both make labels differ, and Dawid and Skene's model knows the first alone: where tasks are mixed
its confusions swallow the mixture, and its posterior is certain of one class. Labels left out can
tell: where tasks are mixed, a softer posterior foresees them better, once the confusions are fitted
to it. Then, and only then, the posterior is read as a distribution of labels.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
from scipy.optimize import minimize_scalar

from annotation.agreement.answers import Answers, Floats, sums_by
from annotation.agreement.confusions import DawidSkeneParameters, informedness, without_own
from annotation.agreement.tempering import ENOUGH_LABELS, softmax

SOFTER, SOFTEST = 1.5, 20.0
STANDARD_ERRORS = 2.0
STEPS = 8
ABOUT, EXACT = 0.05, 1e-4


@dataclass(frozen=True, eq=False)
class Evidence:
    """What labels say of a fit that has not seen them.

    answers: n labels.
    others: (n, K), the log-odds of each label's task without the label.
    weights: (n,), how informed each label is.
    """

    answers: Answers
    others: Floats
    weights: Floats

    def beliefs(self, softness: float) -> Floats:
        return softmax(self.others / softness)

    def of_labels(self, table: Floats) -> Floats:
        """Return the entries (n, K) of `table` (W, K, K) for the labels' annotators and answers."""
        return np.asarray(table[self.answers.annotator, self.answers.label])


@dataclass(frozen=True, eq=False)
class Softness:
    """What log-odds are divided by; both 1 where every task has one class.

    reading: to be a distribution of labels.
    foresight: to foretell a label, by confusions fitted to that.
    """

    reading: float = 1.0
    foresight: float = 1.0


def fit_softness(evidence: Evidence, confusion: Floats, pseudo: Floats) -> Softness:
    """Return how softly to read the posterior that EM has come to.

    `confusion` (W, K, K) and the pseudo-labels `pseudo` (K, K) are those of EM. Tasks are taken as
    mixed where a posterior half as soft again foresees more, by two standard errors: less may be
    no more than the over-confidence of confusions known from few labels. The reading is then that
    under which labels are likeliest as draws from their tasks, each as far as its annotator is
    informed: labels that do not hang on the clip do not say how mixed it is.
    """

    def foreseen(softness: float) -> Floats:
        beliefs = evidence.beliefs(softness)
        return _foreseen(evidence, beliefs, refitted(evidence, beliefs, confusion, pseudo))

    gain = foreseen(SOFTER) - foreseen(1.0)
    if not gain.sum() > STANDARD_ERRORS * np.sqrt(len(gain)) * gain.std():
        return Softness()
    foresight = _likeliest(lambda softness: float(foreseen(softness).sum()), ABOUT)
    each = np.arange(len(evidence.answers)), evidence.answers.label

    def drawn(softness: float) -> float:
        return float(evidence.weights @ np.log(evidence.beliefs(softness)[each]))

    return Softness(max(_likeliest(drawn, EXACT), foresight), foresight)


def refitted(evidence: Evidence, beliefs: Floats, confusion: Floats, pseudo: Floats) -> Floats:
    """Return answers expected (W, K, K), with `pseudo`, where tasks are what `beliefs` (n, K) say.

    By annotator, answer and class; some steps of EM from `confusion`, beliefs held.
    """
    answers, k = evidence.answers, len(pseudo)
    w = len(confusion)
    cell = answers.annotator * k + answers.label
    for _ in range(STEPS):
        share = _shares(evidence, beliefs, confusion)
        sums = [sums_by(cell, column, w * k) for column in share.T]
        table = np.stack(sums, axis=1).reshape(w, k, k) + pseudo
        confusion = table / table.sum(axis=1, keepdims=True)
    return table


def _shares(evidence: Evidence, beliefs: Floats, confusion: Floats) -> Floats:
    """Return of which class each label was probably an answer to, (n, K)."""
    share = beliefs * evidence.of_labels(confusion)
    share /= np.einsum("ij->i", share)[:, None]
    return share


def _foreseen(evidence: Evidence, beliefs: Floats, table: Floats) -> Floats:
    """Return the log-probability of each label (n,), taken out of what is known of its giver."""
    totals = table.sum(axis=1)
    own = _shares(evidence, beliefs, table / totals[:, None])
    likelihood = evidence.of_labels(table) - own
    likelihood /= totals[evidence.answers.annotator] - own
    foreseen: Floats = np.log(np.einsum("ij,ij->i", beliefs, likelihood))
    return foreseen


def _likeliest(score: Callable[[float], float], tolerance: float) -> float:
    """Return the softness from 1 to 20 with the highest `score`."""
    found = minimize_scalar(
        lambda log_softness: -score(float(np.exp(log_softness))),
        bounds=(0.0, np.log(SOFTEST)),
        method="bounded",
        options={"xatol": tolerance},
    )
    return float(np.exp(cast("float", found.x)))


def soften(answers: Answers, found: DawidSkeneParameters, pseudo: Floats) -> DawidSkeneParameters:
    """Return `found` as softly read as `answers`, which are in order, show tasks to be mixed."""
    chosen = of_some_annotators(answers)
    if not len(chosen):
        return found
    softness = fit_softness(_evidence(answers, chosen, found), found.confusion, pseudo)
    if softness.reading == 1:
        return found
    everything = _evidence(answers, answers, found)
    beliefs = everything.beliefs(softness.foresight)
    table = refitted(everything, beliefs, found.confusion, pseudo)
    foretelling = table / table.sum(axis=1, keepdims=True)
    reading, foresight = softness.reading, softness.foresight
    return replace(found, reading=reading, foresight=foresight, foretelling=foretelling)


def of_some_annotators(answers: Answers) -> Answers:
    """Return all labels of so many annotators, in random order, as have 25,000 between them.

    Confusions are fitted to each annotator alone: part of everybody's labels would leave little of
    each, and what is then unsure about the confusions looks as if tasks were mixed.
    """
    n = answers.labels_per_annotator
    order = np.random.default_rng(0).permutation(len(n))
    before = np.cumsum(n[order]) - n[order]
    heard = np.zeros(len(n), dtype=bool)
    heard[order[before < ENOUGH_LABELS]] = True
    return answers if heard.all() else answers.subset(heard[answers.annotator])


def _evidence(answers: Answers, chosen: Answers, found: DawidSkeneParameters) -> Evidence:
    others = without_own(answers, chosen, found.confusion, found.prior)
    n_others = np.maximum(answers.labels_per_task[chosen.task] - 2, 0)
    others /= (1 + n_others * found.rho)[:, None]
    weights = informedness(found.confusion, found.prior)[chosen.annotator]
    return Evidence(chosen, others, weights)
