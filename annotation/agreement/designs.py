"""Which clips are compared with which: balanced random pairs and best-worst fours.

Whatever the size of a comparison, a design holds to the same rules: every clip is in about the same
number of comparisons, no comparison is asked twice, no clip stands in one twice, two clips meet as
seldom as can be, and all hang together, so that every clip can be ranked against every other.
Random designs of this kind are as good as far more laborious ones for best-worst scaling:
Kiritchenko & Mohammad (2016), "Capturing Reliable Fine-Grained Sentiment Associations by
Crowdsourcing and Best-Worst Scaling", with 2N fours of N items, each item in eight.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import combinations
from math import ceil, comb

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

Group = tuple[int, ...]

TRIES = 24
# Up to so many possible comparisons, the best next one is looked for among all of them.
FEW = 500


class NoDesignError(ValueError):
    """There are too few clips to compare."""


def design(
    items: Iterable[int], size: int, each: int, *, seed: int | str, made: Iterable[Group] = ()
) -> list[Group]:
    """Return the comparisons to add so that each of `items` is in about `each` of them.

    Args:
        items: what is compared; any numbers from 0 on, each once.
        size: how many stand in one comparison, 2 for pairs.
        each: in how many comparisons an item should be; fewer where there are not so many.
        seed: of all that is random.
        made: comparisons asked before. They are not asked again, and count for their items unless
            one of them is no longer among `items`. Newcomers are compared with the others, too.

    Raises:
        NoDesignError: there are fewer items than one comparison needs.

    >>> design([1, 2, 3], 2, 2, seed=0)
    [(1, 2), (2, 3), (1, 3)]
    """
    known = sorted(set(items))
    if len(known) < size:
        raise NoDesignError(f"A comparison needs {size} clips; there are {len(known)}.")
    plan = _Plan(known, size, min(each, comb(len(known) - 1, size - 1)), random.Random(seed))  # noqa: S311
    for group in made:
        plan.remember(tuple(sorted(group)))
    if comb(len(known), size) <= FEW:
        plan.choose_among_all()
    else:
        plan.deal()
    plan.connect()
    return plan.new


class _Plan:
    """A design on its way: who met whom, and who still wants comparisons."""

    def __init__(self, items: list[int], size: int, each: int, chance: random.Random) -> None:
        self.items, self.size, self.each, self.chance = items, size, each, chance
        self.known = set(items)
        self.must = ceil(each * (size - 1) / (len(items) - 1))
        self.made: set[Group] = set()
        self.new: list[Group] = []
        self.times: Counter[int] = Counter()
        self.met: Counter[Group] = Counter()

    def remember(self, group: Group) -> None:
        self.made.add(group)
        if self.known.issuperset(group):
            self.times.update(group)
            self.met.update(combinations(group, 2))

    def add(self, members: Iterable[int]) -> None:
        group = tuple(sorted(members))
        self.remember(group)
        self.new.append(group)

    def wants(self, item: int) -> int:
        return max(0, self.each - self.times[item])

    def choose_among_all(self) -> None:
        """Add, as long as an item wants one, the comparison that helps most and repeats least."""
        left = [group for group in combinations(self.items, self.size) if group not in self.made]
        self.chance.shuffle(left)
        while left and any(map(self.wants, self.items)):
            helpful = [group for group in left if any(map(self.wants, group))]
            if not helpful:
                return
            best = min(helpful, key=self._cost)
            left.remove(best)
            self.add(best)

    def _cost(self, group: Group) -> tuple[int, int, int]:
        full = sum(not self.wants(item) for item in group)
        times = sum(self.times[item] ** 2 for item in group)
        return full, times, sum(self.met[pair] for pair in combinations(group, 2))

    def deal(self) -> None:
        """Deal comparisons from a shuffled deck with a card for every place that is wanted."""
        leaders = self._shuffled({item: self.wants(item) for item in self.items})
        cards = Counter(leaders) + self._guests(len(leaders))
        deck = self._shuffled(cards)
        while leaders:
            leader = leaders.pop()
            if not self.wants(leader):
                continue
            group = [leader]
            while len(group) < self.size and (item := self._companion(group, deck, cards)) >= 0:
                group.append(item)
            if len(group) == self.size:
                cards.subtract(group)
                self.add(group)

    def _shuffled(self, cards: dict[int, int]) -> list[int]:
        deck = [item for item, n in cards.items() for _ in range(n)]
        self.chance.shuffle(deck)
        return deck

    def _guests(self, wanted: int) -> Counter[int]:
        """Return cards of items that want none, so that newcomers meet them as chance would."""
        wanting = sum(bool(self.wants(item)) for item in self.items)
        hosts = [item for item in self.items if not self.wants(item)]
        if not wanting or not hosts:
            return Counter()
        at_once = 1 + (self.size - 1) * (wanting - 1) / (len(self.items) - 1)
        places = ceil(wanted / at_once * (self.size - at_once))
        self.chance.shuffle(hosts)
        hosts.sort(key=lambda item: self.times[item])
        return Counter(hosts[i % len(hosts)] for i in range(places))

    def _companion(self, group: list[int], deck: list[int], cards: Counter[int]) -> int:
        """Draw a card whose item has met those of `group` least; where none fits, look at all.

        In pairs nobody meets twice: `_may_join` sees to it, a pair being the whole comparison.
        """
        best, least = -1, -1
        for _ in range(TRIES):
            item = self._drawn(deck, cards)
            if not self._may_join(group, item) or self._meet_too_often(group, item):
                continue
            meetings = self._meetings(group, item)
            if least < 0 or meetings < least:
                best, least = item, meetings
            if least == 0:
                break
        return best if least >= 0 else self._any(group)

    def _drawn(self, deck: list[int], cards: Counter[int]) -> int:
        """Return the item of a card in the deck; -1 where the card is used up, or none is left."""
        if not deck:
            return -1
        place = self.chance.randrange(len(deck))
        item = deck[place]
        if cards[item] > 0:
            return item
        deck[place] = deck[-1]
        deck.pop()
        return -1

    def _meetings(self, group: Sequence[int], item: int) -> int:
        return sum(self.met[min(item, one), max(item, one)] for one in group)

    def _may_join(self, group: list[int], item: int) -> bool:
        if item < 0 or item in group:
            return False
        return len(group) + 1 < self.size or tuple(sorted([*group, item])) not in self.made

    def _meet_too_often(self, group: Sequence[int], item: int) -> bool:
        """Whether a pair would meet twice more than it must: the last cards are often the same."""
        return any(self.met[min(item, one), max(item, one)] > self.must for one in group)

    def _any(self, group: list[int]) -> int:
        """Return the item least met and least used that makes a comparison not yet asked, or -1."""
        fitting = [item for item in self.items if self._may_join(group, item)]
        self.chance.shuffle(fitting)
        return min(
            fitting,
            key=lambda item: (self._meetings(group, item), self.times[item]),
            default=-1,
        )

    def connect(self) -> None:
        """Add comparisons across, until all items hang together."""
        while len(islands := self._islands()) > 1:
            self.chance.shuffle(islands)
            group = [self.chance.choice(island) for island in islands[: self.size]]
            while len(group) < self.size:
                group.append(self._any(group))
            self.add(group)

    def _islands(self) -> list[list[int]]:
        """Return the items in groups of those that comparisons tie together."""
        number = {item: i for i, item in enumerate(self.items)}
        ties = [(number[one], number[other]) for one, other in self.met]
        ends = np.array(ties, dtype=np.int64).reshape(-1, 2).T
        graph = coo_array((np.ones(len(ties)), ends), shape=(len(number), len(number)))
        n, island = connected_components(graph, directed=False)
        islands: list[list[int]] = [[] for _ in range(n)]
        for item, at in zip(self.items, island, strict=True):
            islands[at].append(item)
        return islands
