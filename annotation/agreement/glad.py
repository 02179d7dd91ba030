"""GLAD: an annotator's ability and a task's ease decide together how likely an answer is right."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy.special import expit, ndtri

from annotation.agreement.aggregation import Aggregate, Fit, Reliability
from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.glad_steps import MEAN, Sheet, abilities, settle, tasks_step
from annotation.agreement.tempering import fit_rho, sample, tempered


@dataclass(frozen=True, eq=False)
class GladAggregate(Aggregate):
    """With each task's ease beta (n_tasks,), on a log scale around 1."""

    ease: Floats


@dataclass(frozen=True, eq=False)
class GladParameters:
    """ability: (n_annotators + 1,), the last a newcomer's; rho, s, m as of Dawid and Skene."""

    ability: Floats
    rho: float
    s: float
    m: Floats

    def aggregate(self, answers: Answers) -> GladAggregate:
        ordered, order = answers.in_order()
        sheet = Sheet.of(ordered, self._of(ordered.annotator))
        ease = settle(sheet)
        posterior = tempered(sheet.log_odds(ease), ordered.labels_per_task, self.rho)
        weights = _weights(sheet, ease)
        counts = ordered.weighted_counts(weights)
        alphas = counts + self.s * self.m
        by_task = GladAggregate(posterior, weights, counts.sum(axis=1), alphas, ease)
        given = by_task.by_origin(order)
        return replace(by_task, weights=given.weights)

    def predict(self, aggregate: Aggregate, task: Ints, annotator: Ints) -> Floats:
        ease = aggregate.ease[task] if isinstance(aggregate, GladAggregate) else MEAN
        right = expit(self._of(annotator) * np.exp(ease))[:, None]
        shares = aggregate.distribution[task]
        predicted: Floats = shares * right + (1 - shares) * (1 - right) / (len(self.m) - 1)
        return predicted

    def _of(self, annotator: Ints) -> Floats:
        return self.ability[np.minimum(annotator, len(self.ability) - 1)]


@dataclass(frozen=True)
class Glad:
    """EM in which each step moves abilities and eases by one damped Newton step each.

    P(answer = truth) = sigmoid(alpha_w exp(beta_i)), the other classes alike; alpha and beta
    have normal priors of mean 1 and variance 1. Reliability is the chance to be right on a task
    of mean ease, its interval that of the Laplace approximation. The posterior is tempered.

    Source: Whitehill, Wu, Bergsma, Movellan & Ruvolo (2009), "Whose vote should count more",
    NIPS; several classes as in its section 2.

    >>> task, annotator = np.arange(40).repeat(3), np.tile([0, 1, 2], 40)
    >>> label = np.where(annotator == 2, 0, task % 2)
    >>> fit = Glad().fit(Answers(task, annotator, label, 40, 3, 2))
    >>> bool(fit.reliability.value[2] < 0.8 < 0.95 < fit.reliability.value[0])
    True
    """

    name: str = "glad"
    tolerance: float = 1e-4
    max_iterations: int = 200

    def fit(self, answers: Answers) -> Fit:
        ordered, order = answers.in_order()
        ability, precision = self._converge(ordered)
        sheet = Sheet.of(ordered, ability[ordered.annotator])
        ease = settle(sheet)
        rho = _rho(ordered, sheet, ease)
        s, m = fit_prior(ordered.weighted_counts(_weights(sheet, ease)))
        parameters = GladParameters(np.append(ability, MEAN), rho, s, m)
        half = ndtri(0.975) / np.sqrt(precision)
        of_mean_ease = [expit(a * np.exp(MEAN)) for a in (ability, ability - half, ability + half)]
        aggregate = parameters.aggregate(ordered)
        given = replace(aggregate, weights=aggregate.by_origin(order).weights)
        return Fit(self.name, parameters, given, Reliability(*of_mean_ease))

    def _converge(self, answers: Answers) -> tuple[Floats, Floats]:
        """Return abilities and the precision of each, both (n_annotators,)."""
        ability = np.full(answers.n_annotators, MEAN)
        precision = np.ones_like(ability)
        ease = np.full(answers.n_tasks, MEAN)
        before = np.zeros(len(answers))
        for _ in range(self.max_iterations):
            sheet = Sheet.of(answers, ability[answers.annotator])
            right = sheet.right(ease)
            ability, precision = abilities(answers, ability, right, np.exp(ease)[answers.task])
            ease = tasks_step(Sheet.of(answers, ability[answers.annotator]), ease, right)
            if np.abs(right - before).max(initial=0.0) < self.tolerance:
                break
            before = right
        return ability, precision


def _weights(sheet: Sheet, ease: Floats) -> Floats:
    """How far above chance each label is, from 0 to 1, shape (n_labels,)."""
    right = expit(sheet.ability * np.exp(ease)[sheet.task])
    k = sheet.n_classes
    return np.clip((k * right - 1) / (k - 1), 0.0, 1.0)


def _rho(answers: Answers, sheet: Sheet, ease: Floats) -> float:
    chosen = sample(answers)
    step = -(-len(answers) // max(len(chosen), 1)) or 1
    lift = (sheet.ability * np.exp(ease)[sheet.task])[::step]
    rows = np.arange(len(chosen))
    others = sheet.log_odds(ease)[chosen.task]
    others[rows, chosen.label] -= lift + np.log(answers.n_classes - 1)
    likelihood = np.repeat(expit(-lift)[:, None] / (answers.n_classes - 1), answers.n_classes, 1)
    likelihood[rows, chosen.label] = expit(lift)
    return fit_rho(others, answers.labels_per_task[chosen.task] - 1, likelihood)
