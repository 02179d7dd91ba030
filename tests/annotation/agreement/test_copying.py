"""Who says what the learner says is found; who merely sees what it sees is not."""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.copying import Copying, with_learner
from annotation.agreement.left_out import by_trusted_others
from annotation.agreement.spam_mixture import SpamMixture
from benchmarks._adversaries import Drawn, draw


def compared(drawn: Drawn, share: float = 1.0, *, weighed: bool = True) -> Copying:
    """Compare with a learner that has an answer to a `share` of the tasks."""
    answers, fit = drawn.answers, SpamMixture().fit(drawn.answers)
    shares = by_trusted_others(answers, fit.reliability.value)
    known = np.arange(answers.n_tasks) < share * answers.n_tasks
    learner = np.where(known, drawn.learner, -1)[answers.task]
    return with_learner(answers, learner, shares, trust=fit.reliability.value if weighed else None)


@pytest.mark.parametrize("k", [4, 5, 7])
def test_copies_are_found_and_nobody_else(k: int) -> None:
    drawn = draw(["honest"] * 32 + ["model"] * 8, 100, k=k)

    assert compared(drawn).alarming().tolist() == drawn.who("model").tolist()


def test_a_learner_that_knows_more_than_the_labels_accuses_nobody() -> None:
    """The labels of four others say less of a clip than a good learner does."""
    found = compared(draw(["honest"] * 40, 400))

    assert abs(np.mean(found.z)) < 0.5
    assert not found.alarming().size


def test_people_who_do_not_look_make_nobody_else_suspicious() -> None:
    drawn = draw(["honest"] * 30 + ["uniform"] * 10, 400)

    weighed, even = compared(drawn), compared(drawn, weighed=False)

    assert not weighed.alarming().size
    honest = drawn.who("honest")
    assert np.nanmean(weighed.z[honest]) < np.nanmean(even.z[honest])


def test_clips_without_an_answer_of_the_learner_count_for_nothing() -> None:
    found = compared(draw(["honest"] * 20, 100), share=0.5)

    assert found.shared.sum() == 20 * 100 / 2


def test_without_any_nothing_is_said() -> None:
    found = compared(draw(["honest"] * 20, 20), share=0)

    assert np.isnan(found.z).all()
    assert not found.alarming().size


def test_a_difference_that_does_not_matter_is_no_alarm() -> None:
    one = np.array([1000])
    found = Copying(one, np.array([0.71]), np.array([0.62]), np.array([5.9]))

    assert not found.alarming().size
    assert found.alarming(beyond=0.05).tolist() == [0]
