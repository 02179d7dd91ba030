"""A learner as one more voice, for a report: never a part of what learners are trained on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize_scalar

from annotation.agreement.aggregation import Fit, row_shares
from annotation.agreement.answers import Floats

COLDEST, HOTTEST = 0.2, 20.0
SMALLEST = 1e-9


@dataclass(frozen=True, eq=False)
class WithModel:
    """What people and a learner say together. It is no Fit and no Aggregate on purpose.

    A learner that is trained on its own answers grows sure of its errors: whatever takes a Fit
    cannot be handed this by mistake.

    combined: (n_tasks, K), rows sum to 1.
    alphas: (n_tasks, K), those of the people plus the learner's pseudo-labels.
    temperature, weight: how the learner was cooled, and how many labels it counts as.
    """

    combined: Floats
    alphas: Floats
    temperature: float
    weight: float


def hear_model(
    fit: Fit, predicted: Floats, *, weight: float = 1.0, temperature: float | None = None
) -> WithModel:
    """Add the predictions (n_tasks, K) of a learner to what people said, as `weight` labels.

    Rows of NaN are tasks without a prediction. Without a `temperature` it is the one under which
    the predictions foretell the people's weighted labels best. `weight` should stay at or below
    1: the learner has learnt from these people, and is no witness of its own. Raises ValueError
    for a shape that does not fit or a weight outside [0, 1].

    Source: Guo, Pleiss, Sun & Weinberger (2017), "On calibration of modern neural networks".
    """
    if predicted.shape != fit.alphas.shape:
        raise ValueError("The predictions need a row for each task and a column for each class.")
    if not 0 <= weight <= 1:
        raise ValueError("A learner counts as at most one label.")
    known = np.isfinite(predicted).all(axis=1)
    if temperature is None:
        counts = row_shares(fit.alphas[known]) * fit.effective_n[known, None]
        temperature = fit_temperature(predicted[known], counts)
    alphas = fit.alphas.copy()
    alphas[known] += weight * cooled(predicted[known], temperature)
    return WithModel(row_shares(alphas), alphas, temperature, weight)


def fit_temperature(predicted: Floats, counts: Floats) -> float:
    """Return the temperature under which `counts` (n, K) of labels are likeliest, 1 without any.

    >>> sure = np.array([[0.99, 0.01]] * 4)
    >>> round(fit_temperature(sure, np.array([[3.0, 1.0]] * 4)), 2)
    4.18
    """
    if not counts.sum() > 0:
        return 1.0

    def loss(log_t: float) -> float:
        return -float((counts * np.log(cooled(predicted, float(np.exp(log_t))))).sum())

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    found = minimize_scalar(loss, bounds=bounds, method="bounded", options={"xatol": 1e-6})
    return float(np.exp(found.x))


def cooled(predicted: Floats, temperature: float) -> Floats:
    """Return the probabilities (n, K) at a temperature: above 1 they are less sure.

    >>> cooled(np.array([[0.9, 0.1]]), 2.0).round(2)
    array([[0.75, 0.25]])
    """
    return row_shares(np.maximum(predicted, SMALLEST) ** (1 / temperature))
