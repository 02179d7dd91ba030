"""Whether a group that reads clips otherwise is heard as much as the others."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Answers, Floats, Ints
from annotation.agreement.dissent import Groups, Publish, apart, by_group
from annotation.agreement.spam_mixture import SpamMixture
from benchmarks._adversaries import draw


def weighed(
    *, raters: int = 10, each: int = 40, minority: float = 0.6, seed: int = 0
) -> tuple[Answers, Floats, Ints]:
    """Thirty raters of group 0 with weights about .9, and `raters` of group 1 about `minority`."""
    rng = np.random.default_rng(seed)
    people = 30 + raters
    who = np.arange(people).repeat(each)
    group = (np.arange(people) >= 30).astype(np.int64)
    mean = np.where(group == 1, minority, 0.9) + rng.normal(0, 0.05, people)
    weights = np.clip(mean[who] + rng.normal(0, 0.1, len(who)), 0, 1)
    answers = Answers(np.tile(np.arange(each), people), who, np.zeros_like(who), each, people, 2)
    return answers, weights, group


def found(**of: float) -> Groups:
    return by_group(*weighed(**of), 2)  # type: ignore[arg-type]


def test_a_group_that_weighs_too_little_asks_for_its_own_distributions() -> None:
    assert found(minority=0.6).verdicts() == [Publish.TOGETHER, Publish.BY_GROUP]


def test_a_group_that_is_heard_does_not() -> None:
    assert found(minority=0.85).verdicts() == [Publish.TOGETHER, Publish.TOGETHER]


@pytest.mark.parametrize(("raters", "each"), [(4, 100), (10, 29)])
def test_of_few_raters_or_labels_nothing_is_said(raters: int, each: int) -> None:
    assert found(raters=raters, each=each).verdicts()[1] == Publish.TOO_FEW


def test_the_intervals_hold_what_the_raters_are_drawn_from() -> None:
    held = [
        (g.low[1] <= 0.6 <= g.high[1], g.ratio_low[1] <= 0.6 / 0.9 <= g.ratio_high[1])
        for g in (found(seed=seed) for seed in range(200))
    ]

    assert np.mean(held, axis=0) == pytest.approx([0.95, 0.96], abs=0.04)


def test_who_names_no_group_is_in_none() -> None:
    answers, weights, group = weighed()
    silent = np.where(np.arange(40) >= 35, -1, group)

    assert by_group(answers, weights, silent, 2).raters.tolist() == [30, 5]


def test_a_group_without_labels_has_no_weight() -> None:
    answers, weights, group = weighed()

    three = by_group(answers, weights, group, 3)

    assert np.isnan(three.weight[2])
    assert three.verdicts()[2] == Publish.TOO_FEW


def test_one_rater_has_no_interval() -> None:
    one = found(raters=1)

    assert np.isfinite(one.weight[1])
    assert np.isnan(one.low[1])


def test_fitted_apart_a_group_is_heard_in_full() -> None:
    drawn = draw(["honest"] * 30 + ["minority"] * 10, 100, k=4)
    group = (np.array(drawn.profile) == "minority").astype(np.int64)

    together = SpamMixture().fit(drawn.answers)
    own = apart(drawn.answers, group, 2, SpamMixture())[1]

    said = group[drawn.answers.annotator] == 1
    assert together.weights[said].mean() < own.weights.mean() - 0.1
