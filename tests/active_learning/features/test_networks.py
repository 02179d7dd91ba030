"""A researcher's own network in place of our features; torch is an extra and may be missing."""

from __future__ import annotations

import pickle
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from active_learning.features import EXTRACTORS, UnreadableClipError, deep, looking
from active_learning.features.networks import NetworkRefusedError, Networks
from active_learning.features.sounds import SOUND_DIMENSION
from active_learning.features.videos import PICTURE_DIMENSION
from tests.active_learning.features.media import noise, squares, tone, write_film, write_sound

needs_torch = pytest.mark.skipif(
    find_spec("torch") is None, reason="needs torch: pip install 'attune[deep]'"
)
# torch 2.13 says so by the one, 2.14 by the other.
pytestmark = [
    pytest.mark.filterwarnings("ignore:.torch.jit:DeprecationWarning"),
    pytest.mark.filterwarnings("ignore:.torch.jit:FutureWarning"),
]


number = count()  # A class of TorchScript is defined once.


def script(path: Path, code: str) -> Path:
    """Write a network whose forward has this body, of x, as TorchScript."""
    import torch  # noqa: PLC0415 - an extra

    own = type(f"Network{next(number)}", (torch.jit.ScriptModule,), {})
    module: Any = own()
    module.define(f"def forward(self, x):\n    {code}\n")
    torch.jit.save(module, str(path))
    return path


@pytest.fixture
def voice(tmp_path: Path) -> Path:
    """Mean and loudest of each 100 ms, over time."""
    return script(
        tmp_path / "voice.pt",
        "p = x[:, : x.shape[1] // 1600 * 1600].reshape(1, -1, 1600)\n"
        "    return torch.stack([p.mean(-1), p.amax(-1)], -1)",
    )


@pytest.fixture
def face(tmp_path: Path) -> Path:
    """Mean, darkest and brightest of a crop."""
    return script(
        tmp_path / "face.pt",
        "f = x.flatten(1)\n    return torch.stack([f.mean(1), f.amin(1), f.amax(1)], 1)",
    )


@needs_torch
def test_a_voice_is_heard_by_the_network_and_pooled_over_time(tmp_path: Path, voice: Path) -> None:
    samples = tone(200, seconds=25)
    path = write_sound(tmp_path / "sound.wav", samples)

    vector = deep.extractors(Networks(voice=voice))["audio"](path)

    loudest = samples.reshape(-1, 1600).max(axis=1)
    wanted = [0, loudest.mean(), 0, loudest.std()]
    assert vector == pytest.approx(np.array(wanted), abs=2e-3)


@needs_torch
def test_a_short_sound_is_filled_up_to_a_second(tmp_path: Path, voice: Path) -> None:
    path = write_sound(tmp_path / "sound.wav", tone(200, seconds=0.5))

    vector = deep.extractors(Networks(voice=voice))["audio"](path)

    assert vector[1] == pytest.approx(0.15, abs=0.01)  # Half of it is silent.


@needs_torch
def test_a_photograph_is_seen_from_nought_to_one(tmp_path: Path, face: Path) -> None:
    path = tmp_path / "grey.png"
    cv2.imwrite(str(path), np.full((90, 120), 51, dtype=np.uint8))

    vector = deep.extractors(Networks(face=face))["image"](path)

    assert vector == pytest.approx(np.full(3, 0.2), abs=1e-6)


@needs_torch
def test_a_film_is_seen_and_heard_each_by_its_network_or_by_ours(
    tmp_path: Path, voice: Path, face: Path
) -> None:
    path = write_film(tmp_path / "film.mp4", squares(), tone(180, seconds=2))

    both = deep.extractors(Networks(voice, face))["video"](path)
    seen = deep.extractors(Networks(face=face))["video"](path)
    heard = deep.extractors(Networks(voice=voice))["video"](path)
    ours = EXTRACTORS["video"](path)

    assert (len(both), len(seen), len(heard)) == (10, 6 + SOUND_DIMENSION, PICTURE_DIMENSION + 4)
    assert both[:6].tolist() == seen[:6].tolist()
    assert both[6:].tolist() == heard[-4:].tolist()
    assert seen[6:].tolist() == ours[-SOUND_DIMENSION:].tolist()
    assert heard[:-4].tolist() == ours[:-SOUND_DIMENSION].tolist()


@needs_torch
def test_a_silent_film_has_noughts_where_nothing_is_heard(tmp_path: Path, voice: Path) -> None:
    path = write_film(tmp_path / "film.mp4", squares())

    vector = deep.extractors(Networks(voice=voice))["video"](path)

    assert not vector[-4:].any()


@needs_torch
def test_another_network_under_the_same_name_has_another_key(tmp_path: Path, face: Path) -> None:
    networks = Networks(face=face)
    before = {kind: one.key for kind, one in deep.extractors(networks).items()}
    script(face, "return x.flatten(1).amax(1, keepdim=True)")

    after = {kind: one.key for kind, one in deep.extractors(networks).items()}

    assert {kind for kind in before if before[kind] != after[kind]} == {"image", "video"}
    assert after["audio"] == EXTRACTORS["audio"].key


@needs_torch
def test_a_pickle_is_refused_and_not_unpickled(tmp_path: Path) -> None:
    path = tmp_path / "voice.pt"
    trap = tmp_path / "sprung"

    class Trap:
        def __reduce__(self) -> Any:
            return Path.touch, (trap,)

    import torch  # noqa: PLC0415 - an extra

    for write in (lambda: path.write_bytes(pickle.dumps(Trap())), lambda: torch.save(Trap(), path)):
        write()
        with pytest.raises(NetworkRefusedError, match=r"voice\.pt is no TorchScript"):
            deep.extractors(Networks(voice=path))

    assert not trap.exists()


@needs_torch
@pytest.mark.parametrize(
    ("code", "why"),
    [
        ("return x[:, :, 7:7]", "returns no tensor"),
        ("return x.flatten(1) / 0", "not finite"),
        ("return x.reshape(3, 7)", "fails on an array of"),
        ("return [x]", "returns no tensor"),
    ],
)
def test_a_network_that_does_not_keep_the_form_is_refused(
    tmp_path: Path, code: str, why: str
) -> None:
    path = script(tmp_path / "face.pt", code)

    with pytest.raises(NetworkRefusedError, match=why):
        deep.extractors(Networks(face=path))


@needs_torch
def test_a_network_that_fails_on_one_clip_refuses_that_clip_alone(tmp_path: Path) -> None:
    loud = script(
        tmp_path / "voice.pt", "assert bool((x < 0.9).all())\n    return x[:, :2] * 0 + 1.0"
    )
    extractors = looking.extractors(Networks(voice=loud))
    quiet_clip = write_sound(tmp_path / "quiet.wav", tone(200, volume=0.3))
    loud_clip = write_sound(tmp_path / "loud.wav", tone(200, volume=0.99))

    with pytest.raises(UnreadableClipError, match=r"voice\.pt fails on an array"):
        extractors["audio"](loud_clip)

    assert extractors["audio"](quiet_clip).tolist() == [1, 1, 0, 0]


@needs_torch
def test_the_child_that_looks_uses_the_network(tmp_path: Path, voice: Path) -> None:
    path = write_sound(tmp_path / "sound.wav", noise())
    networks = Networks(voice=voice)

    there, here = looking.extractors(networks)["audio"], deep.extractors(networks)["audio"]

    assert (there.key, there.dimension) == (here.key, here.dimension)
    assert there(path).tobytes() == here(path).tobytes()


@needs_torch
def test_a_network_that_is_replaced_while_it_is_in_use_stops_the_work(
    tmp_path: Path, voice: Path
) -> None:
    path = write_sound(tmp_path / "sound.wav", noise())
    extractor = looking.extractors(Networks(voice=voice))["audio"]
    script(voice, "return x[:, :2]")

    with pytest.raises(looking.ExtractorChangedError):
        extractor(path)


def test_a_network_that_is_not_there_is_named() -> None:
    with pytest.raises(NetworkRefusedError, match=r"There is no network at /nowhere/face\.pt"):
        looking.extractors(Networks(face=Path("/nowhere/face.pt")))


@pytest.mark.skipif(find_spec("torch") is not None, reason="torch is here")
def test_without_torch_the_extra_is_named(tmp_path: Path) -> None:
    (tmp_path / "face.pt").touch()

    with pytest.raises(NetworkRefusedError, match=r"attune\[deep\]"):
        looking.extractors(Networks(face=tmp_path / "face.pt"))
