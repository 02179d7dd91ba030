"""What the others say of a clip: the distribution a label is held against."""

from __future__ import annotations

import numpy as np

from annotation.agreement.answers import Answers, Floats
from annotation.agreement.dirichlet import fit_prior


def by_trusted_others(answers: Answers, trust: Floats) -> Floats:
    """Return what the others say of each label's task, each heard as far as they are trusted.

    `trust` (n_annotators,) is the reliability of a fit. The weights a fit gives to single labels
    are not for this: they fall with dissent, so that the others seem surer than they are and who
    differs from them less attentive. Shape (n_labels, K), as in `by_the_others`.

    >>> answers = Answers([0, 0, 0], [0, 1, 2], [1, 1, 0], n_tasks=1, n_annotators=3, n_classes=2)
    >>> by_trusted_others(answers, np.array([0.9, 0.9, 0.1])).round(2)
    array([[0.15, 0.85],
           [0.15, 0.85],
           [0.07, 0.93]])
    """
    weights = np.asarray(trust)[answers.annotator]
    return by_the_others(answers, weights, fit_prior(answers.weighted_counts(weights)))


def by_the_others(answers: Answers, weights: Floats, spread: tuple[float, Floats]) -> Floats:
    """Return, for each label, its task's distribution by the *other* labels, (n_labels, K).

    `weights` (n_labels,) are what the labels count, `spread` the prior Dir(s m) of the tasks: the
    mean of what is foretold of one more label. Where an annotator has labelled a task twice, the
    other one of them counts as another's. The rows belong to the labels as they are given.

    Source: the cavity distribution of the soft-item spam mixture, for every class.

    >>> answers = Answers([0, 0, 0], [0, 1, 2], [1, 1, 0], n_tasks=1, n_annotators=3, n_classes=2)
    >>> by_the_others(answers, np.ones(3), (1.0, np.array([0.5, 0.5]))).round(2)
    array([[0.5 , 0.5 ],
           [0.5 , 0.5 ],
           [0.17, 0.83]])
    """
    s, m = spread
    counts = answers.weighted_counts(weights) + s * np.asarray(m)
    rows: Floats = counts[answers.task]
    at = np.arange(len(answers)), answers.label
    # A class that nobody else chose must not fall below its prior by rounding.
    rows[at] = np.maximum(rows[at] - weights, (s * np.asarray(m))[answers.label])
    rows /= np.einsum("ij->i", rows)[:, None]
    return rows
