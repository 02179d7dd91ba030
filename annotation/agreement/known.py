"""Labels of tasks whose distribution is known beforehand, heard beside all others."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from annotation.agreement.aggregation import Fit
from annotation.agreement.answers import Answers, Floats
from annotation.agreement.spam_mixture import SpamMixture


@dataclass(frozen=True, eq=False)
class Known:
    """Answers to tasks of known `distribution` (n_tasks, K), with the annotators of the others.

    The tasks are numbered for themselves, the annotators and classes as in the other answers.
    """

    answers: Answers
    distribution: Floats


def fit_with_known(aggregator: SpamMixture, answers: Answers, known: Known) -> Fit:
    """Fit the mixture to both, where `p_i` of a known task stands; return it of `answers` alone.

    What an annotator says of known tasks tells of their honesty like any other label, or better:
    it hangs on nobody else's. Known tasks are chosen ones, and so say nothing of what tasks are
    like in general.

    >>> task, annotator = np.arange(6).repeat(2), np.tile(np.arange(2), 6)
    >>> answers = Answers(task, annotator, np.tile([0, 1], 6), 6, 2, 2)
    >>> test = Answers(np.arange(9), np.zeros(9, dtype=int), np.arange(9) % 2, 9, 2, 2)
    >>> known = Known(test, np.eye(2)[np.arange(9) % 2])
    >>> alone, beside = SpamMixture().fit(answers), fit_with_known(SpamMixture(), answers, known)
    >>> bool(beside.reliability.value[0] > alone.reliability.value[0])
    True
    """
    both = Answers(
        np.concatenate([answers.task, answers.n_tasks + known.answers.task]),
        np.concatenate([answers.annotator, known.answers.annotator]),
        np.concatenate([answers.label, known.answers.label]),
        answers.n_tasks + known.answers.n_tasks,
        answers.n_annotators,
        answers.n_classes,
    )
    unknown = np.full((answers.n_tasks, answers.n_classes), np.nan)
    gold = np.concatenate([unknown, known.distribution])
    fitted = replace(aggregator, gold=gold).fit(both)
    return replace(fitted, aggregate=fitted.parameters.aggregate(answers))
