"""Pairs of annotators who agree more often than what they look at explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from annotation.agreement.aggregation import Aggregator
from annotation.agreement.answers import Answers, Floats, Ints

ALARM = 5.0
ENOUGH_SHARED = 20
ROUNDS = 20
# Of recorded annotators who never met, one pair in 129 is beyond it.
HALF = 0.5
# A clip on which everybody agrees tells nothing, and rounding must not make it tell.
LEAST_VARIANCE = 1e-9


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs of annotators (n,) by z, the most suspicious first, and how many tasks they share.

    copied: the share of one's answers that would have to be the other's to agree so much.
    """

    first: Ints
    second: Ints
    z: Floats
    shared: Ints
    copied: Floats

    def alarming(self, threshold: float = ALARM, least: float = HALF) -> Pairs:
        """Return the pairs beyond the threshold of whose answers at least half seem copied.

        On many tasks any likeness becomes certain: two who read in the same way of their own
        agree more than the crowd explains, too.
        """
        kept = np.flatnonzero((self.z > threshold) & (self.copied >= least))
        return Pairs(*(column[kept] for column in vars(self).values()))


def colluding(answers: Answers, aggregator: Aggregator, *, rounds: int = ROUNDS) -> Pairs:
    """Return the alarming pairs, once what colluders said explains nothing any more.

    Copies make a clip's distribution their own, and those who look then agree more than it says.
    So the pair that agrees most beyond chance is taken out of the fit, and the next, until none
    is left that was not; all are then compared with what the others say of the clips.

    >>> rng = np.random.default_rng(0)
    >>> task, annotator = np.arange(60).repeat(6), np.tile(np.arange(6), 60)
    >>> guess = rng.integers(0, 4, (60, 6))
    >>> said = np.where(rng.random((60, 6)) < 0.8, task.reshape(60, 6) % 4, guess)
    >>> said[:, 4] = said[:, 5] = rng.integers(0, 4, 60)
    >>> from annotation.agreement.spam_mixture import SpamMixture
    >>> found = colluding(Answers(task, annotator, said.ravel(), 60, 6, 4), SpamMixture())
    >>> found.first, found.second
    (array([4]), array([5]))
    """
    accused = np.zeros(answers.n_annotators, dtype=bool)
    for _ in range(rounds):
        fitted = aggregator.fit(answers.subset(~accused[answers.annotator]))
        own = fitted.predict(answers.task, answers.annotator)
        found = pairs(answers, own).alarming()
        new = np.flatnonzero(~(accused[found.first] & accused[found.second]))
        if not new.size:
            break
        accused[[found.first[new[0]], found.second[new[0]]]] = True
    return found


def pairs(answers: Answers, distribution: Floats, *, least: int = ENOUGH_SHARED) -> Pairs:
    """Return how far every two annotators with `least` shared tasks agree beyond chance.

    `distribution` is what is said of the tasks by those who do not talk: (n_tasks, K) for all
    alike, or (n_labels, K) for each label's annotator, as `Fit.predict` gives it. Two say the
    same with probability `e_i = sum_c p_iu(c) p_iv(c)`, so that

        z = sum_i ([y_iu = y_iv] - e_i) / sqrt(sum_i e_i (1 - e_i))

    Give it for each annotator where some do not look: for all alike, those who do would agree
    more than a distribution that has everybody's answers in it explains.

    is about standard normal; copies push it up. Honest readers with the same bias agree a little
    more than this, which is why the alarm is at 5. A z is a reason to look, not a verdict. The
    work grows with the pairs of labels on a task, the memory with the pairs of annotators.

    Source: the score test of independence given the task; compare KhudaBukhsh, Carbonell & Jansen
    (2014), "Detecting non-adversarial collusion in crowdsourcing".

    >>> task, annotator = np.arange(60).repeat(3), np.tile(np.arange(3), 60)
    >>> said = np.random.default_rng(0).integers(0, 4, (60, 3))
    >>> said[:, 1] = said[:, 0]
    >>> found = pairs(Answers(task, annotator, said.ravel(), 60, 3, 4), np.full((60, 4), 0.25))
    >>> int(found.first[0]), int(found.second[0]), round(float(found.z[0]), 1)
    (0, 1, 13.4)
    """
    first, second = np.triu_indices(answers.n_annotators, 1)
    shared = _together(answers, np.ones(len(answers)))[first, second]
    enough = shared >= least
    first, second, shared = first[enough], second[enough], shared[enough]

    said = [(answers.label == c).astype(np.float64) for c in range(answers.n_classes)]
    same = sum((_together(answers, one)[first, second] for one in said), np.zeros(len(first)))
    p = distribution if len(distribution) == len(answers) else distribution[answers.task]
    expected, squared = _expected(answers, p)
    variance = np.maximum((expected - squared)[first, second], LEAST_VARIANCE * shared)
    beyond = same - expected[first, second]
    z = beyond / np.sqrt(variance)
    copied = beyond / np.maximum(shared - expected[first, second], LEAST_VARIANCE)
    order = np.lexsort((second, first, -z))
    whole = shared.astype(np.int64)
    return Pairs(first[order], second[order], z[order], whole[order], copied[order])


def _expected(answers: Answers, p: Floats) -> tuple[Floats, Floats]:
    """Sum e_i and e_i^2 over the tasks that two annotators share, (W, W) each."""
    columns = list(p.T)
    expected = sum(_together(answers, one) for one in columns)
    squared = sum(
        (1 if c == d else 2) * _together(answers, columns[c] * columns[d])
        for c in range(len(columns))
        for d in range(c, len(columns))
    )
    return np.asarray(expected), np.asarray(squared)


def _together(answers: Answers, worth: Floats) -> Floats:
    """Sum the products of what two annotators' labels of a task are `worth` (n_labels,), (W, W).

    Who labels a task twice has met the others on it once: the last of their labels counts.
    """
    shape = (answers.n_annotators, answers.n_tasks)
    met = answers.annotator * answers.n_tasks + answers.task
    last = len(met) - 1 - np.unique(met[::-1], return_index=True)[1]
    at = (answers.annotator[last], answers.task[last])
    table = csr_array((np.asarray(worth)[last], at), shape=shape)
    return np.asarray((table @ table.T).toarray(), dtype=np.float64)
