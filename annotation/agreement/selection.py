"""Which aggregator suits a data set: the one that foresees labels it has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import Aggregator, Comparable, Fit
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.glad import Glad
from annotation.agreement.mace import Mace
from annotation.agreement.one_coin import OneCoin
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.vote_share import Majority, SmoothedShare

ENOUGH_PER_ANNOTATOR = 20
ENOUGH_PER_TASK = 3
FALLBACK = SmoothedShare()
CANDIDATES: tuple[Aggregator, ...] = (Majority(), FALLBACK, DawidSkene(), SpamMixture())
# For those who ask for them by name: on recorded answers they never foresee the most.
OTHERS: tuple[Aggregator, ...] = (OneCoin(), Mace(), Glad())


@dataclass(frozen=True, eq=False)
class Choice:
    """The chosen fit, why it was chosen, and every candidate's held-out score."""

    fit: Fit
    reason: str
    scores: dict[str, float]


def choose(
    answers: Answers,
    candidates: Sequence[Aggregator] = CANDIDATES,
    *,
    folds: int = 5,
    seed: int = 0,
) -> Choice:
    """Fit the candidate under which held-out labels are likeliest; the first of equals.

    With fewer than 20 labels an annotator (median) or 3 a task (mean) too little is known of
    the annotators to tell: then it is the smoothed share. Without labels there are no scores.
    """
    if len(answers) < folds:
        return Choice(FALLBACK.fit(answers), "too few labels", {})
    scores = {a.name: held_out_score(a, answers, folds=folds, seed=seed) for a in candidates}
    if _too_few(answers):
        return Choice(FALLBACK.fit(answers), "too few labels", scores)
    best = max(candidates, key=lambda a: scores[a.name])
    return Choice(best.fit(answers), "held-out likelihood", scores)


def held_out_score(
    aggregator: Comparable, answers: Answers, *, folds: int = 5, seed: int = 0
) -> float:
    """Return the mean log-likelihood, in nats a label, of labels kept from the fit.

    The labels are dealt into `folds`; each fold is foretold, for its own tasks and annotators,
    by a fit to the others. The deal depends on the labels and `seed`, not on their order.
    """
    ordered, _ = answers.in_order()
    fold = np.random.default_rng(seed).permutation(len(ordered)) % folds
    total = 0.0
    for k in range(folds):
        fit = aggregator.fit(ordered.subset(fold != k))
        held_out = ordered.subset(fold == k)
        predicted = fit.predict(held_out.task, held_out.annotator)
        total += log_likelihood(predicted, held_out.label)
    return total / len(ordered)


def log_likelihood(predicted: Floats, label: Ints) -> float:
    """Return the summed log-probability of `label` (n,) under `predicted` (n, K)."""
    return float(np.log(predicted[np.arange(len(label)), label]).sum())


def _too_few(answers: Answers) -> bool:
    per_annotator = answers.labels_per_annotator
    per_task = answers.labels_per_task
    return bool(
        np.median(per_annotator[per_annotator > 0]) < ENOUGH_PER_ANNOTATOR
        or per_task[per_task > 0].mean() < ENOUGH_PER_TASK
    )
