"""Drawing a batch: what to ask next, why, and how likely each pick was."""

from functools import partial

import numpy as np

from active_learning.strategies.batch import Batch, Reason, Shares
from active_learning.strategies.clusters import Clusters
from active_learning.strategies.diversity import Spread
from active_learning.strategies.drawing import Indices, Pick, Urn
from active_learning.strategies.pool import Pool
from active_learning.strategies.registry import STRATEGIES, Strategy, spread_out
from active_learning.strategies.shortlisting import shortlist
from active_learning.strategies.utilities import Array

LEAST_SAMPLE, LARGEST_SAMPLE = 1024, 65_536
REPEAT_SHORTLIST = 4
SAMPLE = 8  # Clips looked at, per clip that is wanted for being unlike the others.


def compose_batch(
    pool: Pool,
    size: int,
    *,
    seed: int,
    shares: Shares | None = None,
    strategy: Strategy = STRATEGIES["margin"],
) -> Batch:
    """Draw a batch of `size` from the pool; fewer where the pool is smaller.

    Audit first, uniformly among new clips. Then the informative part, by the strategy's score of
    utility and distance among a shortlist of the most useful; where `pool.information` is known,
    clips with labels get as many of these places as they have among the clips of which one more
    label would tell most, and are drawn by that. Then the diverse part, half by squared distance
    from all that is labelled or drawn, half from the slices that lag behind. At a cold start the
    rest after the audit is half stratified by slice, half typical clips of clusters; without slices
    it is all typical. A tenth of every draw is uniform over all that may be drawn.

    The cost is one look at every utility and the distances within the shortlists, so it grows
    with the pool as predicting it does.

    Args:
        pool: the candidates; see `Pool`.
        size: of the whole batch, with what `shares` leaves to gold and experts.
        seed: of every draw.
        shares: how it is divided; the product's usual shares by default.
        strategy: of the informative part; see `STRATEGIES`.
    """
    informative, diverse, audit = (shares or Shares()).counts(size)
    draft = _Draft(pool, np.random.default_rng(seed))
    draft.add_audit(audit)
    if pool.utilities is None:
        draft.add_cold_start(informative + diverse)
        return draft.finished()
    repeats = _places_of_labelled(pool, informative)
    draft.add_informative(informative - repeats, strategy)
    draft.add_repeats(repeats)
    lagging = diverse // 2 if pool.slices is not None else 0
    draft.add_diverse(diverse - lagging)
    draft.add_shortfall(lagging)
    return draft.finished()


class _Draft:
    """A batch in the making."""

    def __init__(self, pool: Pool, rng: np.random.Generator) -> None:
        self.pool = pool
        self.rng = rng
        self.picks: list[Pick] = []
        self.reasons: list[Reason] = []
        self.new = Urn(pool.is_new & pool.may_be_chosen, rng)
        self.old = Urn(~pool.is_new & pool.may_be_chosen, rng)

    def add_audit(self, count: int) -> None:
        """Every new clip has the same chance, also those that nothing else may choose."""
        urn = Urn(self.pool.is_new, self.rng) if self.pool.only_by_chance is not None else self.new
        picks = [urn.evenly() for _ in range(min(count, urn.count))]
        if urn is not self.new:
            self.new = Urn(urn.left & self.pool.may_be_chosen, self.rng)
        self._add(picks, "audit")

    def add_informative(self, count: int, strategy: Strategy) -> None:
        count = min(count, self.new.count)
        if strategy.score is None:
            self._add([self.new.evenly() for _ in range(count)], "informative")
            return
        rows, useful = shortlist(self.pool.utilities, strategy.shortlist * count, self.new)
        weigh = partial(strategy.score, useful, self._unlabelled())
        self._add(self._spread(rows).draw(count, self.new, weigh), "informative")

    def add_repeats(self, count: int) -> None:
        """Clips with labels lie on the covered ones, so they are spread among themselves alone."""
        rows, useful = shortlist(self.pool.information, REPEAT_SHORTLIST * count, self.old)
        weigh = partial(spread_out, useful, 0.0)
        self._add(Spread(self.pool.vectors, rows).draw(count, self.old, weigh), "repeat")

    def add_diverse(self, count: int) -> None:
        """Draw by distance among a sample that chance took: q is given that sample."""
        count = min(count, self.new.count)
        rows = self.new.some(_enough(count))
        weigh = partial(spread_out, np.ones(len(rows)), 1.0)
        self._add(self._spread(rows).draw(count, self.new, weigh), "diverse")

    def add_shortfall(self, count: int) -> None:
        count = min(count, self.new.count)
        rows, weights = self._stratified(count, _enough(count))
        # The square root, since the score squares what it is given.
        weigh = partial(spread_out, np.sqrt(weights), 1.0)
        self._add(self._spread(rows).draw(count, self.new, weigh), "shortfall")

    def add_cold_start(self, count: int) -> None:
        count = min(count, self.new.count)
        stratified = count // 2 if self.pool.slices is not None else 0
        rows, weights = self._stratified(stratified, LARGEST_SAMPLE)
        self._add(self.new.among(rows, weights, stratified), "cold-start")
        self._add_typical(count - stratified)

    def finished(self) -> Batch:
        indices = np.array([pick.clip for pick in self.picks], dtype=np.intp)
        probabilities = np.array([pick.probability for pick in self.picks], dtype=np.float64)
        return Batch(indices, np.array(self.reasons, dtype=np.str_), probabilities)

    def _add_typical(self, count: int) -> None:
        if not count:
            return
        rows, vectors = self.new.some(_enough(count)), self.pool.vectors
        drawn = np.asarray(vectors[[pick.clip for pick in self.picks]])
        covered = drawn if self.pool.covered is None else np.vstack([self.pool.covered, drawn])
        clusters = Clusters(vectors, rows, covered, count, self.rng)
        self._add(clusters.draw(count, self.new), "cold-start")

    def _stratified(self, count: int, most: int) -> tuple[Indices, Array]:
        """Up to `most` clips, with weights that give each slice the same chance times its lag."""
        rows = self.new.some(LARGEST_SAMPLE if count else 0)
        if len(rows) > most:
            chances = self._slice_weights(rows)
            chances /= chances.sum()
            rows = np.sort(self.rng.choice(rows, most, replace=False, p=chances, shuffle=False))
        return rows, self._slice_weights(rows)

    def _slice_weights(self, rows: Indices) -> Array:
        slices = self.pool.slice_of(rows)
        size = np.bincount(slices, minlength=len(self.pool.lag))
        weights: Array = self.pool.lag[slices] / size[slices]
        return weights

    def _spread(self, rows: Indices) -> Spread:
        """The rows, far from what is labelled and from what the batch holds already."""
        spread = Spread(self.pool.vectors, rows, self.pool.covered)
        spread.cover([pick.clip for pick in self.picks])
        return spread

    def _unlabelled(self) -> float:
        covered = 0 if self.pool.covered is None else len(self.pool.covered)
        return len(self.pool) / max(1, len(self.pool) + covered)

    def _add(self, picks: list[Pick], reason: Reason) -> None:
        self.picks += picks
        self.reasons += [reason] * len(picks)


def _enough(count: int) -> int:
    return max(LEAST_SAMPLE, SAMPLE * count) if count else 0


def _places_of_labelled(pool: Pool, count: int) -> int:
    """How many of the `count` clips of which one more label would tell most have labels already."""
    if pool.information is None or pool.labelled is None or not count:
        return 0
    worth = np.where(pool.may_be_chosen, pool.information, -1.0)
    most = np.argpartition(-worth, min(count, len(pool)) - 1)[:count]
    return int((pool.labelled & pool.may_be_chosen)[most].sum())
