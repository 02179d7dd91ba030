"""Alpha where an answer is a set of labels: several emotions of one clip."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from collections.abc import Set as AbstractSet

import numpy as np

from annotation.agreement.alpha import FixedAlpha, alpha_with
from annotation.agreement.answers import Floats
from annotation.agreement.distances import masi

Labels = AbstractSet[Hashable]
Distance = Callable[[Labels, Labels], float]


def set_alpha(tasks: Sequence[Sequence[Labels]], distance: Distance = masi) -> float:
    """Return alpha of `tasks`, each the sets of labels it was given, one set a rater.

    `distance` is `distances.masi` or `distances.jaccard`; a missing answer is left out, an empty
    set is an answer. Raises ValueError where alpha is undefined: no task with two sets, or the
    same set everywhere.

    Source: Passonneau (2006), "Measuring agreement on set-valued items (MASI) for semantic and
    pragmatic annotation", with Krippendorff's alpha. Three sets of {joy} and one that adds fear
    disagree as much as they would dealt out by chance:

    >>> round(set_alpha([[{"joy"}, {"joy"}], [{"joy"}, {"joy", "fear"}]]), 4)
    0.0
    """
    table, measure = set_counts(tasks, distance)
    return alpha_with(measure, table)


def set_counts(
    tasks: Sequence[Sequence[Labels]], distance: Distance = masi
) -> tuple[Floats, FixedAlpha]:
    """Return how often each different set was given, (n_tasks, S), and what measures them.

    With both, `alpha_interval(table, persons, measure=measure)` is the interval. The S different
    sets stand in the order they first appear.
    """
    counts = [Counter(map(frozenset, given)) for given in tasks]
    known = list(dict.fromkeys(labels for task in counts for labels in task))
    table = np.array([[task[labels] for labels in known] for task in counts], dtype=np.float64)
    apart = np.array([[distance(a, b) for b in known] for a in known], dtype=np.float64)
    size = len(known)
    return table.reshape(len(counts), size), FixedAlpha(apart.reshape(size, size))
