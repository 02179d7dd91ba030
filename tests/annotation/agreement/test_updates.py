"""Between two full fits, an update says nearly what a fit to all labels would say.

A full fit comes once a tenth of the labels is new. Until then parameters stand still, and the
distributions of an update differ from those of a full fit by at most 0.001 nats in the mean and
0.01 nats in all tasks but one in a hundred (Jensen-Shannon).
"""

from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.aggregation import Aggregator
from annotation.agreement.ambiguity import jensen_shannon
from annotation.agreement.answers import Answers
from annotation.agreement.selection import worth_comparing
from tests.annotation.agreement.real_data import answers_with_truth, face_sentiment

MEAN, NEARLY_ALL = 0.001, 0.01
NEW = 0.1


def recorded_answers(name: str) -> Answers:
    return face_sentiment()[0] if name == "face_sentiment" else answers_with_truth(name)[0]


@pytest.mark.parametrize("name", ["face_sentiment", "D_PosSent"])
@pytest.mark.parametrize("aggregator", worth_comparing(1), ids=lambda one: one.name)
def test_an_update_is_within_tolerance_of_a_full_fit(name: str, aggregator: Aggregator) -> None:
    answers = recorded_answers(name)
    n = len(answers)
    old = np.random.default_rng(0).permutation(n) < n / (1 + NEW)

    updated = aggregator.fit(answers.subset(old)).parameters.aggregate(answers)

    apart = jensen_shannon(updated.distribution, aggregator.fit(answers).distribution)
    assert apart.mean() < MEAN
    assert np.quantile(apart, 0.99) < NEARLY_ALL
