"""The effect of context: none where there is none, and found where it was planted."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers
from annotation.agreement.context_effect import context_effect

N, EACH, K = 300, 5, 4


def labels(shares: np.ndarray, people: int, seed: int) -> Answers:
    """Draw `EACH` labels of every task, by people numbered from `people`."""
    rng = np.random.default_rng(seed)
    said = np.concatenate([rng.choice(K, EACH, p=row) for row in shares])
    who = np.tile(np.arange(people, people + EACH), len(shares))
    return Answers(np.repeat(np.arange(len(shares)), EACH), who, said, len(shares), 2 * EACH, K)


@pytest.mark.parametrize("seed", range(5))
def test_context_that_changes_nothing_has_no_effect(seed: int) -> None:
    shares = np.random.default_rng(seed).dirichlet(np.ones(K), N)

    found = context_effect(labels(shares, 0, seed), labels(shares, EACH, seed + 50), seed=seed)

    assert abs(found.value) < 0.02


def test_a_planted_effect_is_found_and_lies_above_zero() -> None:
    before = np.random.default_rng(0).dirichlet(np.ones(K), N)
    after = np.roll(before, 1, axis=1)

    found = context_effect(labels(before, 0, 1), labels(after, EACH, 2))

    assert found.low > 0.05
    assert found.low < found.value < found.high


def test_without_a_task_that_has_both_there_is_no_effect_to_tell() -> None:
    none = np.zeros(0, dtype=np.int64)
    nothing = Answers(none, none, none, 1, 1, K)

    with pytest.raises(ValueError, match="No task"):
        context_effect(nothing, nothing)
