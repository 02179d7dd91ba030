"""A campaign from its first label to its last, round by round."""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from active_learning import evaluation
from active_learning.learners import LEARNERS, NotEnoughLabelsError
from active_learning.learners.learner import Array
from active_learning.simulating.arms import Arm
from active_learning.simulating.others import expected_by_others
from active_learning.simulating.sketch import MEMBERS, Sketch
from active_learning.simulating.world import Crowd, Mask, Votes, World
from active_learning.strategies import (
    STRATEGIES,
    Middle,
    Pool,
    Shares,
    compose_batch,
    expected_information,
)
from active_learning.targets import LEAST
from active_learning.threads import one_thread
from annotation.agreement.dirichlet import fit_prior
from annotation.agreement.stopping import worth_asking

LEAST_SHARE = 0.01
INFORMATIVE = Shares(informative=1.0, diverse=0.0, audit=0.0)
Rows = npt.NDArray[np.intp]


class Curve(NamedTuple):
    """How good the learner is after each round, on people it never saw.

    labels: (R,) spent so far; accuracy: (R,) on the plurality of all; log_loss: (R,) in nats.
    """

    labels: Rows
    accuracy: Array
    log_loss: Array


class Length(NamedTuple):
    """So many labels in all, and so many rounds in which they are spent."""

    budget: int
    rounds: int


@one_thread()
def play(
    world: World, arm: Arm, test: Mask, length: Length, *, seed: int, crowd: Crowd | None = None
) -> Curve:
    """Spend a budget of labels in rounds, and say after each what the learner is worth.

    Every arm gets its first round's clips by chance. Nobody of the test is labelled or learned
    from, and what is learned is judged by all votes on the test's clips.

    Args:
        world: the collection.
        arm: how the campaign is run.
        test: (n,) clips to judge by; see `World.held_out`.
        length: of the campaign; fewer labels are spent where everybody has said everything.
        seed: of the order of clips and answers, and of every draw.
        crowd: who answers; by default everybody looks.
    """
    campaign = _Campaign(world, arm, np.flatnonzero(~test), seed, crowd)
    told = []
    for number in range(1, length.rounds + 1):
        spent = campaign.spend(round(length.budget * number / length.rounds))
        told.append((spent, *campaign.judge(test)))
    labels, accuracy, log_loss = zip(*told, strict=True)
    return Curve(np.array(labels), np.array(accuracy), np.array(log_loss))


class _Campaign:
    """One arm on its way."""

    def __init__(self, world: World, arm: Arm, clips: Rows, seed: int, crowd: Crowd | None) -> None:
        self.world, self.arm, self.clips, self.seed = world, arm, clips, seed
        self.votes = Votes(world, seed, crowd)
        self.counts = self.votes.counts
        self.learner: Any = None
        self.expected: Array | None = None
        self.rng = np.random.default_rng(seed)
        self.draws = 0

    def spend(self, labels: int) -> int:
        """Ask until so many labels are there, then learn; return how many are."""
        self._ask_again(labels - int(self.votes.given.sum()))
        while (left := labels - int(self.votes.given.sum())) > 0:
            picked = self._picked(left)
            if not len(picked) and not self._ask_again(left):
                break
            for clip in picked:
                left -= self.votes.ask(int(clip), min(self.arm.labels, max(left, 0)))
        self.counts = self.votes.weighed()
        self._learn()
        return int(self.votes.given.sum())

    def _ask_again(self, labels: int) -> int:
        """Ask once more about each clip that has not settled; return how many labels came."""
        if self.arm.most is None or not self.votes.given.any():
            return 0
        counts, (s, m) = self.votes.weighed(), self._prior()
        wanted = worth_asking(counts + s * m, counts.sum(axis=1))
        wanted &= (self.votes.given > 0) & (self.votes.given < self.arm.most)
        return sum(self.votes.ask(int(clip)) for clip in np.flatnonzero(wanted)[:labels])

    def judge(self, test: Mask) -> tuple[float, float]:
        """Return accuracy and log-loss on the clips of the test (n,)."""
        truth = self.world.truth[test]
        if self.learner is None:
            predicted = np.tile(self._prior()[1], (len(truth), 1))
        else:
            predicted = self.learner.predict_proba(self.world.vectors[test])
        hits, losses = evaluation.accuracy(predicted, truth), evaluation.log_loss(predicted, truth)
        return float(hits.mean()), float(losses.mean())

    def _picked(self, labels: int) -> Rows:
        """The next clips, enough for so many labels."""
        wanted = -(-labels // self.arm.labels)
        open_ = self.clips[self._open[self.clips]]
        if not len(open_):
            return open_
        if self.learner is not None and self.arm.ask:
            return self._asked(self.arm.ask, open_)[:wanted]
        if not self.arm.again or self.learner is None:
            new = open_[self.votes.given[open_] == 0]
            open_ = new if len(new) else open_
        if self.learner is None or (self.arm.strategy == "random" and not self.arm.again):
            return self.rng.permutation(open_)[:wanted]
        self.draws += 1
        batch = compose_batch(
            self._pool(open_),
            wanted,
            seed=self.seed * 1000 + self.draws,
            shares=INFORMATIVE,
            strategy=STRATEGIES[self.arm.strategy],
        )
        return open_[batch.indices]

    @property
    def _open(self) -> Mask:
        """Clips (n,) that may be picked; those that adaptive redundancy looks after may not."""
        return self.votes.left if self.arm.most is None else self.votes.given == 0

    def _asked(self, ask: Any, clips: Rows) -> Rows:
        known = np.flatnonzero(self.votes.given > 0)
        predicted = self.learner.predict_proba(self.world.vectors)
        if self.expected is not None:
            predicted[known] = self.expected
        labelled = self.votes.given[self.clips] > 0
        wanted = np.full(len(self.world.votes), -np.inf)
        wanted[self.clips] = ask(self.votes.table[self.clips], predicted[self.clips], labelled)
        ordered: Rows = clips[np.argsort(-wanted[clips], kind="stable")]
        return ordered

    def _pool(self, clips: Rows) -> Pool:
        vectors = self.world.vectors[clips]
        strategy, places = STRATEGIES[self.arm.strategy], self.learner.embed(vectors)
        predicted = self.learner.predict_proba(vectors)
        asked = strategy.asks_committee
        members = self.learner.predict_members(vectors) if asked else predicted[None]
        expected = (1 - LEAST_SHARE) * predicted + LEAST_SHARE / predicted.shape[1]
        known = self.clips[self.votes.given[self.clips] > 0]
        told = self._prior()[0] * expected + self.counts[clips]
        return Pool(
            vectors=places,
            utilities=strategy.utility(members, places, Middle.of(places)),
            covered=self.learner.embed(self.world.vectors[known]),
            labelled=self.votes.given[clips] > 0,
            information=expected_information(told),
        )

    def _prior(self) -> tuple[float, Array]:
        """s and m of the labels so far."""
        return fit_prior(self.counts[self.votes.given > 0])

    def _learn(self) -> None:
        known = np.flatnonzero(self.votes.given > 0)
        counts, vectors, groups = (
            self.counts[known],
            self.world.vectors[known],
            self.world.groups[known],
        )
        kind: Any = {**LEARNERS, "sketch": Sketch}[self.arm.learner]
        soft, weights = self._targets(counts)
        if self.arm.ask:
            self.expected = expected_by_others(kind, vectors, soft, weights, groups, seed=self.seed)
        committee = STRATEGIES[self.arm.strategy].asks_committee and kind is Sketch
        extra = {"members": MEMBERS} if committee else {}
        try:
            self.learner = kind.fit(vectors, soft, weights, groups, seed=self.seed, **extra)
        except NotEnoughLabelsError:
            self.learner = None

    def _targets(self, counts: Array) -> tuple[Array, Array]:
        """Soft labels (n, K) and weights (n,) to learn from."""
        n = counts.sum(axis=1)
        if self.arm.targets == "majority":
            # The smallest of random numbers breaks ties and nothing else.
            top = (counts + 1e-6 * self.rng.random(counts.shape)).argmax(axis=1)
            return np.eye(counts.shape[1])[top], np.ones(len(counts))
        strength, base_rate = self._prior()
        smoothed = (strength * base_rate + counts) / (strength + n)[:, None]
        soft = (
            smoothed if self.arm.targets == "posterior" else counts / np.maximum(n, LEAST)[:, None]
        )
        return soft, n / (n + strength)
