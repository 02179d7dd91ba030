"""Clips, what people say of them, who is in them, and who answers."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning.learners.learner import Array, Groups, Vectors
from annotation.agreement.answers import Answers
from annotation.agreement.spam_mixture import SpamMixture

Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
SINGLE_MINDED = 0.5  # Dirichlet of what a careless annotator answers: mostly a class or two.


@dataclass(frozen=True, eq=False)
class World:
    """A collection whose people have said more of every clip than a campaign will ask.

    Attributes:
        vectors: (n, d).
        votes: (n, K) how many people gave each answer: what a campaign may draw from.
        groups: (n,) who is in the clip.
    """

    vectors: Vectors
    votes: Counts
    groups: Groups

    def __post_init__(self) -> None:
        """Refuse what does not belong together.

        Raises:
            ValueError: lengths differ, a vector is not finite, or a clip has no vote.
        """
        if not len(self.vectors) == len(self.votes) == len(self.groups):
            raise ValueError("Vectors, votes and groups differ in length.")
        if not np.isfinite(self.vectors).all():
            raise ValueError("A vector is not finite.")
        if (self.votes < 0).any() or not (self.votes.sum(axis=1) > 0).all():
            raise ValueError("Every clip needs a vote, and no count is negative.")

    @property
    def truth(self) -> Array:
        """The distribution (n, K) over everybody who was asked."""
        shares: Array = self.votes / self.votes.sum(axis=1, keepdims=True)
        return shares

    def held_out(self, share: float, seed: int) -> Mask:
        """Return clips (n,) to judge by: all of a random share of the people."""
        people = np.unique(self.groups)
        drawn = np.random.default_rng(seed).permutation(people)
        judges = drawn[: max(1, round(share * len(people)))]
        return np.isin(self.groups, judges)


class Crowd(NamedTuple):
    """Who answers: so many annotators, a share of whom answer from a profile of their own."""

    annotators: int = 40
    careless: float = 0.0


class Votes:
    """Answers as they come: each clip's votes in random order, none of them twice.

    Each clip is answered by its own random order of annotators. Where some are careless, the
    labels are weighed by the spam mixture; else each counts 1.
    """

    def __init__(self, world: World, seed: int, crowd: Crowd | None = None) -> None:
        self.crowd = crowd or Crowd(int(world.votes.sum(axis=1).max()))
        rng = np.random.default_rng(seed)
        classes = np.arange(world.votes.shape[1])
        self._order = [rng.permutation(np.repeat(classes, row)) for row in world.votes]
        people = self.crowd.annotators
        self._who = [rng.permutation(people)[: len(order)] for order in self._order]
        self._available = np.array([len(who) for who in self._who])
        profiles = rng.dirichlet(np.full(len(classes), SINGLE_MINDED), people)
        self._profiles = dict(enumerate(profiles[: round(self.crowd.careless * people)]))
        self._rng = rng
        self.counts: Array = np.zeros(world.votes.shape)
        self._said: list[tuple[int, int, int]] = []

    @property
    def given(self) -> npt.NDArray[np.intp]:
        """How many answers each clip (n,) has."""
        given: npt.NDArray[np.intp] = self.counts.sum(axis=1).astype(np.intp)
        return given

    @property
    def left(self) -> Mask:
        """Which clips (n,) somebody has not answered yet."""
        left: Mask = self.given < self._available
        return left

    @property
    def answers(self) -> Answers:
        """All that was said."""
        task, who, label = np.array(self._said, dtype=np.int64).reshape(-1, 3).T
        return Answers(
            task, who, label, len(self.counts), self.crowd.annotators, self.counts.shape[1]
        )

    @property
    def table(self) -> Array:
        """Labels (n, annotators), NaN where one is missing."""
        table = np.full((len(self.counts), self.crowd.annotators), np.nan)
        answers = self.answers
        table[answers.task, answers.annotator] = answers.label
        return table

    def ask(self, clip: int, people: int = 1) -> int:
        """Let so many more people answer, as far as there are any; return how many did."""
        start = int(self.counts[clip].sum())
        asked = self._who[clip][start : start + people]
        for who, honest in zip(asked, self._order[clip][start:], strict=False):
            label = int(honest)
            if who in self._profiles:
                label = int(self._rng.choice(len(self._profiles[who]), p=self._profiles[who]))
            self.counts[clip, label] += 1
            self._said.append((clip, int(who), label))
        return len(asked)

    def weighed(self) -> Array:
        """Return labels (n, K) by their weights."""
        if not self._profiles:
            return self.counts.copy()
        return self.answers.weighted_counts(SpamMixture().fit(self.answers).weights)
