"""crowd-kit's aggregators behind our interface, so that all are measured in one way."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from crowdkit import aggregation

from annotation.agreement.aggregation import row_shares
from annotation.agreement.answers import Answers, Floats, Ints

CHANCE = 0.01


@dataclass(frozen=True, eq=False)
class PeerFit:
    """What crowd-kit found; `confusion` (n_annotators, K, K) by answer and true class, or None."""

    distribution: Floats
    confusion: Floats | None

    def predict(self, task: Ints, annotator: Ints) -> Floats:
        """As Dawid-Skene predicts, or by the share alone; a zero is made possible by chance."""
        predicted = self.distribution[task]
        if self.confusion is not None:
            predicted = (self.confusion[annotator] @ predicted[:, :, None])[:, :, 0]
        possible: Floats = (1 - CHANCE) * predicted + CHANCE / predicted.shape[1]
        return possible


@dataclass(frozen=True)
class Peer:
    """An aggregator of crowd-kit; `foretells` says whether it predicts single labels."""

    model: type[Any]
    foretells: bool

    @property
    def name(self) -> str:
        return f"crowd-kit {self.model.__name__}"

    def fit(self, answers: Answers) -> PeerFit:
        columns = {"task": answers.task, "worker": answers.annotator, "label": answers.label}
        model = self.model()
        with warnings.catch_warnings():
            # What pandas will one day no longer do is for crowd-kit to mend.
            warnings.simplefilter("ignore", DeprecationWarning)
            table = model.fit_predict_proba(pd.DataFrame(columns))
        every = {"index": range(answers.n_tasks), "columns": range(answers.n_classes)}
        shares = table.reindex(**every).fillna(0.0).to_numpy(dtype=np.float64, copy=True)
        shares[shares.sum(axis=1) == 0] = 1.0
        errors = getattr(model, "errors_", None)
        confusion = None if errors is None else _confusion(errors, answers)
        return PeerFit(row_shares(shares), confusion)


def ten_iterations(answers: Answers) -> Floats:
    """crowd-kit's Dawid-Skene after ten iterations, however little the last one changed."""
    columns = {"task": answers.task, "worker": answers.annotator, "label": answers.label}
    model = aggregation.DawidSkene(n_iter=10, tol=-np.inf)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        table = model.fit_predict_proba(pd.DataFrame(columns))
    every = {"index": range(answers.n_tasks), "columns": range(answers.n_classes)}
    return np.asarray(table.reindex(**every).to_numpy(dtype=np.float64))


def peers(*, slow: bool) -> list[Peer]:
    quick = [
        Peer(aggregation.MajorityVote, foretells=True),
        Peer(aggregation.DawidSkene, foretells=True),
    ]
    more = [Peer(aggregation.MACE, foretells=False), Peer(aggregation.GLAD, foretells=False)]
    return quick + more if slow else quick


def _confusion(errors: pd.DataFrame, answers: Answers) -> Floats:
    """crowd-kit's table by (worker, answer) and true class; rows it lacks are even."""
    k = answers.n_classes
    confusion = np.zeros((answers.n_annotators, k, k))
    worker = errors.index.get_level_values("worker").to_numpy()
    label = errors.index.get_level_values("label").to_numpy()
    for true in errors.columns:
        confusion[worker, label, true] = errors[true].to_numpy()
    empty = confusion.sum(axis=1, keepdims=True) == 0
    return np.where(empty, 1 / k, confusion)
