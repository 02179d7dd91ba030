"""The same answer again and again, beyond what the clips that were served explain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from annotation.agreement.answers import Bools, Floats, Ints, sums_by

ALARM = 5.0
# As likely as a z beyond 5.
RARE = 3e-7
ENOUGH_STEPS = 20
# So much more often than explained, as a share of the steps: many make any difference certain.
WORTH_A_LOOK = 0.1
# Who calls two classes by one name repeats it more often: how much of the expected answers is by
# an annotator's own table, for `reading.in_their_own_way`.
PART = 0.6
LEAST_VARIANCE = 1e-9
SMALLEST = 1e-12


@dataclass(frozen=True, eq=False)
class Runs:
    """How often each annotator repeats the answer just given; each (n_annotators,).

    steps: from one answer to the next; repeats: those that did not change it; expected: how many
    the clips explain; z: their difference in standard deviations, NaN without steps.
    longest: the longest run of one answer; chance: how likely so long a run is for these clips.
    """

    steps: Ints
    repeats: Ints
    expected: Floats
    z: Floats
    longest: Ints
    chance: Floats

    def alarming(
        self,
        threshold: float = ALARM,
        rare: float = RARE,
        least: int = ENOUGH_STEPS,
        beyond: float = WORTH_A_LOOK,
    ) -> Ints:
        """Return who repeats too much on the whole, or has one run that clips do not explain."""
        much = (self.z > threshold) & (self.repeats - self.expected > beyond * self.steps)
        return np.flatnonzero((much | (self.chance < rare)) & (self.steps >= least))


def runs(annotator: Ints, label: Ints, shares: Floats, n_annotators: int) -> Runs:
    """Return how the repeats of each annotator compare with the clips they were served.

    `annotator` and `label` (n_labels,) stand in the order the labels were given; `shares`
    (n_labels, K) is what the annotator would say of each label's clip by looking
    (`reading.in_their_own_way`, with `PART`). Who looks repeats an answer at the next clip with
    probability `r_t = sum_c p_t(c) p_{t+1}(c)`; steps that share a clip hang together:

        z = sum_t ([y_t = y_{t+1}] - r_t) / sqrt(sum_t r_t (1 - r_t) + 2 sum_t cov_t)
        cov_t = sum_c p_t(c) p_{t+1}(c) p_{t+2}(c) - r_t r_{t+1}

    `chance` is 1 - exp(-lambda), lambda the expected number of runs as long as the longest one.
    So one is innocent who was served neutral clips in a row; a z is a reason to look.

    Source: Wald & Wolfowitz (1940), "On a test whether two samples are from the same population",
    with probabilities that differ from step to step; Johnson (2005) on long strings; Arratia,
    Goldstein & Gordon (1990), "Poisson approximation and the Chen-Stein method".

    >>> who, even = np.zeros(40, dtype=int), np.full((40, 4), 0.25)
    >>> found = runs(who, np.zeros(40, dtype=int), even, 1)
    >>> int(found.longest[0]), float(found.expected[0]), float(found.z[0].round(1))
    (40, 9.75, 10.8)
    """
    order = np.argsort(annotator, kind="stable")
    who, said, p = annotator[order], np.asarray(label)[order], shares[order]
    within = who[1:] == who[:-1]
    same = (said[1:] == said[:-1]) & within
    chance = np.where(within, np.einsum("ij,ij->i", p[1:], p[:-1]), 0.0)

    spent = sums_by(who[1:], _variance(p, chance, within), n_annotators)
    steps = np.bincount(who[1:], within, n_annotators).astype(np.int64)
    repeats = np.bincount(who[1:], same, n_annotators).astype(np.int64)
    expected = sums_by(who[1:], chance, n_annotators)
    spread = np.sqrt(np.maximum(spent, LEAST_VARIANCE))
    z = np.where(steps > 0, (repeats - expected) / spread, np.nan)
    longest, rare = _longest(who, same, p, n_annotators)
    return Runs(steps, repeats, expected, z, longest, rare)


def _variance(p: Floats, chance: Floats, within: Bools) -> Floats:
    """What each step adds to the variance, its covariance with the step before included."""
    found: Floats = chance * (1 - chance)
    if len(p) > 2:
        thrice = np.einsum("ij,ij,ij->i", p[2:], p[1:-1], p[:-2])
        together = thrice - chance[1:] * chance[:-1]
        found[1:] += np.where(within[1:] & within[:-1], 2 * together, 0.0)
    return found


def _longest(who: Ints, same: Bools, p: Floats, n_annotators: int) -> tuple[Ints, Floats]:
    """The longest run of each annotator, and how likely it is."""
    starts = np.flatnonzero(np.concatenate([[True], ~same])) if len(who) else np.array([], int)
    lengths = np.diff(np.append(starts, len(who)))
    longest = np.zeros(n_annotators, dtype=np.int64)
    np.maximum.at(longest, who[starts], lengths)
    sizes = np.bincount(who, minlength=n_annotators)
    ends = np.cumsum(sizes)
    own = zip(ends - sizes, ends, longest, strict=True)
    rare = [_chance(p[start:end], int(n)) for start, end, n in own]
    return longest, np.array(rare)


def _chance(p: Floats, length: int) -> float:
    """How likely a run of `length` is somewhere in the answers to these clips, (n, K)."""
    if length < 2:
        return 1.0
    logs = np.cumsum(np.log(np.maximum(p, SMALLEST)), axis=0)
    logs = np.concatenate([np.zeros((1, p.shape[1])), logs])
    whole = np.exp(logs[length:] - logs[:-length])
    # A run that goes on is the same run: only where another answer stands before it is it new.
    whole[1:] *= 1 - p[: len(whole) - 1]
    return float(-np.expm1(-whole.sum()))
