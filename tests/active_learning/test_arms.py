"""The control arm: what picking bought, on clips of people whom neither arm saw."""

from __future__ import annotations

import numpy as np
import pytest

from active_learning import arms
from active_learning.computing import Training


def drawn(n: int, reason: str, seed: int, *, noise: float = 0.5) -> Training:
    """n clips of ten people, whose first coordinate tells the class as far as noise allows."""
    rng = np.random.default_rng(seed)
    of_second = rng.random(n) < 0.5
    vectors = rng.normal(0, noise, (n, 3)).astype(np.float32)
    vectors[:, 0] += np.where(of_second, 1, -1)
    return Training(
        vectors=vectors,
        soft=np.where(of_second[:, None], [0.05, 0.95], [0.95, 0.05]),
        weights=np.ones(n),
        effective_n=np.full(n, 3.0),
        persons=np.arange(n) % 10,
        uniform=np.full(n, reason == "random"),
        reasons=np.full(n, reason),
        traits=np.array([{} for _ in range(n)], dtype=np.object_),
    )


def together(*parts: Training) -> Training:
    columns = Training.__dataclass_fields__
    return Training(*(np.concatenate([getattr(part, c) for part in parts]) for c in columns))


TEST = drawn(60, "test", 99)


def test_both_arms_have_as_many_clips_and_are_judged_alike() -> None:
    known = together(drawn(80, "random", 1), drawn(40, "informative", 2))

    told = arms.control("logistic", known, TEST, seed=1)

    assert (told["n_clips"], told["n_labels"]) == (40, 120)
    assert told["random"]["n"] == told["active"]["n"] == 60
    assert told["difference"]["value"] == pytest.approx(
        told["active"]["value"] - told["random"]["value"]
    )


def test_an_arm_that_learned_nothing_is_told_to_be_worse_with_an_interval_below_zero() -> None:
    useless = drawn(60, "informative", 2, noise=50.0)
    known = together(drawn(60, "random", 1), useless)

    difference = arms.control("logistic", known, TEST, seed=1)["difference"]

    assert difference["high"] < 0


def test_the_same_seed_gives_the_same_arms() -> None:
    known = together(drawn(80, "random", 1), drawn(40, "diverse", 2))

    first = arms.control("logistic", known, TEST, seed=3)

    assert first == arms.control("logistic", known, TEST, seed=3)


@pytest.mark.parametrize(
    ("by_chance", "chosen", "tested"), [(29, 60, 60), (60, 29, 60), (60, 60, 29)]
)
def test_with_too_few_clips_nothing_is_compared(by_chance: int, chosen: int, tested: int) -> None:
    known = together(drawn(by_chance, "random", 1), drawn(chosen, "informative", 2))

    assert arms.control("logistic", known, drawn(tested, "test", 3), seed=1) == {}
