from __future__ import annotations

import numpy as np
import pytest

from annotation.agreement.aggregation import Aggregate, Fit
from annotation.agreement.model_voice import cooled, fit_temperature, hear_model
from annotation.agreement.vote_share import SmoothedShare
from tests.annotation.agreement.simulation import draw_answers, soft_shares

SHARES = soft_shares(k=3)
FIT = SmoothedShare().fit(draw_answers(SHARES, ["honest"] * 9, per_task=5))


def test_an_overconfident_learner_is_cooled_to_where_it_is_right() -> None:
    overconfident = cooled(SHARES + 0.05, 0.25)

    assert hear_model(FIT, overconfident).temperature == pytest.approx(4, rel=0.35)


def test_it_counts_as_no_more_than_its_weight_in_labels() -> None:
    heard = hear_model(FIT, SHARES, weight=0.4, temperature=1.0)

    assert (heard.alphas - FIT.alphas).sum(axis=1) == pytest.approx(0.4)


def test_what_people_said_stays_as_it_was_and_what_is_returned_is_no_fit() -> None:
    before = FIT.distribution.tobytes(), FIT.alphas.tobytes()

    heard = hear_model(FIT, SHARES)

    assert (FIT.distribution.tobytes(), FIT.alphas.tobytes()) == before
    assert not isinstance(heard, (Fit, Aggregate))
    assert not hasattr(heard, "distribution")


def test_a_task_without_a_prediction_is_what_people_said() -> None:
    predicted = SHARES.copy()
    predicted[3] = np.nan

    heard = hear_model(FIT, predicted)

    assert heard.combined[3] == pytest.approx(FIT.alphas[3] / FIT.alphas[3].sum())
    assert np.isfinite(heard.combined).all()


@pytest.mark.parametrize("weight", [-0.1, 1.5])
def test_a_learner_is_never_more_than_one_voice(weight: float) -> None:
    with pytest.raises(ValueError, match="at most one label"):
        hear_model(FIT, SHARES, weight=weight)


def test_predictions_of_other_tasks_are_refused() -> None:
    with pytest.raises(ValueError, match="a row for each task"):
        hear_model(FIT, SHARES[:5])


def test_without_labels_the_learner_is_taken_as_it_is() -> None:
    assert fit_temperature(np.array([[0.9, 0.1]]), np.zeros((1, 2))) == 1.0
