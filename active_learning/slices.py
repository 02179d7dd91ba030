"""How good a learner is on parts of the clips; no figure where a part is too small to tell."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import xlogy

from active_learning import evaluation
from active_learning.evaluation import Array, Groups
from active_learning.figures import figure
from active_learning.slice_limits import LEAST_CLIPS, LEAST_PERSONS

# Traits with more values tell clips apart rather than groups of them.
MOST_VALUES = 12
AMBIGUITY, CLEAR, AMBIGUOUS = "ambiguity", "clear", "ambiguous"
METRICS = ("accuracy", "log_loss", "calibration_error")

Rows = npt.NDArray[np.bool_]


def slices(
    predicted: Array, soft: Array, persons: Groups, traits: Sequence[dict[str, str]], *, seed: int
) -> list[dict[str, Any]]:
    """Return the figures of each part: by each trait, and clear against ambiguous.

    Args:
        predicted: (n, K), of clips picked by chance, by a learner that saw none of the persons.
        soft: (n, K) the consensus on them.
        persons: (n,).
        traits: (n,) what each clip can be grouped by.
        seed: of the bootstrap.

    Returns:
        Of each part `by`, `name`, `n`, `n_persons`, the METRICS as figures, and `too_few`: under
        30 clips or 5 persons there is no figure, since it would tell of those persons alone.
    """
    return [
        {"by": by, "name": name, **_part(predicted[rows], soft[rows], persons[rows], seed)}
        for by, name, rows in _parts(soft, traits)
    ]


def _parts(soft: Array, traits: Sequence[dict[str, str]]) -> Iterator[tuple[str, str, Rows]]:
    for by in sorted({name for row in traits for name in row}):
        values = np.array([row.get(by, "") for row in traits], dtype=np.str_)
        counted = Counter(value for value in values.tolist() if value)
        if 1 < len(counted) <= MOST_VALUES:
            yield from ((by, name, values == name) for name in sorted(counted))
    is_clear = entropy(soft) <= np.log(soft.shape[1]) / 2
    if is_clear.any() and not is_clear.all():
        yield AMBIGUITY, CLEAR, is_clear
        yield AMBIGUITY, AMBIGUOUS, ~is_clear


def _part(predicted: Array, soft: Array, persons: Groups, seed: int) -> dict[str, Any]:
    n, n_persons = len(soft), len(np.unique(persons))
    part: dict[str, Any] = {"n": n, "n_persons": n_persons}
    if n < LEAST_CLIPS or n_persons < LEAST_PERSONS:
        return part | {metric: figure(None, n) for metric in METRICS} | {"too_few": True}
    point = evaluation.learning_curve_point(predicted, soft, persons, seed=seed)
    return part | {metric: figure(point[metric], n) for metric in METRICS} | {"too_few": False}


def entropy(soft: Array) -> Array:
    """Return the entropy (n,) of distributions (n, K), in nats.

    >>> entropy(np.array([[1.0, 0.0], [0.5, 0.5]])).round(3).tolist()
    [0.0, 0.693]
    """
    nats: Array = np.abs(xlogy(soft, soft).sum(axis=1))
    return nats
