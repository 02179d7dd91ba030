import hashlib
import zipfile
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from skops import io as skops_io

from active_learning.learners import LogisticLearner, UntrustedLearnerError
from active_learning.learners.keeping import ALLOWED_TYPES, load_state, save_state, types_in
from tests.active_learning.learners.people import labelled


def written(path: Path, thing: object) -> str:
    path.write_bytes(skops_io.dumps(thing))
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.parametrize("thing", [LogisticRegression(), timedelta(1), np.random.default_rng(0)])
def test_a_type_outside_our_list_is_refused_though_the_hash_is_right(
    tmp_path: Path, thing: object
) -> None:
    sha256 = written(tmp_path / "kept", {"thing": thing})

    with pytest.raises(UntrustedLearnerError, match="holds"):
        load_state(tmp_path / "kept", sha256)


def test_a_known_type_that_would_be_brought_to_life_in_another_way_is_refused(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kept"
    save_state({"name": "x"}, path)
    with zipfile.ZipFile(path) as archive:
        schema = archive.read("schema.json").replace(b"DictNode", b"ObjectNode")
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("schema.json", schema)

    with pytest.raises(UntrustedLearnerError, match="holds ObjectNode"):
        load_state(path, hashlib.sha256(path.read_bytes()).hexdigest())


def test_the_same_state_makes_the_same_bytes_wherever_its_arrays_lie(tmp_path: Path) -> None:
    shared = np.arange(4.0)
    once = save_state({"one": shared, "two": shared}, tmp_path / "once")
    apart = save_state({"one": shared.copy(), "two": shared.copy()}, tmp_path / "apart")

    assert once == apart


def test_a_wrong_hash_is_refused_before_the_file_is_opened(tmp_path: Path) -> None:
    (tmp_path / "kept").write_bytes(b"not even an archive")

    with pytest.raises(UntrustedLearnerError, match="not the file"):
        load_state(tmp_path / "kept", "0" * 64)


def test_a_state_comes_back_with_its_types(tmp_path: Path) -> None:
    state = {"name": "x", "array": np.arange(3, dtype=np.float32), "warmth": 1.5}

    loaded = load_state(tmp_path / "kept", save_state(state, tmp_path / "kept"))

    assert loaded["name"] == "x"
    assert loaded["warmth"] == 1.5
    assert np.asarray(loaded["array"]).tobytes() == np.arange(3, dtype=np.float32).tobytes()


def test_a_learner_is_kept_in_allowed_types_without_a_pickle(tmp_path: Path) -> None:
    LogisticLearner.fit(*labelled(), seed=0).save(tmp_path / "kept")

    assert types_in((tmp_path / "kept").read_bytes()) <= ALLOWED_TYPES
    with zipfile.ZipFile(tmp_path / "kept") as archive:
        assert {Path(name).suffix for name in archive.namelist()} == {".npy", ".json"}


def test_a_file_of_another_learner_is_refused(tmp_path: Path) -> None:
    sha256 = save_state({"learner": "forest-1"}, tmp_path / "kept")

    with pytest.raises(UntrustedLearnerError, match="no logistic-3"):
        LogisticLearner.load(tmp_path / "kept", sha256)


def test_saving_again_replaces_the_file_and_leaves_no_part(tmp_path: Path) -> None:
    for text in ("first", "second"):
        sha256 = save_state({"name": text}, tmp_path / "kept")

    assert load_state(tmp_path / "kept", sha256)["name"] == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["kept"]
