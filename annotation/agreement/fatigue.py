"""When somebody who looked at the clips stopped looking: a running test over their labels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Floats, Ints

BOUND = 9.0


@dataclass(frozen=True, eq=False)
class Drift:
    """Where the test of each sequence stands, each (n,).

    standing: the sum after the last label, 0 where all is well; at or above the bound it alarms.
    alarm: the label, from 0 in its own sequence, at which the bound was first reached; -1: never.
    began: the label from which on the sum rose to that alarm; -1: no alarm.
    """

    standing: Floats
    alarm: Ints
    began: Ints

    @property
    def alarmed(self) -> Ints:
        """The sequences that reached the bound."""
        return np.flatnonzero(self.alarm >= 0)


def cusum(evidence: Floats, sequence: Ints, n_sequences: int, *, bound: float = BOUND) -> Drift:
    """Return where each sequence of labels left off being attentive.

    `evidence` (n_labels,) is the log-likelihood ratio of each label, attentive against not, as
    `gold.steps` gives it from what the others say (`left_out.by_trusted_others`); `sequence`
    (n_labels,) says whose it is. The labels of a sequence stand in the order they were given.
    Numbered by annotator it is a person's whole work, numbered by annotator and session each
    session starts afresh.

        S_t = max(0, S_{t-1} - evidence_t), alarm at S_t >= bound

    Where the ratio is that of the truth, attentive people give e^bound labels to a false alarm on
    average, at least (Lorden 1971): 8,103 at 9; drawn, it is some 40,000. What the others say is an
    estimate and people differ, which `benchmarks.adversaries` measures. It began after the last
    time the sum was 0, the likeliest point of change. One pass over the labels.

    Evidence from `reading.in_their_own_way` spares those who read a class otherwise. It does not
    see one who turns to one answer for good: `straight_lining` does.

    Source: Page (1954), "Continuous inspection schemes".

    >>> found = cusum(np.array([2.0, -1, 1, -5, -5, 3]), np.zeros(6, dtype=int), 1)
    >>> found.alarm, found.began, found.standing
    (array([4]), array([3]), array([7.]))
    """
    standing = np.zeros(n_sequences)
    alarm, began = np.full(n_sequences, -1), np.full(n_sequences, -1)
    order = np.argsort(sequence, kind="stable")
    ends = np.cumsum(np.bincount(sequence, minlength=n_sequences))
    for i, own in enumerate(np.split(order, ends[:-1])):
        if not own.size:
            continue
        sums = _sums(evidence[own])
        standing[i] = sums[-1]
        past = np.flatnonzero(sums >= bound)
        if past.size:
            alarm[i] = past[0]
            began[i] = _rise(sums[: past[0]])
    return Drift(standing, alarm, began)


def _sums(evidence: Floats) -> Floats:
    """S_t for all t: the walk above the lowest point it has been at, 0 included."""
    walk = np.cumsum(-evidence)
    lowest = np.minimum.accumulate(np.minimum(walk, 0.0))
    found: Floats = walk - lowest
    return found


def _rise(before: Floats) -> int:
    """The label after the last one at which the sum was 0."""
    zeros = np.flatnonzero(before <= 0)
    return int(zeros[-1]) + 1 if zeros.size else 0
