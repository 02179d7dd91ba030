from __future__ import annotations

import numpy as np

from annotation.agreement.without import alpha_without
from benchmarks._adversaries import draw
from tests.annotation.agreement.simulation import answers_of


def test_without_those_who_do_not_look_agreement_is_higher() -> None:
    drawn = draw(["honest"] * 15 + ["uniform"] * 5, 50)

    change = alpha_without(drawn.answers, drawn.who("uniform"))

    assert change is not None
    assert change.difference > 0.1
    assert change.n_left == 15 * 50


def test_without_nobody_it_is_the_same() -> None:
    change = alpha_without(draw(["honest"] * 5, 50).answers, np.array([], dtype=np.int64))

    assert change is not None
    assert change.difference == 0


def test_where_no_two_are_left_there_is_none() -> None:
    answers = answers_of([0, 0, 1, 1], [0, 1, 0, 1], [0, 1, 1, 1], (2, 2, 2))

    assert alpha_without(answers, np.array([1])) is None
