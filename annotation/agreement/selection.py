"""Which aggregator suits a data set: the one that foresees labels it has not seen."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import Aggregator, Comparable, Fit
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.glad import Glad
from annotation.agreement.mace import Mace
from annotation.agreement.one_coin import OneCoin
from annotation.agreement.ordered import Ordered
from annotation.agreement.spam_by_class import SpamByClass
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.spam_reading import SpamReading
from annotation.agreement.vote_share import Majority, SmoothedShare

ENOUGH_PER_ANNOTATOR = 20
ENOUGH_PER_TASK = 3
# Beyond so many labels, candidates are compared on a tenth of the tasks or on so many labels,
# whichever is more, and on one fold: 20,000 labels tell scores apart that differ by 0.01 nats.
MANY_LABELS, PART = 100_000, 0.1
FOLDS_OF_MANY = 1
FALLBACK = SmoothedShare()
CANDIDATES: tuple[Aggregator, ...] = (Majority(), FALLBACK, DawidSkene(), SpamMixture())
# For those who ask for them by name.
OTHERS: tuple[Aggregator, ...] = (OneCoin(), Mace(), Glad(), SpamByClass(), SpamReading())

# A reading of one's own costs ten times as much as a reliability: it has to foresee more than all
# others by a standard error. A reliability for each class is not offered: it foresees as much by
# taking from those who read a class otherwise the weight of their labels of it.
COSTLY: tuple[Aggregator, ...] = (SpamReading(),)

# Where the categories are ordered: near misses are then likelier than far ones.
FOR_ORDERED: tuple[Aggregator, ...] = (*CANDIDATES, Ordered())


def worth_comparing(n_labels: int, *, ordered: bool = False) -> tuple[Aggregator, ...]:
    """Return the aggregators to choose from: some only for ordered categories, some not for many.

    >>> [one.name for one in worth_comparing(1000, ordered=True)][-2:]
    ['ordered', 'spam_reading']
    """
    offered = FOR_ORDERED if ordered else CANDIDATES
    return offered if n_labels > MANY_LABELS else (*offered, *COSTLY)


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
    Of more than 100,000 labels a part is scored, so that choosing costs little beside fitting.
    """
    if len(answers) < folds:
        return Choice(FALLBACK.fit(answers), "too few labels", {})
    part = _part(answers, seed)
    rounds = folds if part is answers else min(folds, FOLDS_OF_MANY)
    foreseen = {a.name: _foreseen(a, part, folds, rounds, seed) for a in candidates}
    scores = {name: float(each.mean()) for name, each in foreseen.items()}
    if too_few(answers):
        return Choice(FALLBACK.fit(answers), "too few labels", scores)
    best = _best(candidates, foreseen)
    return Choice(best.fit(answers), "held-out likelihood", scores)


def _best(candidates: Sequence[Aggregator], foreseen: Mapping[str, Floats]) -> Aggregator:
    costly = {one.name for one in COSTLY}
    usual = [one for one in candidates if one.name not in costly] or list(candidates)

    def score(one: Aggregator) -> float:
        return float(foreseen[one.name].mean())

    best, first = max(usual, key=score), max(candidates, key=score)
    gain = foreseen[first.name] - foreseen[best.name]
    return first if gain.mean() > gain.std() / np.sqrt(len(gain)) else best


def held_out_score(
    aggregator: Comparable,
    answers: Answers,
    *,
    folds: int = 5,
    rounds: int | None = None,
    seed: int = 0,
) -> float:
    """Return the mean log-likelihood, in nats a label, of labels kept from the fit.

    The labels are dealt into `folds`; each fold is foretold, for its own tasks and annotators,
    by a fit to the others; the first `rounds` of them, or all. The deal depends on the labels
    and `seed`, not on their order.
    """
    rounds = folds if rounds is None else rounds
    return float(_foreseen(aggregator, answers, folds, rounds, seed).mean())


def _foreseen(
    aggregator: Comparable, answers: Answers, folds: int, rounds: int, seed: int
) -> Floats:
    """Return the log-likelihood of each label that was kept from the fit, fold by fold."""
    ordered, _ = answers.in_order()
    fold = np.random.default_rng(seed).permutation(len(ordered)) % folds
    each = []
    for k in range(rounds):
        fit = aggregator.fit(ordered.subset(fold != k))
        held_out = ordered.subset(fold == k)
        predicted = fit.predict(held_out.task, held_out.annotator)
        each.append(np.log(predicted[np.arange(len(held_out)), held_out.label]))
    return np.concatenate(each)


def _part(answers: Answers, seed: int) -> Answers:
    """Return the labels of a random part of the tasks, numbered anew, where there are many."""
    wanted = max(MANY_LABELS, PART * len(answers))
    if len(answers) <= wanted:
        return answers
    n_tasks = round(answers.n_tasks * wanted / len(answers))
    tasks = np.random.default_rng(seed).permutation(answers.n_tasks)[:n_tasks]
    number = np.full(answers.n_tasks, -1)
    number[np.sort(tasks)] = np.arange(n_tasks)
    kept = number[answers.task] >= 0
    task, annotator = number[answers.task[kept]], answers.annotator[kept]
    n_annotators, k = answers.n_annotators, answers.n_classes
    return Answers(task, annotator, answers.label[kept], n_tasks, n_annotators, k)


def too_few(answers: Answers) -> bool:
    """Whether there are fewer than 20 labels an annotator (median), or 3 a task (mean)."""
    per_annotator = answers.labels_per_annotator
    per_task = answers.labels_per_task
    return bool(
        np.median(per_annotator[per_annotator > 0]) < ENOUGH_PER_ANNOTATOR
        or per_task[per_task > 0].mean() < ENOUGH_PER_TASK
    )
