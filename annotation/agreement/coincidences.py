"""Which classes the same task is given, beyond what their shares alone would bring together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from annotation.agreement.answers import Floats

FEWEST_EXPECTED = 1.0


@dataclass(frozen=True, eq=False)
class Coincidences:
    """Pairs of labels on the same task, each (K, K), symmetric.

    observed: pairs there are, each task counting as many as it has labels.
    expected: pairs there would be if labels were dealt to tasks by chance.
    ratio: observed over expected; NaN where less than `FEWEST_EXPECTED` is expected.
    """

    observed: Floats
    expected: Floats
    ratio: Floats


def coincidences(counts: ArrayLike) -> Coincidences:
    """Return the coincidences of labels per task and class, shape (n_tasks, K).

    Tasks with fewer than two labels hold no pair and are left out. Source: Krippendorff (2011),
    "Computing Krippendorff's Alpha-Reliability", section C: `o_ck`, and by chance `e_ck =
    n_c n_k / (n - 1)`, on the diagonal `n_c (n_c - 1) / (n - 1)`. Alpha is one less the ratio of
    their sums off the diagonal. Its twelve units:

    >>> units = "111 2232 3333 3333 2222 1234 4444 1121 2222 555 11 3".split()
    >>> found = coincidences([[unit.count(c) for c in "12345"] for unit in units])
    >>> found.observed.round(2).tolist()[1]
    [1.33, 10.0, 1.33, 0.33, 0.0]
    >>> off = ~np.eye(5, dtype=bool)
    >>> round(float(1 - found.observed[off].sum() / found.expected[off].sum()), 3)
    0.743
    """
    table = np.asarray(counts, dtype=float)
    table = table[table.sum(axis=1) > 1]
    per_label = table / np.maximum(table.sum(axis=1, keepdims=True) - 1, 1)
    observed = table.T @ per_label - np.diag(per_label.sum(axis=0))
    totals = observed.sum(axis=1)
    n = max(float(totals.sum()), 2.0)
    expected = (np.outer(totals, totals) - np.diag(totals)) / (n - 1)
    enough = expected >= FEWEST_EXPECTED
    ratio = np.full_like(expected, np.nan)
    np.divide(observed, expected, out=ratio, where=enough)
    return Coincidences(observed, expected, ratio)
