"""What somebody says who looks, but reads clips in a way of their own."""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Answers, Floats, Ints, sums_by
from annotation.agreement.left_out import by_trusted_others

PART = 0.3
STRENGTH = 10.0
ROUNDS = 5
AT_ONCE = 100_000
# How sure it is, before any label, that a class is read as what it is.
ALIKE = 0.9


def by_looking(answers: Answers, trust: Floats, *, part: float = PART) -> Floats:
    """Return what each label's annotator would say of its clip by looking, (n_labels, K).

    `in_their_own_way`, from what the others say as far as they are trusted (n_annotators,), some
    annotators at a time: its tables of (n_labels, K, K) must fit the memory.
    """
    others = by_trusted_others(answers, trust)
    own = np.empty_like(others)
    block = np.cumsum(answers.labels_per_annotator) // AT_ONCE
    for one in np.unique(block):
        kept = np.flatnonzero(block[answers.annotator] == one)
        own[kept] = in_their_own_way(answers.subset(kept), others[kept], part=part)
    return own


def in_their_own_way(
    answers: Answers,
    shares: Floats,
    *,
    part: float = PART,
    strength: float = STRENGTH,
    rounds: int = ROUNDS,
) -> Floats:
    """Return what each label's annotator would say of its clip by looking, shape (n_labels, K).

    `shares` (n_labels, K) is what the others say of the clip (`left_out.by_trusted_others`). A
    `part` of the time an annotator says not what the others see, but what they call it: a row of
    their own table (K, K) of what is said where the others see c, learnt from their other labels
    and drawn to the diagonal by `strength` labels a row. Who takes fear for surprise answers by
    the clip as much as the others do, and is not held to be inattentive for it.

    Source: the confusion rows of Dawid & Skene (1979), for soft tasks, left-one-out.

    >>> task, who = np.arange(30).repeat(4), np.tile(np.arange(4), 30)
    >>> label = np.where(who == 3, 2 * (task % 2), task % 2)
    >>> answers = Answers(task, who, label, 30, 4, 3)
    >>> seen = np.eye(3)[task % 2] * 0.97 + 0.01
    >>> in_their_own_way(answers, seen)[7].round(2)
    array([0.01, 0.8 , 0.18])
    """
    ones = np.ones(len(answers))
    table = diagonal(answers.n_annotators, answers.n_classes)
    counts, meant = table, shares
    for _ in range(rounds):
        meant = attributed(answers, shares, table, ones)
        counts = tally(answers, meant)
        table = drawn_to_diagonal(counts, strength)
    own = without_own(answers, counts, meant, strength)
    found: Floats = (1 - part) * shares + part * np.einsum("nc,ncy->ny", shares, own)
    return found


def attributed(answers: Answers, shares: Floats, table: Floats, weights: Floats) -> Floats:
    """Share out the weight of each label among what may have been seen, (n_labels, K)."""
    meant: Floats = shares * columns(table, answers.annotator, answers.label)
    meant *= (weights / np.einsum("ij->i", meant))[:, None]
    return meant


def columns(table: Floats, who: Ints, said: Ints) -> Floats:
    """Return how likely each answer (n,) is by what may be seen, (n, K)."""
    k = table.shape[-1]
    # By rows in the order of memory: one jump a label instead of K.
    rows = np.ascontiguousarray(table.transpose(0, 2, 1)).reshape(-1, k)
    found: Floats = rows[who * k + said]
    return found


def tally(answers: Answers, meant: Floats) -> Floats:
    """Count who said what where they saw what, (n_annotators, K, K) by annotator, seen, said."""
    w, k = answers.n_annotators, answers.n_classes
    cell = answers.annotator * k + answers.label
    columns = [sums_by(cell, np.ascontiguousarray(column), w * k) for column in meant.T]
    return np.stack([column.reshape(w, k) for column in columns], axis=1)


def drawn_to_diagonal(counts: Floats, strength: float) -> Floats:
    """Return the tables of those counts, with `strength` labels more in every row."""
    prior = strength * diagonal(1, counts.shape[-1])
    found: Floats = (counts + prior) / (counts.sum(axis=2, keepdims=True) + strength)
    return found


def diagonal(n_annotators: int, k: int) -> Floats:
    """The tables (n_annotators, K, K) of annotators of whom nothing is known."""
    return np.tile(np.eye(k) * ALIKE + (1 - ALIKE) / k, (n_annotators, 1, 1))


def without_own(answers: Answers, counts: Floats, meant: Floats, strength: float) -> Floats:
    """Return each label's table as it is without that label, (n_labels, K, K)."""
    n: Ints = np.arange(len(answers))
    rows = counts[answers.annotator]
    rows[n, :, answers.label] = np.maximum(rows[n, :, answers.label] - meant, 0.0)
    return drawn_to_diagonal(rows, strength)
