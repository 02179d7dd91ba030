"""Many simulated campaigns, each run in every way that is compared, on the same clips."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from active_learning.planning.collecting import collect, say
from active_learning.planning.crews import Crew, hire
from active_learning.planning.difficulty import Difficulty
from active_learning.planning.figures import Figure, figure
from active_learning.planning.judging import judge
from active_learning.planning.questions import Question, Scenario
from annotation.agreement.stopping import equal_redundancy

# What is simulated of a large campaign: so many labels, and so many clips and people at least.
MOST_LABELS, FEWEST_CLIPS, MOST_CLIPS, FEWEST_PEOPLE = 12_000, 400, 2000, 40
SAVED_BY = ("accuracy", "divergence")

Outcome = dict[str, float]
Watch = Callable[[float], None]


class Size(NamedTuple):
    """Clips and annotators of a simulated campaign."""

    clips: int
    annotators: int


def size_of(question: Question) -> Size:
    """Return how much of a large campaign is simulated: as many labels an annotator, if possible.

    Never fewer annotators than 40, or than a clip may need: what is known of each of them hangs
    on their number of labels, which is enough either way.
    """
    largest = max(FEWEST_CLIPS, min(MOST_CLIPS, MOST_LABELS // question.cap))
    clips = min(question.clips, largest)
    annotators = round(question.crew.annotators * clips / question.clips)
    fewest = max(annotators, question.cap, FEWEST_PEOPLE)
    return Size(clips, min(question.crew.annotators, fewest))


@dataclass(frozen=True, eq=False)
class Played:
    """What each way came to in every repetition."""

    outcomes: dict[Scenario, list[Outcome]]
    cap: int

    def figure(self, way: Scenario, name: str) -> Figure:
        return figure([outcome[name] for outcome in self.outcomes[way]])

    def per_clip(self, way: Scenario) -> float:
        return float(np.mean([outcome["per_clip"] for outcome in self.outcomes[way]]))

    def equal(self, way: Scenario, by: str) -> list[float]:
        """Return, for each repetition, the same number of labels for all that is as good."""
        fixed = [self.outcomes[Scenario(k)] for k in range(1, self.cap + 1)]
        return [
            equal_redundancy(np.array([each[number][by] for each in fixed]), outcome[by])
            for number, outcome in enumerate(self.outcomes[way])
        ]

    def saved(self, way: Scenario, by: str) -> list[float]:
        """Return, for each repetition, the share of labels that is saved by it."""
        spent = [outcome["per_clip"] for outcome in self.outcomes[way]]
        return [1 - n / k for n, k in zip(spent, self.equal(way, by), strict=True)]

    def gained(self, way: Scenario, over: Scenario, by: str) -> Figure:
        """Return how much more of a figure one way has than another, in the same campaigns."""
        pairs = zip(self.outcomes[way], self.outcomes[over], strict=True)
        return figure([one[by] - other[by] for one, other in pairs])


def play_all(
    difficulty: Difficulty,
    crew: Crew,
    question: Question,
    repetitions: Sequence[int],
    watch: Watch,
) -> Played:
    """Run the question's scenarios, and as many labels of every clip from 1 to their most."""
    size = size_of(question)
    fixed = [Scenario(k) for k in range(1, question.cap + 1)]
    ways = [*fixed, *(way for way in question.scenarios if way.most is not None)]
    outcomes: dict[Scenario, list[Outcome]] = {way: [] for way in ways}
    for number in repetitions:
        rng = np.random.default_rng([question.seed, number])
        hired = hire(replace(crew, annotators=size.annotators), question.classes, rng)
        said = say(difficulty, hired, size.clips, question.cap, rng)
        for way in ways:
            outcomes[way].append(judge(said, *collect(said, way)))
        watch(1 / len(repetitions))
    return Played(outcomes, question.cap)
