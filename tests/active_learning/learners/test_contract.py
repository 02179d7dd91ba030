"""What every learner promises, asked of each."""

import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from active_learning.evaluation import base_rate, log_loss
from active_learning.learners import (
    LEARNERS,
    Learner,
    NotEnoughLabelsError,
    UntrustedLearnerError,
)
from active_learning.learners.keeping import (
    ALLOWED_LOADERS,
    ALLOWED_TYPES,
    loaders_in,
    types_in,
)
from tests.active_learning.learners.people import Labelled, labelled

Kind = type[Learner]

pytestmark = pytest.mark.parametrize("learner", LEARNERS.values(), ids=LEARNERS)
UNSEEN = labelled(people=15, seed=1)


@pytest.fixture(scope="module")
def seen() -> Labelled:
    return labelled()


def test_probabilities_have_a_row_a_clip_and_sum_to_one(learner: Kind, seen: Labelled) -> None:
    predicted = learner.fit(*seen, seed=0).predict_proba(UNSEEN.vectors)

    assert predicted.shape == UNSEEN.soft.shape
    assert (predicted > 0).all()
    assert predicted.sum(axis=1) == pytest.approx(1)


def test_it_beats_the_base_rate_on_people_it_never_met(learner: Kind, seen: Labelled) -> None:
    predicted = learner.fit(*seen, seed=0).predict_proba(UNSEEN.vectors)

    base = np.broadcast_to(base_rate(seen.soft), UNSEEN.soft.shape)
    gain = log_loss(base, UNSEEN.soft).mean() - log_loss(predicted, UNSEEN.soft).mean()
    assert gain > 0.1


def test_pure_noise_is_not_taken_for_a_signal(learner: Kind) -> None:
    seen, unseen = labelled(noise=500.0), labelled(people=40, seed=1, noise=500.0)

    predicted = learner.fit(*seen, seed=0).predict_proba(unseen.vectors)

    base = np.broadcast_to(base_rate(seen.soft), unseen.soft.shape)
    loss = log_loss(predicted, unseen.soft).mean() - log_loss(base, unseen.soft).mean()
    assert loss < 0.05


def test_the_same_seed_gives_the_same_bytes(learner: Kind, seen: Labelled) -> None:
    once, twice = (learner.fit(*seen, seed=5) for _ in range(2))

    for method in ("predict_proba", "predict_members", "embed"):
        first, second = (getattr(each, method)(UNSEEN.vectors) for each in (once, twice))
        assert first.tobytes() == second.tobytes()


def test_members_are_distributions_that_differ(learner: Kind, seen: Labelled) -> None:
    members = learner.fit(*seen, seed=0).predict_members(UNSEEN.vectors)

    assert members.ndim == 3
    assert len(members) >= 2
    assert members.sum(axis=2) == pytest.approx(1)
    assert (members.std(axis=0) > 0).any(axis=1).all()


def test_each_row_is_predicted_by_itself(learner: Kind, seen: Labelled) -> None:
    fitted = learner.fit(*seen, seed=0)

    together = fitted.predict_proba(UNSEEN.vectors)
    reversed_ = fitted.predict_proba(UNSEEN.vectors[::-1])[::-1]

    assert reversed_ == pytest.approx(together, abs=1e-6)


def test_what_is_loaded_predicts_the_same_bytes(
    learner: Kind, seen: Labelled, tmp_path: Path
) -> None:
    fitted = learner.fit(*seen, seed=0)

    loaded = learner.load(tmp_path / "kept", fitted.save(tmp_path / "kept"))

    for method in ("predict_proba", "predict_members", "embed"):
        before, after = (getattr(each, method)(UNSEEN.vectors) for each in (fitted, loaded))
        assert before.tobytes() == after.tobytes()


@pytest.mark.parametrize("method", ["predict_proba", "predict_members"])
def test_places_that_are_known_already_change_no_byte(
    learner: Kind, seen: Labelled, method: str
) -> None:
    fitted = learner.fit(*seen, seed=0)

    anew = getattr(fitted, method)(UNSEEN.vectors)
    known = getattr(fitted, method)(UNSEEN.vectors, fitted.embed(UNSEEN.vectors))

    assert known.tobytes() == anew.tobytes()


def test_the_same_seed_makes_the_same_file(learner: Kind, seen: Labelled, tmp_path: Path) -> None:
    first, second = (learner.fit(*seen, seed=5).save(tmp_path / name) for name in "ab")

    assert first == second


def test_a_loaded_learner_saves_as_the_file_it_came_from(
    learner: Kind, seen: Labelled, tmp_path: Path
) -> None:
    sha256 = learner.fit(*seen, seed=0).save(tmp_path / "kept")

    assert learner.load(tmp_path / "kept", sha256).save(tmp_path / "again") == sha256


def test_it_is_kept_in_allowed_types_and_all_of_them_without_a_pickle(
    learner: Kind, seen: Labelled, tmp_path: Path
) -> None:
    learner.fit(*seen, seed=0).save(tmp_path / "kept")

    content = (tmp_path / "kept").read_bytes()
    assert types_in(content) == ALLOWED_TYPES
    assert loaders_in(content) == ALLOWED_LOADERS
    with zipfile.ZipFile(tmp_path / "kept") as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".npy", ".json"}


def test_a_file_of_another_kind_is_not_taken_for_its_own(
    learner: Kind, seen: Labelled, tmp_path: Path
) -> None:
    another = next(kind for kind in LEARNERS.values() if kind is not learner)
    sha256 = another.fit(*seen, seed=0).save(tmp_path / "kept")

    with pytest.raises(UntrustedLearnerError, match=f"no {learner.name}-{learner.version}"):
        learner.load(tmp_path / "kept", sha256)


def test_a_file_that_was_changed_is_not_opened(
    learner: Kind, seen: Labelled, tmp_path: Path
) -> None:
    path = tmp_path / "kept"
    sha256 = learner.fit(*seen, seed=0).save(path)
    path.write_bytes(path.read_bytes() + b" ")

    with pytest.raises(UntrustedLearnerError, match="not the file that was written"):
        learner.load(path, sha256)


def test_rows_without_weight_do_not_matter_to_the_committee_or_the_fit(learner: Kind) -> None:
    honest, spoilt = labelled(), labelled()
    spoilt.soft[:20] = np.roll(spoilt.soft[:20], 1, axis=1)
    honest.weights[:20] = spoilt.weights[:20] = 0

    first, second = (learner.fit(*each, seed=0) for each in (honest, spoilt))

    assert second.predict_proba(UNSEEN.vectors) == pytest.approx(
        first.predict_proba(UNSEEN.vectors)
    )


def test_weights_are_ratios(learner: Kind, seen: Labelled) -> None:
    heavier = seen._replace(weights=seen.weights * 1000)

    once, heavy = (
        learner.fit(*each, seed=0).predict_proba(UNSEEN.vectors) for each in (seen, heavier)
    )

    assert heavy == pytest.approx(once, abs=1e-4)


def test_a_class_that_nobody_chose_stays_possible(learner: Kind) -> None:
    seen = labelled()
    soft = np.column_stack([seen.soft, np.zeros(len(seen.soft))])

    predicted = learner.fit(seen.vectors, soft, seen.weights, seen.groups, seed=0)

    share = predicted.predict_proba(UNSEEN.vectors)[:, 3]
    assert (share > 0).all()
    assert share.max() < 0.1


@pytest.mark.parametrize("classes", [2, 7])
def test_any_number_of_classes_is_learned(learner: Kind, classes: int) -> None:
    seen, unseen = labelled(classes=classes), labelled(classes=classes, seed=1)

    predicted = learner.fit(*seen, seed=0).predict_proba(unseen.vectors)

    hits = predicted.argmax(axis=1) == unseen.soft.argmax(axis=1)
    assert hits.mean() > 1.5 / classes


@pytest.mark.parametrize("people", [1, 2])
def test_one_or_two_people_are_enough_to_fit(learner: Kind, people: int) -> None:
    seen = labelled(people=people)

    predicted = learner.fit(*seen, seed=0).predict_members(UNSEEN.vectors)

    assert np.isfinite(predicted).all()


def test_a_label_spread_evenly_over_many_classes_is_learned_from(learner: Kind) -> None:
    seen = labelled(people=2, clips=5)
    soft = np.full((10, 24), 1 / 24)

    predicted = learner.fit(seen.vectors, soft, seen.weights, seen.groups, seed=0)

    assert predicted.predict_proba(UNSEEN.vectors) == pytest.approx(1 / 24, abs=0.02)


def test_one_class_alone_is_learned_without_a_fault(learner: Kind) -> None:
    seen = labelled()
    seen.soft[:] = [0, 1, 0]

    predicted = learner.fit(*seen, seed=0).predict_proba(UNSEEN.vectors)

    assert predicted[:, 1].min() > 0.9


def test_a_class_with_one_example_is_learned_without_a_fault(learner: Kind) -> None:
    seen = labelled(classes=2)
    soft = np.column_stack([seen.soft, np.zeros(len(seen.soft))])
    soft[0] = [0, 0, 1]

    predicted = learner.fit(*seen._replace(soft=soft), seed=0).predict_members(UNSEEN.vectors)

    assert np.isfinite(predicted).all()


def test_a_number_that_is_the_same_in_every_clip_is_no_fault(learner: Kind) -> None:
    seen = labelled()
    seen.vectors[:, :19] = 7

    predicted = learner.fit(*seen, seed=0).predict_proba(seen.vectors)

    assert np.isfinite(predicted).all()


def test_without_groups_every_clip_stands_for_itself(learner: Kind, seen: Labelled) -> None:
    alone = learner.fit(seen.vectors, seen.soft, seen.weights, seed=0)
    told = learner.fit(*seen._replace(groups=np.arange(len(seen.soft))), seed=0)

    assert (
        alone.predict_proba(UNSEEN.vectors).tobytes()
        == told.predict_proba(UNSEEN.vectors).tobytes()
    )


def test_an_empty_pool_has_no_predictions(learner: Kind, seen: Labelled) -> None:
    fitted = learner.fit(*seen, seed=0)

    assert fitted.predict_proba(UNSEEN.vectors[:0]).shape == (0, 3)


def test_one_labelled_clip_is_not_enough(learner: Kind) -> None:
    seen = labelled()
    seen.weights[1:] = 0

    with pytest.raises(NotEnoughLabelsError):
        learner.fit(*seen, seed=0)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"weights": np.ones(3)}, "length"),
        ({"weights": np.full(120, -1.0)}, "not negative"),
        ({"soft": np.full((120, 3), 0.9)}, "sums to 1"),
        ({"soft": np.ones((120, 1))}, "two classes"),
        ({"vectors": np.full((120, 20), np.nan)}, "not finite"),
    ],
)
def test_input_that_makes_no_sense_is_refused(
    learner: Kind, wrong: dict[str, Any], message: str, seen: Labelled
) -> None:
    with pytest.raises(ValueError, match=message):
        learner.fit(*seen._replace(**wrong), seed=0)
