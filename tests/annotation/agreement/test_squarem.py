from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement import squarem
from annotation.agreement.answers import Floats
from annotation.agreement.dawid_skene import DawidSkene
from annotation.agreement.squarem import Step, fixed_point
from tests.annotation.agreement.simulation import draw_answers, soft_shares


def slow(x: Floats) -> Step:
    return Step(2 + (x - 2) * 0.999, x, -float(np.abs(x - 2).max()))


def test_leaps_reach_where_thousands_of_plain_steps_lead() -> None:
    found = fixed_point(slow, np.array([9.0, 4.0]), tolerance=1e-9, max_steps=30)

    assert found.state == pytest.approx(2)


def test_a_leap_that_lowers_the_objective_is_not_taken() -> None:
    def step(x: Floats) -> Step:
        # Far from where it starts everything looks like the end, but is worth less.
        return Step(x * 0.9, x, -float(x.max()) if x.max() > 0.5 else -100.0)

    found = fixed_point(step, np.array([9.0]), tolerance=1e-9, max_steps=14)

    plain_steps = np.log(found.beliefs[0] / 9) / np.log(0.9)
    assert plain_steps == pytest.approx(round(plain_steps), abs=1e-9)


def test_it_comes_to_rest_where_plain_em_does(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = draw_answers(soft_shares(100, s=0.4), ["honest"] * 12 + ["uniform"] * 4)
    leaping = DawidSkene(tolerance=1e-9, max_iterations=800).fit(answers)

    monkeypatch.setattr(squarem, "PLAIN_STEPS", 10_000)
    plain = DawidSkene(tolerance=1e-9, max_iterations=800).fit(answers)

    assert leaping.distribution == pytest.approx(plain.distribution, abs=1e-6)
