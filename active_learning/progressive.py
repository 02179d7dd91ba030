"""What a round foretold of clips that nobody had labelled, held against their labels since; pure.

Prequential evaluation (Dawid 1984): no prediction can lean on a label that came after it.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from active_learning import evaluation
from active_learning.evaluation import Array
from active_learning.figures import figure
from active_learning.slice_limits import LEAST_CLIPS, LEAST_PERSONS
from active_learning.snapshots import Example
from active_learning.strategies import lure_weights

POOL_FIGURES = ("accuracy", "log_loss")


def foretold(
    examples: Sequence[Example], said: Mapping[int, Array], *, seed: int
) -> dict[str, Any]:
    """Return every mean metric on clips that chance picked after the prediction; {} if too few.

    Args:
        examples: all labelled clips.
        said: the last prediction (K,) of each task from before it had labels.
        seed: of the bootstrap.
    """
    rows = [row for row in examples if row.uniform and row.task in said]
    if not _tell(rows):
        return {}
    return _figures(rows, said, evaluation.METRICS, np.ones(len(rows)), seed)


def pool_mean(
    examples: Sequence[Example],
    said: Mapping[int, Array],
    batch: Mapping[str, Any],
    n_apart: int,
    *,
    seed: int,
) -> dict[str, Any]:
    """Return accuracy and log-loss over the pool from clips the learner chose; {} if too few.

    The informative picks that were labelled are one sequence without replacement, from the pool
    less those that chance took before: R_LURE of Farquhar, Gal & Rainforth 2021. Picks that were
    skipped over in it are taken for never drawn, which is near enough where they are few.

    Args:
        examples: all labelled clips.
        said: see `foretold`.
        batch: tasks, reasons and probabilities of the last round's new picks in the order of the
            draw, and `drawn_from`, how many new clips there were.
        n_apart: how many of those no choice could take, since they show people held out.
        seed: of the bootstrap.
    """
    labelled = {row.task: row for row in examples if row.task in said}
    drawn = zip(batch["tasks"], batch.get("reasons", ()), batch["probabilities"], strict=False)
    picks = [
        (labelled[task], probability)
        for task, reason, probability in drawn
        if reason == "informative" and task in labelled
    ]
    if not _tell([row for row, _ in picks]):
        return {}
    probabilities = np.array([probability for _, probability in picks], dtype=np.float64)
    weights = lure_weights(probabilities, max(choosable(batch, n_apart), len(picks)))
    return _figures([row for row, _ in picks], said, POOL_FIGURES, weights, seed)


def choosable(batch: Mapping[str, Any], n_apart: int) -> int:
    """Return how many new clips a choice could take once the audit was drawn, in expectation."""
    whole = int(batch["drawn_from"])
    audits = list(batch.get("reasons", ())).count("audit")
    return round((whole - n_apart) * (1 - audits / whole)) if whole else 0


def _tell(rows: Sequence[Example]) -> bool:
    """Return whether there are enough clips, of enough people, for a figure."""
    return len(rows) >= LEAST_CLIPS and len({row.person for row in rows}) >= LEAST_PERSONS


def _figures(
    rows: Sequence[Example],
    said: Mapping[int, Array],
    metrics: Iterable[str],
    weights: Array,
    seed: int,
) -> dict[str, Any]:
    predicted = np.array([said[row.task] for row in rows], dtype=np.float64)
    soft = np.array([row.distribution for row in rows], dtype=np.float64)
    persons = np.array([row.person for row in rows], dtype=np.int64)
    found = {}
    for name in metrics:
        losses = evaluation.METRICS[name](predicted, soft)
        estimate = evaluation.weighted_risk(losses, weights, persons, seed=seed)
        found[name] = figure(estimate, len(rows))
    return found
