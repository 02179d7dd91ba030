"""Drawing a batch: what to ask next, why, and how likely each pick was."""

from dataclasses import dataclass, field

import numpy as np

from active_learning.strategies.batch import Batch, Reason, Shares
from active_learning.strategies.diversity import Spread
from active_learning.strategies.drawing import Mask, Pick, draw, draw_evenly
from active_learning.strategies.pool import Pool, prior_information
from active_learning.strategies.utilities import Array, Strategy, margin

UTILITY_POWER = 2.0
SHORTLIST = 4  # Clips compared for spread, per clip that is wanted.
COLD_POWER = 8.0  # Of the distance: a k-centre that still has a probability.


def compose_batch(
    pool: Pool,
    size: int,
    *,
    seed: int,
    shares: Shares | None = None,
    strategy: Strategy = margin,
) -> Batch:
    """Draw a batch of `size` from the pool; fewer where the pool is smaller.

    Audit first, uniformly among new clips. Then the informative part: by squared utility times
    squared distance (k-means++) among a shortlist of the most useful, 10 % of each draw uniform
    over all; old clips, with `pool.information`, get as many of these places as they have among
    the most useful. Then the diverse part: by squared distance from all that is labelled or
    drawn, times the shortfall of the clip's slice. Without members (cold start) the rest after
    the audit is half stratified random, half a softened k-centre.

    Args:
        pool: the candidates; see `Pool`.
        size: of the whole batch, with what `shares` leaves to repeats, gold and experts.
        seed: of every draw.
        shares: how it is divided; the product's usual shares by default.
        strategy: utility of new clips; margin over the committee's mean by default.
    """
    informative, diverse, audit = (shares or Shares()).counts(size)
    draft = _Draft(pool, np.random.default_rng(seed))
    draft.add_audit(audit)
    if pool.members is None:
        draft.add_cold_start(informative + diverse)
        return draft.finished()

    utilities = pool_utilities(pool, strategy)
    old = _old_places(pool, utilities, informative)
    draft.add_informative(informative - old, utilities)
    draft.add_old(old, utilities)
    draft.add_diverse(diverse)
    return draft.finished()


@dataclass
class _Draft:
    """A batch in the making: what is drawn, what is left, what lies far from it."""

    pool: Pool
    rng: np.random.Generator
    picks: list[Pick] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.left = self.pool.is_new
        self.spread = Spread(self.pool.vectors, self.pool.covered)

    def add_audit(self, count: int) -> None:
        picks = draw_evenly(self._possible(count), self.left, self.rng)
        for pick in picks:
            self.spread.cover(pick.clip)
        self._add(picks, "audit")

    def add_informative(self, count: int, utilities: Array) -> None:
        count = self._possible(count)
        weights = _shortlisted(utilities, count, self.left)
        self._add(self.spread.draw(count, weights, self.left, self.rng), "informative")

    def add_old(self, count: int, utilities: Array) -> None:
        """Old clips lie on the covered ones, so they are spread out among themselves alone."""
        left = ~self.pool.is_new
        weights = _shortlisted(utilities, count, left)
        picks = Spread(self.pool.vectors).draw(count, weights, left, self.rng)
        self._add(picks, "informative")

    def add_diverse(self, count: int) -> None:
        weights = self.pool.shortfall
        picks = self.spread.draw(self._possible(count), weights, self.left, self.rng)
        self._add(picks, "diverse")

    def add_cold_start(self, count: int) -> None:
        count = self._possible(count)
        for _ in range(count - count // 2):
            pick = draw(self.pool.stratified(self.left), self.left, self.rng)
            self.left[pick.clip] = False
            self.spread.cover(pick.clip)
            self._add([pick], "cold-start")
        self.spread.power = COLD_POWER
        even = np.ones(len(self.left))
        self._add(self.spread.draw(count // 2, even, self.left, self.rng), "cold-start")

    def finished(self) -> Batch:
        indices = np.array([pick.clip for pick in self.picks], dtype=np.intp)
        probabilities = np.array([pick.probability for pick in self.picks], dtype=np.float64)
        return Batch(indices, np.array(self.reasons, dtype=np.str_), probabilities)

    def _possible(self, count: int) -> int:
        return min(count, int(self.left.sum()))

    def _add(self, picks: list[Pick], reason: Reason) -> None:
        self.picks += picks
        self.reasons += [reason] * len(picks)


def pool_utilities(pool: Pool, strategy: Strategy) -> Array:
    """Return utilities (n,) of new and old clips on one scale, 0 to 1.

    New ones as a share of the strategy's greatest; old ones as the share of the information
    that a clip without any vote would hold.
    """
    if pool.members is None:
        raise ValueError("Utilities need a committee; a cold start has none.")
    utilities = strategy(pool.members, pool.vectors)
    greatest = utilities.max(initial=0.0, where=pool.is_new)
    utilities = utilities / greatest if greatest > 0 else utilities
    if pool.information is None:
        return utilities
    known = pool.information / prior_information(pool.members.shape[2])
    return np.where(pool.is_new, utilities, np.clip(known, 0.0, 1.0))


def _old_places(pool: Pool, utilities: Array, count: int) -> int:
    """How many of the `count` most useful clips have labels already."""
    if pool.is_new.all() or not count:
        return 0
    most_useful = np.argsort(-utilities, kind="stable")[:count]
    return int((~pool.is_new[most_useful]).sum())


def _shortlisted(utilities: Array, count: int, left: Mask) -> Array:
    """Weights (n,): squared utility of the most useful clips left, ties included; 0 elsewhere."""
    wanted = min(SHORTLIST * count, int(left.sum()))
    if not wanted:
        return np.zeros(len(utilities))
    useful = np.where(left, utilities, -1.0)
    least = np.partition(useful, -wanted)[-wanted]
    return np.where(left & (useful >= least), utilities, 0.0) ** UTILITY_POWER
