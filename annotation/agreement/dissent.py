"""Whether groups of raters who read clips otherwise are still heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.stats import t as student

from annotation.agreement.aggregation import Aggregator, Fit
from annotation.agreement.answers import Answers, Floats, Ints, sums_by

FAIR = 0.8
ENOUGH_RATERS, ENOUGH_LABELS = 5, 300
LEVEL = 0.95
NO_GROUP = -1


class Publish(StrEnum):
    """How the distributions of a campaign should be given out, as far as one group tells."""

    TOGETHER = "together"
    BY_GROUP = "by group"
    TOO_FEW = "too few"


@dataclass(frozen=True, eq=False)
class Groups:
    """What the labels of each group weigh, each (n_groups,); NaN where a group has no labels.

    weight: the mean weight of its labels, with its interval over raters in `low` and `high`.
    ratio: to the largest group's mean weight, with its interval in `ratio_low`, `ratio_high`.
    """

    raters: Ints
    labels: Ints
    weight: Floats
    low: Floats
    high: Floats
    ratio: Floats
    ratio_low: Floats
    ratio_high: Floats

    def verdicts(
        self, fair: float = FAIR, raters: int = ENOUGH_RATERS, labels: int = ENOUGH_LABELS
    ) -> list[Publish]:
        """Return what each group says: by group where one of enough raters weighs too little."""
        enough = (self.raters >= raters) & (self.labels >= labels)
        unheard = self.ratio < fair
        found = np.select([~enough, unheard], [Publish.TOO_FEW, Publish.BY_GROUP], Publish.TOGETHER)
        return [Publish(one) for one in found]


def by_group(answers: Answers, weights: Floats, group: Ints, n_groups: int) -> Groups:
    """Return the mean weight of each group's labels, beside that of the largest group.

    `weights` (n_labels,) are those of a fit; `group` (n_annotators,) is what raters say of
    themselves, -1 where they say nothing. Labels of one rater share their fate, so the intervals
    are over raters (the variance of a ratio of sums over clusters, Student's t); with one rater
    there is none. The largest group is the one with the most labels, and its ratio is 1.

    Source: Cochran (1977), "Sampling techniques", 6.3 and 9A; the ratio by the delta method on
    logarithms.

    >>> answers = Answers([0] * 6, range(6), [0] * 6, n_tasks=1, n_annotators=6, n_classes=2)
    >>> weights = np.array([0.9, 0.8, 0.9, 0.8, 0.6, 0.5])
    >>> found = by_group(answers, weights, np.array([0, 0, 0, 0, 1, 1]), 2)
    >>> found.weight.round(2), found.ratio.round(2)
    (array([0.85, 0.55]), array([1.  , 0.65]))
    """
    n = answers.labels_per_annotator.astype(np.float64)
    heard = sums_by(answers.annotator, weights, answers.n_annotators)
    told = (np.asarray(group) >= 0) & (n > 0)
    of, n, heard = np.asarray(group)[told], n[told], heard[told]
    raters, labels = np.bincount(of, minlength=n_groups), sums_by(of, n, n_groups)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = sums_by(of, heard, n_groups) / labels
        off = sums_by(of, (heard - mean[of] * n) ** 2, n_groups)
        half = _times(raters) * np.sqrt(off * raters / (raters - 1)) / labels
        first = int(np.argmax(labels))
        ratio = mean / mean[first]
        wide = np.exp(np.sqrt((half / mean) ** 2 + (half[first] / mean[first]) ** 2))
    wide[first] = 1.0
    whole = labels.astype(np.int64)
    return Groups(raters, whole, mean, mean - half, mean + half, ratio, ratio / wide, ratio * wide)


def _times(raters: Ints) -> Floats:
    """How many standard errors the interval reaches: none without a second rater."""
    quantile = student.ppf((1 + LEVEL) / 2, np.maximum(raters - 1, 1))
    found: Floats = np.where(raters > 1, quantile, np.nan)
    return found


def apart(answers: Answers, group: Ints, n_groups: int, aggregator: Aggregator) -> list[Fit]:
    """Fit the labels of each group for itself: what is published by group.

    The fits keep the numbering of `answers`; their labels are those of the group, in order.

    >>> from annotation.agreement.vote_share import SmoothedShare
    >>> answers = Answers([0, 0], [0, 1], [0, 1], n_tasks=1, n_annotators=2, n_classes=2)
    >>> fits = apart(answers, np.array([0, 1]), 2, SmoothedShare())
    >>> [fit.distribution.round(2).tolist() for fit in fits]
    [[[0.88, 0.12]], [[0.12, 0.88]]]
    """
    of = np.asarray(group)[answers.annotator]
    return [aggregator.fit(answers.subset(of == one)) for one in range(n_groups)]
