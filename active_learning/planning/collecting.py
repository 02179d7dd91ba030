"""One simulated campaign: what would be said of its clips, and how much of it is asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from active_learning.planning.crews import Hired
from active_learning.planning.difficulty import Difficulty, draw_shares
from active_learning.planning.questions import Scenario
from annotation.agreement.aggregation import Fit
from annotation.agreement.answers import Answers, Bools, Floats, Ints
from annotation.agreement.selection import too_few
from annotation.agreement.spam_mixture import SpamMixture
from annotation.agreement.stopping import worth_asking
from annotation.agreement.vote_share import SmoothedShare


@dataclass(frozen=True, eq=False)
class Said:
    """All that would be said if everything were asked.

    shares: (n, K) what people who look say of each clip.
    who: (n, cap) annotators in the order in which they would be asked, nobody of a clip twice.
    label: (n, cap) what they say; careless: (W,) who never looks.
    """

    shares: Floats
    who: Ints
    label: Ints
    careless: Bools

    def answers(self, n_labels: Ints) -> Answers:
        """Return the first `n_labels` (n,) of each clip."""
        taken = np.arange(self.who.shape[1]) < n_labels[:, None]
        task = np.nonzero(taken)[0]
        size = len(self.shares), len(self.careless), self.shares.shape[1]
        return Answers(task, self.who[taken], self.label[taken], *size)


def say(
    difficulty: Difficulty, hired: Hired, clips: int, cap: int, rng: np.random.Generator
) -> Said:
    """Draw clips and what `cap` annotators, in a random order, would say of each."""
    shares = draw_shares(difficulty, clips, rng)
    who = np.argsort(rng.random((clips, len(hired.theta))), axis=1)[:, :cap]
    seen = _draw(np.broadcast_to(shares[:, None, :], (*who.shape, shares.shape[1])), rng)
    otherwise = _draw(hired.eps[who], rng)
    looked = rng.random(who.shape) < hired.theta[who]
    return Said(shares, who, np.where(looked, seen, otherwise), hired.careless)


def collect(said: Said, scenario: Scenario) -> tuple[Answers, Fit]:
    """Ask as the scenario has it; return what was said and what the campaign makes of it.

    Adaptive redundancy asks one more of each clip that is open and of which a label would tell,
    by the campaign's own rule, until there is none; what has closed stays closed.
    """
    n_labels = np.full(len(said.shares), scenario.least)
    again = np.full(len(said.shares), scenario.most is not None)
    answers = said.answers(n_labels)
    fit = aggregate(answers)
    while again.any():
        again[again] = worth_asking(fit.alphas[again], fit.effective_n[again])
        again &= n_labels < scenario.cap
        n_labels = n_labels + again
        answers = said.answers(n_labels)
        fit = aggregate(answers)
    return answers, fit


def aggregate(answers: Answers) -> Fit:
    """Fit the spam mixture; the smoothed share where a campaign would not trust the mixture."""
    return SmoothedShare().fit(answers) if too_few(answers) else SpamMixture().fit(answers)


def _draw(shares: Floats, rng: np.random.Generator) -> Ints:
    """Draw a class from each distribution (..., K)."""
    below = np.cumsum(shares, axis=-1) < rng.random((*shares.shape[:-1], 1))
    drawn: Ints = np.minimum(below.sum(axis=-1), shares.shape[-1] - 1)
    return drawn
