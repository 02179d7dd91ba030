"""The soft-item spam mixture: tasks are distributions, annotators honest or elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.aggregation import Aggregate, Fit, Reliability, row_shares
from annotation.agreement.answers import Answers, Floats, Ints, sums_by
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.populations import CROWD, START, Prior
from annotation.agreement.squarem import Step, fixed_point

# Below this share of labels that still move, the others are put aside.
MOSTLY_SETTLED = 0.5


@dataclass(frozen=True, eq=False)
class SpamParameters:
    """What has been learnt of the annotators and of tasks in general.

    theta: (W + P,), the probability that an annotator answers honestly; the last P are those of
        a newcomer to each of the P populations.
    eps: (W + P, K), what an annotator answers otherwise.
    s, m: the prior Dir(s m) of the tasks' distributions.
    """

    theta: Floats
    eps: Floats
    s: float
    m: Floats

    def aggregate(self, answers: Answers, gold: Floats | None = None) -> Aggregate:
        """As in `Parameters`; rows of `gold` (n_tasks, K) that are not NaN hold without doubt."""
        ordered, order = answers.in_order()
        weights = self._weights(ordered, gold)
        counts = ordered.weighted_counts(weights)
        alphas = counts + self.s * self.m
        distribution = row_shares(alphas)
        if gold is not None:
            distribution = np.where(np.isnan(gold), distribution, gold)
        return Aggregate(distribution, weights, counts.sum(axis=1), alphas).by_origin(order)

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        who = np.minimum(annotator, len(self.theta) - 1)
        theta = self.theta[who][:, None]
        predicted: Floats = theta * aggregate.distribution[task] + (1 - theta) * self.eps[who]
        return predicted

    def _weights(self, answers: Answers, gold: Floats | None) -> Floats:
        """Let the labels of each task weigh each other until they agree on their weights."""
        who = np.minimum(answers.annotator, len(self.theta) - 1)
        doubt = _doubt(self.theta, self.eps).reshape(-1)[who * answers.n_classes + answers.label]
        weights = self.theta[who]
        active, gamma = np.arange(len(answers)), weights
        for _ in range(500):
            found = _honesty(doubt, cavity(answers, gamma, (self.s, self.m), gold))
            moving = np.abs(found - gamma) >= 1e-9
            gamma = weights[active] = found
            restless = np.bincount(answers.task, moving, answers.n_tasks)[answers.task] > 0
            if not restless.any():
                break
            if restless.mean() < MOSTLY_SETTLED:
                answers, active = answers.subset(restless), active[restless]
                gamma, doubt = gamma[restless], doubt[restless]
        return weights


@dataclass(frozen=True, eq=False)
class SpamMixture:
    """The soft-item spam mixture, after MACE (Hovy et al. 2013) with soft tasks.

    P(y = c) = theta_w p_i(c) + (1 - theta_w) eps_w(c), where p_i ~ Dir(s m), eps_w ~ Dir(eta u)
    and theta_w ~ Beta(kappa t, kappa (1 - t)). A label's weight gamma is the probability that it
    was given honestly, judged by the *other* labels of its task: dissent costs little where
    others dissent too, and an annotator who always says the same loses weight however often the
    majority says it as well.

    prior: populations of the annotators; None: all are crowd.
    gold: known distributions (n_tasks, K), rows of NaN where none is known.

    >>> task, annotator = np.arange(60).repeat(5), np.tile(np.arange(5), 60)
    >>> label = np.where(annotator == 4, 0, task % 3)
    >>> fit = SpamMixture().fit(Answers(task, annotator, label, 60, 5, 3))
    >>> bool(fit.reliability.value[4] < 0.4 < 0.9 < fit.reliability.value[0])
    True
    """

    name: str = "spam_mixture"
    eta: float = 2.0
    prior: Prior | None = None
    gold: Floats | None = None
    tolerance: float = 1e-5
    max_iterations: int = 500

    def fit(self, answers: Answers) -> Fit:
        ordered, _ = answers.in_order()
        prior = self.prior_of(answers)
        # The raw counts would mistake spam for tasks that are alike, so s starts at 1 and is
        # fitted to what is left after weighing; it settles within two rounds.
        spread = (1.0, self._spread(ordered.counts())[1])
        gamma = np.full(len(answers), START)
        for tolerance in (100 * self.tolerance, 100 * self.tolerance):
            gamma = self._converge(ordered, prior, spread, gamma, tolerance)
            spread = self._spread(ordered.weighted_counts(gamma))
        gamma = self._converge(ordered, prior, spread, gamma, self.tolerance)

        parameters = SpamParameters(*self.profiles(ordered, prior, gamma), *spread)
        aggregate = parameters.aggregate(answers, self.gold)
        return Fit(self.name, parameters, aggregate, reliability(ordered, prior, gamma))

    def _spread(self, counts: Floats | Ints) -> tuple[float, Floats]:
        """Return the prior (s, m) of tasks in general; gold is chosen and tells nothing of it."""
        if self.gold is not None:
            counts = counts[np.isnan(self.gold).any(axis=1)]
        return fit_prior(counts)

    def prior_of(self, answers: Answers) -> Prior:
        """Return the populations; without any, all are crowd."""
        return self.prior or Prior((CROWD,), np.zeros(answers.n_annotators, dtype=np.int64))

    def _converge(
        self,
        answers: Answers,
        prior: Prior,
        spread: tuple[float, Floats],
        gamma: Floats,
        tolerance: float,
    ) -> Floats:
        """Return gamma (n_labels,) where annotators and tasks agree with each other."""
        cell = answers.annotator * answers.n_classes + answers.label

        def step(gamma: Floats) -> Step:
            weights = np.minimum(gamma, 1.0)
            doubt = _doubt(*self.profiles(answers, prior, weights)).reshape(-1)[cell]
            found = _honesty(doubt, cavity(answers, weights, spread, self.gold))
            return Step(found, weights, -float(np.abs(found - weights).max(initial=0.0)))

        steps = self.max_iterations
        return fixed_point(step, gamma, tolerance=tolerance, max_steps=steps, plain=3).state

    def profiles(self, answers: Answers, prior: Prior, gamma: Floats) -> tuple[Floats, Floats]:
        """Return theta and eps of every annotator, and of a newcomer to each population."""
        k = answers.n_classes
        cell = answers.annotator * k + answers.label
        spam = sums_by(cell, 1 - gamma, answers.n_annotators * k).reshape(-1, k)
        n = answers.labels_per_annotator.astype(np.float64)
        honest = n - spam.sum(axis=1)
        means = prior.means(honest, n)
        kappa = prior.kappa
        theta = (kappa * means[prior.member] + honest) / (kappa + n)

        eps = row_shares(spam + self.eta / k)
        newcomers = np.full((len(means), k), 1 / k)
        return np.concatenate([theta, means]), np.concatenate([eps, newcomers])


def cavity(
    answers: Answers, gamma: Floats, spread: tuple[float, Floats], gold: Floats | None = None
) -> Floats:
    """Return how likely each label is by the *other* labels of its task, shape (n_labels,).

    `spread` is the prior (s, m) of the tasks; where `gold` is known it is what counts.
    """
    s, m = spread
    n = answers.n_tasks
    near = sums_by(answers.cell, gamma, n * answers.n_classes)[answers.cell]
    near -= gamma
    near += (s * m)[answers.label]
    total = sums_by(answers.task, gamma, n)[answers.task]
    total -= gamma
    total += s
    near /= total
    if gold is None:
        return near
    known = gold[answers.task, answers.label]
    return np.where(np.isnan(known), near, known)


def _doubt(theta: Floats, eps: Floats) -> Floats:
    """How much likelier than honestly each annotator gives an answer without looking, (W, K)."""
    doubt: Floats = ((1 - theta) / theta)[:, None] * eps
    return doubt


def _honesty(doubt: Floats, near: Floats) -> Floats:
    gamma: Floats = near / (near + doubt)
    return gamma


def _honest_labels(answers: Answers, gamma: Floats) -> tuple[Floats, Floats]:
    """Per annotator the expected number of honest labels and the number of all."""
    n = answers.labels_per_annotator.astype(np.float64)
    return sums_by(answers.annotator, gamma, answers.n_annotators), n


def reliability(answers: Answers, prior: Prior, gamma: Floats) -> Reliability:
    """Return how likely each annotator answers honestly, from the weights of their labels."""
    honest, n = _honest_labels(answers, gamma)
    t = prior.means(honest, n)[prior.member]
    a, b = prior.kappa * t + honest, prior.kappa * (1 - t) + n - honest
    return Reliability.of_beta(a, b)
