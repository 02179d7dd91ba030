"""The steps of GLAD: posterior, abilities, eases, each for all labels at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import expit

from annotation.agreement.answers import Answers, Floats, Ints, sums_by
from annotation.agreement.tempering import softmax

MEAN = 1.0
LONGEST_STEP = 0.5
HIGHEST = 4.0
SETTLED, MOST_STEPS = 1e-9, 300


@dataclass(frozen=True, eq=False)
class Sheet:
    """Labels in the order of their tasks, with the ability of whoever gave each.

    task, cell, ability: (n_labels,); counts and support: (n_tasks, K), labels and abilities.
    """

    task: Ints
    cell: Ints
    ability: Floats
    counts: Floats
    support: Floats

    @classmethod
    def of(cls, answers: Answers, ability: Floats) -> Sheet:
        support = answers.weighted_counts(ability)
        counts = answers.counts().astype(np.float64)
        return cls(answers.task, answers.cell, ability, counts, support)

    @property
    def n_classes(self) -> int:
        return int(self.counts.shape[1])

    def log_odds(self, ease: Floats) -> Floats:
        """Log-likelihood of each class (n_tasks, K) up to a constant a task.

        A label lifts its class by ln(right / (wrong / (K - 1))) = alpha exp(beta) + ln(K - 1).
        """
        odds: Floats = np.exp(ease)[:, None] * self.support
        odds += self.counts * np.log(self.n_classes - 1)
        return odds

    def right(self, ease: Floats) -> Floats:
        """Return the chance of each label to be the true class, (n_labels,)."""
        return softmax(self.log_odds(ease)).reshape(-1)[self.cell]

    def at(self, tasks: Ints) -> Sheet:
        """Return the labels of some `tasks`, which are numbered anew in their order."""
        number = np.full(len(self.counts), -1)
        number[tasks] = np.arange(len(tasks))
        task = number[self.task]
        kept = task >= 0
        cell = task[kept] * self.n_classes + self.cell[kept] % self.n_classes
        counts, support = self.counts[tasks], self.support[tasks]
        return Sheet(task[kept], cell, self.ability[kept], counts, support)


def abilities(
    answers: Answers, ability: Floats, right: Floats, scale: Floats
) -> tuple[Floats, Floats]:
    """Return abilities a Newton step on, and the curvature there; `scale` (n_labels,) is exp beta.

    At given chances `right` (n_labels,) this is a logistic regression: concave.
    """
    chance = expit(ability[answers.annotator] * scale)
    n = answers.n_annotators
    slope = sums_by(answers.annotator, (right - chance) * scale, n) - (ability - MEAN)
    curve = sums_by(answers.annotator, chance * (1 - chance) * scale**2, n) + 1
    return ability + np.clip(slope / curve, -LONGEST_STEP, LONGEST_STEP), curve


def tasks_step(sheet: Sheet, ease: Floats, right: Floats) -> Floats:
    """Return the eases (n_tasks,) a step of Fisher scoring on."""
    lift = sheet.ability * np.exp(ease)[sheet.task]
    chance = expit(lift)
    n = len(ease)
    slope = sums_by(sheet.task, (right - chance) * lift, n) - (ease - MEAN)
    curve = sums_by(sheet.task, chance * (1 - chance) * lift**2, n) + 1
    moved = ease + np.clip(slope / curve, -LONGEST_STEP, LONGEST_STEP)
    return np.minimum(moved, HIGHEST)


def settle(sheet: Sheet) -> Floats:
    """Return the ease of each task, (n_tasks,), at which it rests while abilities are given.

    Each task stops at the step at which it rests itself, so that its ease does not depend on
    which other tasks there are.
    """
    ease = np.full(len(sheet.counts), MEAN)
    moving = np.arange(len(ease))
    for _ in range(MOST_STEPS):
        now = ease[moving]
        found = tasks_step(sheet, now, sheet.right(now))
        ease[moving] = found
        restless = np.flatnonzero(np.abs(found - now) > SETTLED)
        if not len(restless):
            break
        if len(restless) < len(moving):
            sheet, moving = sheet.at(restless), moving[restless]
    return ease
