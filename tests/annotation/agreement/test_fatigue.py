"""The running test finds where attention went, and seldom where it did not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Floats, Ints
from annotation.agreement.fatigue import BOUND, cusum
from annotation.agreement.gold import steps
from benchmarks._adversaries import pick

K = 5
EVEN = np.full(K, 1 / K)


def evidence(looking: Floats, seed: int = 0) -> Floats:
    """Return the evidence (n, ...) of labels that are honest with probability `looking`."""
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.full(K, 1 / K), size=looking.size)
    honest = rng.random(looking.size) < looking.ravel()
    label = np.where(honest, pick(shares, rng), rng.integers(0, K, looking.size))
    return steps(shares, label, EVEN)


def by_definition(added: Floats, bound: float) -> tuple[list[float], int, int]:
    total, sums, began, alarm = 0.0, [], 0, -1
    for i, one in enumerate(added.tolist()):
        total = max(0.0, total - one)
        sums.append(total)
        if total >= bound:
            alarm = i
            break
        if total == 0:
            began = i + 1
    return sums, alarm, began if alarm >= 0 else -1


@pytest.mark.parametrize("seed", range(5))
def test_it_is_pages_recursion(seed: int) -> None:
    added = np.random.default_rng(seed).normal(0.1, 1, 300)

    found = cusum(added, np.zeros(300, dtype=np.int64), 1, bound=5.0)

    _, alarm, began = by_definition(added, 5.0)
    sums, _, _ = by_definition(added, np.inf)
    assert (found.alarm[0], found.began[0]) == (alarm, began)
    assert found.standing[0] == pytest.approx(sums[-1])


def test_those_who_look_run_longer_to_a_false_alarm_than_is_promised() -> None:
    """At a bound of 4 e^4 = 55 labels at least; at 9 one in fifty has an alarm within 800."""
    people, each = 500, 800
    added = evidence(np.full(people * each, 0.9))
    who = np.arange(people).repeat(each)

    early = cusum(added, who, people, bound=4.0).alarm
    late = cusum(added, who, people).alarm

    # Those who had none within 800 ran at least as long.
    assert np.where(early < 0, each, early).mean() > np.exp(4)
    assert (late >= 0).mean() <= 1 - np.exp(-each / np.exp(BOUND))
    assert (late >= 0).mean() <= 0.02


def test_it_finds_where_attention_fades_and_not_before() -> None:
    people, each, begin, end = 200, 200, 80, 140
    nth = np.tile(np.arange(each), people)
    looking = 0.95 * np.clip((end - nth) / (end - begin), 0, 1)

    found = cusum(evidence(looking), np.arange(people).repeat(each), people)

    assert (found.alarm >= begin).mean() >= 0.98
    assert (found.alarm[found.alarm >= 0] >= begin).mean() >= 0.99
    assert begin <= np.median(found.began) <= end


def test_who_recovers_stands_well_again() -> None:
    looking = np.concatenate([np.zeros(40), np.full(400, 0.95)])

    found = cusum(evidence(looking), np.zeros(440, dtype=np.int64), 1)

    assert found.alarm[0] < 40
    assert found.standing[0] < BOUND / 2


def test_each_session_starts_afresh() -> None:
    """Ten careless labels a session are too few for a session, and enough for the whole."""
    added = np.tile([-0.5] * 10, 3)
    session = np.arange(3).repeat(10)

    assert not cusum(added, session, 3).alarmed.size
    assert cusum(added, np.zeros(30, dtype=np.int64), 1).alarmed.tolist() == [0]


def test_sequences_may_be_interleaved() -> None:
    added = evidence(np.full(600, 0.3))
    who: Ints = np.tile(np.arange(3), 200)
    order = np.argsort(who, kind="stable")

    one, other = cusum(added, who, 4), cusum(added[order], who[order], 4)

    assert np.array_equal(one.alarm, other.alarm)
    assert one.standing[3] == 0
    assert one.alarm[3] == one.began[3] == -1
