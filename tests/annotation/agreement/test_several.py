from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.answers import Bools
from annotation.agreement.several import Sets, fit_sets


def drawn(seed: int = 0) -> tuple[Sets, Bools]:
    """Let eight who look and four who tick at random say which of five classes are there."""
    rng = np.random.default_rng(seed)
    truth = rng.random((300, 5)) < [0.5, 0.3, 0.2, 0.1, 0.05]
    task = np.arange(300).repeat(5)
    who = np.concatenate([rng.permutation(12)[:5] for _ in range(300)])
    looks = np.where(truth[task], rng.random((1500, 5)) < 0.8, rng.random((1500, 5)) < 0.05)
    chosen = np.where(who[:, None] < 8, looks, rng.random((1500, 5)) < 0.4)
    return Sets(task, who, chosen, 300, 12), truth


def test_it_finds_more_of_what_is_there_than_the_vote() -> None:
    sets, truth = drawn()
    vote = sets.by_task(sets.chosen.astype(float)) / 5 > 0.5

    found = fit_sets(sets).presence > 0.5

    assert (found != truth).mean() < 0.6 * (vote != truth).mean()


def test_it_learns_what_annotators_find_and_what_they_leave() -> None:
    fit = fit_sets(drawn()[0])

    assert fit.sensitivity[:8] == pytest.approx(0.8, abs=0.12)
    assert fit.specificity[:8] == pytest.approx(0.95, abs=0.05)
    assert fit.reliability.high[8:].max() < fit.reliability.low[:8].min()


def test_predictions_are_probabilities_of_each_class() -> None:
    sets, _ = drawn()

    predicted = fit_sets(sets).predict(sets.task, sets.annotator)

    assert predicted.shape == sets.chosen.shape
    assert ((predicted > 0) & (predicted < 1)).all()
    likelihood = np.log(np.where(sets.chosen, predicted, 1 - predicted)).mean()
    share = sets.chosen.mean(axis=0)
    assert likelihood > np.log(np.where(sets.chosen, share, 1 - share)).mean() + 0.1


def test_the_order_of_the_answers_changes_no_byte() -> None:
    sets, _ = drawn()
    shuffle = np.random.default_rng(5).permutation(len(sets.task))
    parts = sets.task[shuffle], sets.annotator[shuffle], sets.chosen[shuffle]

    one, other = fit_sets(sets), fit_sets(Sets(*parts, 300, 12))

    assert one.presence.tobytes() == other.presence.tobytes()
    assert one.reliability.value.tobytes() == other.reliability.value.tobytes()


def test_without_answers_each_class_is_as_likely_as_not() -> None:
    nothing = np.array([], dtype=np.int64)

    fit = fit_sets(Sets(nothing, nothing, np.zeros((0, 3), dtype=bool), 2, 0))

    assert fit.presence == pytest.approx(0.5)
