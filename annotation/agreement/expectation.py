"""Expectation-maximisation where a task has one true class and an annotator a confusion matrix."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.squarem import Step, fixed_point
from annotation.agreement.tempering import softmax_in_place


@dataclass(frozen=True, eq=False)
class Maximum:
    """Parameters that fit the expected answers best.

    log_confusion: (n_annotators, K, K), ln P(answer | annotator, true class), by annotator,
        answer, true class.
    log_prior: (K,), ln of how common each class is.
    penalty: ln of the parameters' own prior, up to a constant.
    """

    log_confusion: Floats
    log_prior: Floats
    penalty: float


Maximise = Callable[[Floats, Floats], Maximum]
"""From expected answers (n_annotators, K, K) by answer and true class, and totals (K,)."""


@dataclass(frozen=True, eq=False)
class Expected:
    """Where EM came to rest: expected answers (n_annotators, K, K), posterior (n_tasks, K)."""

    answers: Floats
    posterior: Floats


def expectation_maximisation(
    said: csr_array, maximise: Maximise, n_classes: int, *, tolerance: float, max_steps: int
) -> Expected:
    """Alternate `maximise` and the posterior, from the vote share until nothing moves.

    `said` is the `incidence` of the answers. One step costs two sparse products: the second is
    with the transpose as it stands, so that tasks are read in a row and only the small table of
    the annotators is written at random.
    """
    k = n_classes
    shape = (said.shape[1] // k, k, k)

    def state_of(posterior: Floats) -> Floats:
        return np.concatenate([(said.T @ posterior).ravel(), column_sums(posterior)])

    def step(state: Floats) -> Step:
        maximum = maximise(state[:-k].reshape(shape), state[-k:])
        posterior = np.asarray(said @ maximum.log_confusion.reshape(-1, k))
        posterior += maximum.log_prior
        log_likelihood = softmax_in_place(posterior)
        return Step(state_of(posterior), posterior, log_likelihood + maximum.penalty)

    shares = np.asarray(said @ np.tile(np.eye(k), (shape[0], 1)))
    shares += 1e-9
    shares /= np.einsum("ij->i", shares)[:, None]
    start = state_of(shares)
    del shares
    found = fixed_point(step, start, tolerance=tolerance, max_steps=max_steps, block=k * k)
    return Expected(found.state[:-k].reshape(shape), found.beliefs)


def evidence(answers: Answers, who: Ints, log_confusion: Floats) -> Floats:
    """Return the log-likelihood of each task's labels by its class, (n_tasks, K).

    `answers` are in order; `who` (n_labels,) says which row of `log_confusion` (W, K, K) is each
    label's.
    """
    said = incidence(answers, who, len(log_confusion))
    return np.asarray(said @ log_confusion.reshape(-1, answers.n_classes))


def incidence(answers: Answers, who: Ints, n_rows: int) -> csr_array:
    """Which task was given which answer by whom: (n_tasks, n_rows x K), sparse."""
    columns = (who * answers.n_classes + answers.label).astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(answers.labels_per_task)]).astype(np.int32)
    shape = (answers.n_tasks, n_rows * answers.n_classes)
    return csr_array((np.ones(len(answers)), columns, starts), shape=shape)


def column_sums(table: Floats) -> Floats:
    """Sum many rows of few columns: numpy's own sum takes them a row at a time."""
    sums: Floats = np.einsum("ij->j", table)
    return sums
