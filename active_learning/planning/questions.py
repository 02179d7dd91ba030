"""What a researcher asks of a plan, and the ways to run the campaign that are compared."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from active_learning.learners.learner import Groups, Vectors
from active_learning.planning.crews import Crew
from active_learning.planning.difficulty import Difficulty
from annotation.agreement.answers import Floats


class Scenario(NamedTuple):
    """From `least` labels of every clip up to `most` where people differ; None: `least` for all."""

    least: int
    most: int | None = None

    @property
    def cap(self) -> int:
        return self.most or self.least


@dataclass(frozen=True)
class Effort:
    """What annotators do and cost, each: labels a day, seconds a label, pay an hour."""

    labels_per_day: float
    seconds_per_label: float
    pay_per_hour: float


@dataclass(frozen=True, eq=False)
class Seen:
    """A pilot's clips that have vectors (n, d), who is in them (n,), their posteriors (n, K)."""

    vectors: Vectors
    groups: Groups
    alphas: Floats


@dataclass(frozen=True, eq=False)
class Question:
    """All that a plan depends on.

    Attributes:
        clips: of the campaign.
        people: in the clips.
        strategies: of `active_learning.strategies`, by which a learner's clips may be picked.
        reaches: how often a learner names the plurality once it has seen any number of clips;
            None where no learner is asked about. Not heard where there is a pilot's `seen`.
        repetitions: simulated campaigns of each kind; `learner_repetitions` those that learn.
    """

    clips: int
    people: int
    difficulty: Difficulty
    crew: Crew
    effort: Effort
    scenarios: tuple[Scenario, ...]
    strategies: tuple[str, ...] = ()
    reaches: float | None = None
    seen: Seen | None = None
    repetitions: int = 30
    learner_repetitions: int = 20
    seed: int = 0

    @property
    def classes(self) -> int:
        return len(self.difficulty.m)

    @property
    def cap(self) -> int:
        """The most labels that any scenario asks of a clip."""
        return max(scenario.cap for scenario in self.scenarios)
