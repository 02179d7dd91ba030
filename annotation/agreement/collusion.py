"""Pairs of annotators who agree more often than what they look at explains."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from annotation.agreement.answers import Answers, Floats, Ints, sums_by
from annotation.agreement.dirichlet import fit_prior

ALARM = 5.0
ENOUGH_SHARED = 20
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
        agree more than the others explain, too.
        """
        kept = np.flatnonzero((self.z > threshold) & (self.copied >= least))
        return Pairs(*(column[kept] for column in vars(self).values()))


def pairs(answers: Answers, trust: Floats | None = None, *, least: int = ENOUGH_SHARED) -> Pairs:
    """Return how far every two annotators with `least` shared tasks agree beyond chance.

    Chance is what all but the two say of each task they share: e_i is how likely two labels agree
    that are foretold by the labels left, each counted by the `trust` (n_annotators,) in who gave
    it, such as the reliability of a fit (all alike without):

        a_c = s m_c + sum_{v not u, w} trust_v [y_iv = c]
        e_i = sum_c a_c (a_c + 1) / (a (a + 1))
        z = sum_i ([y_iu = y_iw] - e_i) / sqrt(sum_i e_i (1 - e_i))

    So the z of those who look has a mean of 0 however many clips they share and whoever else is
    there, and those who copy do not hide in a distribution they have made. Needs three labels or
    more a task to tell anything. Work and memory grow with the pairs of labels on a task; of who
    labels a task twice, one label counts.

    A z is a reason to look, not a verdict.

    Source: the score test of independence given the task, with the predictive probability of the
    Dirichlet-multinomial; compare KhudaBukhsh, Carbonell & Jansen (2014), "Detecting
    non-adversarial collusion in crowdsourcing".

    >>> task, annotator = np.arange(60).repeat(4), np.tile(np.arange(4), 60)
    >>> said = np.random.default_rng(0).integers(0, 4, (60, 4))
    >>> said[:, 1] = said[:, 0]
    >>> found = pairs(Answers(task, annotator, said.ravel(), 60, 4, 4))
    >>> int(found.first[0]), int(found.second[0]), round(float(found.z[0]), 1)
    (0, 1, 9.7)
    """
    once = _once(answers)
    trusted = np.ones(answers.n_annotators) if trust is None else trust
    weight = trusted[once.annotator]
    s, m = fit_prior(once.weighted_counts(weight))
    alphas = once.weighted_counts(weight) + s * m
    i, j = _meetings(once)
    same = once.label[i] == once.label[j]
    chance = _agreeing(alphas, once, weight, i, j)
    variance = np.maximum(chance * (1 - chance), LEAST_VARIANCE)

    w = answers.n_annotators
    met, of = np.unique(once.annotator[i] * w + once.annotator[j], return_inverse=True)
    parts = (same - chance, variance, 1 - chance)
    beyond, spent, room = (sums_by(of, part, len(met)) for part in parts)
    shared = np.bincount(of, minlength=len(met))
    z = beyond / np.sqrt(spent)
    enough = np.flatnonzero(shared >= least)
    kept = enough[np.argsort(-z[enough], kind="stable")]
    copied = beyond[kept] / np.maximum(room[kept], LEAST_VARIANCE)
    return Pairs(met[kept] // w, met[kept] % w, z[kept], shared[kept], copied)


def _once(answers: Answers) -> Answers:
    """Return one label of each annotator for each task, in order."""
    ordered, _ = answers.in_order()
    key = ordered.task * ordered.n_annotators + ordered.annotator
    return ordered.subset(np.concatenate([[True], key[1:] != key[:-1]])[: len(key)])


def _meetings(answers: Answers) -> tuple[Ints, Ints]:
    """Return every two labels of the same task; the labels are in order."""
    most = int(answers.labels_per_task.max(initial=0))
    firsts, seconds = [np.array([], dtype=np.int64)], [np.array([], dtype=np.int64)]
    for apart in range(1, most):
        first = np.flatnonzero(answers.task[:-apart] == answers.task[apart:])
        firsts.append(first)
        seconds.append(first + apart)
    return np.concatenate(firsts), np.concatenate(seconds)


def _agreeing(alphas: Floats, answers: Answers, weight: Floats, i: Ints, j: Ints) -> Floats:
    """How likely two more labels of a task agree, by its labels without those of i and j."""
    task, one, other = answers.task[i], weight[i], weight[j]
    a, b = alphas[task, answers.label[i]], alphas[task, answers.label[j]]
    same = answers.label[i] == answers.label[j]
    both = a**2 - (a - one - other) ** 2
    gone = np.where(same, both, a**2 - (a - one) ** 2 + b**2 - (b - other) ** 2)
    squares = np.einsum("ij,ij->i", alphas, alphas)[task] - gone
    total = alphas.sum(axis=1)[task] - one - other
    found: Floats = (squares + total) / (total * (total + 1))
    return found


def groups(found: Pairs, n_annotators: int, threshold: float = ALARM) -> list[Ints]:
    """Return who hangs together by alarming pairs, the largest group first.

    Of three who copy from a fourth, and never from each other, all four are named: the labels do
    not tell who copies and who is copied.

    >>> two, z = np.array([0, 1, 4]), np.array([9.0, 7.0, 6.0])
    >>> found = Pairs(two, np.array([1, 2, 5]), z, np.full(3, 40), np.ones(3))
    >>> [group.tolist() for group in groups(found, 6)]
    [[0, 1, 2], [4, 5]]
    """
    kept = found.alarming(threshold)
    shape = (n_annotators, n_annotators)
    links = coo_array((np.ones(len(kept.z)), (kept.first, kept.second)), shape=shape)
    _, group = connected_components(links, directed=False)
    sizes = np.bincount(group)
    largest = np.argsort(-sizes, kind="stable")
    return [np.flatnonzero(group == one) for one in largest if sizes[one] > 1]
