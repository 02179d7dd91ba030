"""Answers that are sets: each class is there or not, and annotators are as good at all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit, logit

from annotation.agreement.aggregation import Reliability
from annotation.agreement.answers import Bools, Floats, Ints
from annotation.agreement.tempering import fit_rho

FOUND, MISSED = 4.0, 1.0
TOLERANCE, MOST_STEPS = 1e-6, 300


@dataclass(frozen=True, eq=False)
class Sets:
    """Answers (n,) of annotators to tasks, numbered from 0; chosen (n, L), True for each class."""

    task: Ints
    annotator: Ints
    chosen: Bools
    n_tasks: int
    n_annotators: int

    def in_order(self) -> Sets:
        """Return them by task, annotator and set: sums of floats depend on their order."""
        order = np.lexsort((*self.chosen.T, self.annotator, self.task))
        parts = self.task[order], self.annotator[order], self.chosen[order]
        return Sets(*parts, self.n_tasks, self.n_annotators)

    def by_task(self, values: Floats) -> Floats:
        """Sum `values` (n, L) by task, (n_tasks, L)."""
        columns = [np.bincount(self.task, column, self.n_tasks) for column in values.T]
        return np.stack(columns, axis=1).astype(np.float64)

    def by_annotator(self, values: Floats) -> Floats:
        """Sum `values` (n, L) by annotator, over classes, (n_annotators,)."""
        sums = np.bincount(self.annotator, values.sum(axis=1), self.n_annotators)
        return sums.astype(np.float64)


@dataclass(frozen=True, eq=False)
class SetFit:
    """presence: (n_tasks, L), the probability that each class is there; rows need not sum to 1.

    sensitivity, specificity: (n_annotators,), of choosing what is there, of leaving what is not.
    base: (L,), how common each class is. rho: as of Dawid and Skene.
    """

    presence: Floats
    sensitivity: Floats
    specificity: Floats
    base: Floats
    rho: float
    reliability: Reliability

    def predict(self, task: Ints, annotator: Ints) -> Floats:
        """Return how likely `annotator` chooses each class of `task`, both (n,): (n, L)."""
        there = self.presence[task]
        found, false = self.sensitivity[annotator], 1 - self.specificity[annotator]
        chosen: Floats = there * found[:, None] + (1 - there) * false[:, None]
        return chosen


def fit_sets(sets: Sets) -> SetFit:
    """Return what is there, by EM from the vote share; each class on its own, annotators shared.

    Sensitivity and specificity of an annotator hold for all classes, so that rare classes gain
    from what is known of the annotator on common ones. The posterior is tempered after EM.

    Source: Dawid & Skene (1979) with two classes per label, as binary relevance in Duan et al.
    (2014), "Separate or joint? Estimation of multiple labels from crowdsourced annotations".

    >>> task, who = np.arange(30).repeat(3), np.tile(np.arange(3), 30)
    >>> chosen = np.stack([task % 2 == 0, task % 3 == 0], axis=1)
    >>> chosen[who == 2] = True
    >>> fit = fit_sets(Sets(task, who, chosen, 30, 3))
    >>> fit.presence[1].round() == [0, 0], bool(fit.specificity[2] < 0.2)
    (array([ True,  True]), True)
    """
    sets = sets.in_order()
    said = sets.chosen.astype(np.float64)
    n = np.bincount(sets.task, minlength=sets.n_tasks)
    there = (sets.by_task(said) + 0.5) / (n[:, None] + 1.0)
    for _ in range(MOST_STEPS):
        found, left = _rates(sets, said, there)
        base = (there.sum(axis=0) + 1) / (sets.n_tasks + 2)
        own = _evidence(sets, found, left)
        odds = sets.by_task(own) + logit(base)
        before, there = there, expit(odds)
        if np.abs(there - before).max(initial=0.0) < TOLERANCE:
            break
    rho = _rho(sets, odds, own, (found, left))
    presence = expit(odds / (1 + np.maximum(n - 1, 0) * rho)[:, None])
    return SetFit(presence, found, left, base, rho, _reliability(sets, said, there))


def _rates(sets: Sets, said: Floats, there: Floats) -> tuple[Floats, Floats]:
    true = there[sets.task]
    prior = FOUND + MISSED
    found = (sets.by_annotator(said * true) + FOUND) / (sets.by_annotator(true) + prior)
    left = sets.by_annotator((1 - said) * (1 - true)) + FOUND
    return found, left / (sets.by_annotator(1 - true) + prior)


def _evidence(sets: Sets, found: Floats, left: Floats) -> Floats:
    """Return what each answer adds to the log-odds of each class, (n, L)."""
    yes, no = np.log(found / (1 - left)), np.log((1 - found) / left)
    who = sets.annotator
    return np.where(sets.chosen, yes[who][:, None], no[who][:, None])


def _rho(sets: Sets, odds: Floats, own: Floats, rates: tuple[Floats, Floats]) -> float:
    found, left = (rate[sets.annotator][:, None] for rate in rates)
    others = (odds[sets.task] - own).ravel()
    if_there = np.where(sets.chosen, found, 1 - found).ravel()
    if_not = np.where(sets.chosen, 1 - left, left).ravel()
    n_others = np.bincount(sets.task, minlength=sets.n_tasks)[sets.task] - 1
    pair = np.stack([others, np.zeros_like(others)], axis=1)
    likelihood = np.stack([if_there, if_not], axis=1)
    return fit_rho(pair, n_others.repeat(sets.chosen.shape[1]), likelihood)


def _reliability(sets: Sets, said: Floats, there: Floats) -> Reliability:
    """The share of classes rightly chosen or left."""
    true = there[sets.task]
    right = sets.by_annotator(said * true + (1 - said) * (1 - true))
    wrong = sets.by_annotator(np.ones_like(said)) - right
    return Reliability.of_beta(right + FOUND, np.maximum(wrong, 0.0) + MISSED)
