"""What is heard frame by frame, held to librosa's values (McFee et al. 2015).

librosa brings 190 MB and is not among our dependencies: `pip install librosa` to compare with it
itself. Without it the values that version 0.11.0 gave for one sound stand below.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from active_learning.features.acoustics import (
    BANDS,
    CEPSTRA,
    FRAME,
    HIGHEST_PITCH,
    HOP,
    LOWEST_PITCH,
    PITCH_FRAME,
    SILENCE,
    TRANSFORM,
    cepstra,
    pitch,
    power_spectrum,
    spectral_shape,
)
from active_learning.features.decoding import RATE, Samples, mono_samples
from tests.active_learning.features.media import noise, real, tone

CENTROID, ROLLOFF, _, FLATNESS = range(4)
Array = npt.NDArray[np.float64]


def glide(seconds: float = 1.0) -> Samples:
    """Six overtones that fall in strength, rising from 110 to 220 Hz, in a little noise."""
    moments = np.arange(int(RATE * seconds)) / RATE
    phase = 2 * np.pi * 110 * (moments + moments**2 / (2 * seconds))
    voice = sum(np.sin(n * phase) / n for n in range(1, 7))
    return (0.2 * voice + noise(seconds, volume=0.005)).astype(np.float32)


# What librosa 0.11.0 gives for three frames of the glide.
FRAMES = [10, 50, 90]
SOME_CEPSTRA = [
    [-4.8848, 13.3689, 10.9439, 3.2338, -1.0233],
    [-1.9998, 15.4868, 8.1829, -1.0227, -2.9192],
    [-0.3168, 15.3677, 4.7650, -3.5965, -3.2033],
]
CENTROIDS, ROLLOFFS = [0.2040, 0.2767, 0.3492], [0.34375, 0.46875, 0.625]  # kHz
PITCHES = [123.30, 167.25, 211.31]  # Hz


def test_what_is_heard_of_a_glide_is_what_librosa_gave() -> None:
    power = power_spectrum(glide())[FRAMES]

    shape = spectral_shape(power)
    assert cepstra(power)[:, :5] == pytest.approx(np.array(SOME_CEPSTRA), abs=1e-3)
    assert shape[:, CENTROID] == pytest.approx(CENTROIDS, abs=1e-4)
    assert shape[:, ROLLOFF] == pytest.approx(ROLLOFFS)
    assert pitch(glide())[0][FRAMES] == pytest.approx(PITCHES, rel=1e-3)


@pytest.fixture
def librosa() -> Any:
    return pytest.importorskip("librosa", reason="needs librosa, which is no dependency")


def librosa_power(librosa: Any, samples: Samples) -> Array:
    """Return librosa's power spectrum of our frames: ours begin with the window, its are centred
    in the transform."""
    led = np.r_[np.zeros((TRANSFORM - FRAME) // 2), samples, np.zeros(TRANSFORM)]
    spectrum: Array = librosa.stft(
        led, n_fft=TRANSFORM, hop_length=HOP, win_length=FRAME, window=np.hanning(FRAME),
        center=False,
    )  # fmt: skip
    return (np.abs(spectrum) ** 2)[:, : len(power_spectrum(samples))]


def librosa_cepstra(librosa: Any, power: Array) -> Array:
    mel = librosa.feature.melspectrogram(
        S=power, sr=RATE, n_mels=BANDS, fmin=20, fmax=RATE / 2, htk=True, norm=None
    )
    found: Array = librosa.feature.mfcc(S=np.log(mel + SILENCE), n_mfcc=CEPSTRA, norm="ortho")
    return found.T


def sounds() -> dict[str, Samples]:
    return {"glide": glide(), "noise": noise(), "tone": tone(440)}


@pytest.mark.parametrize("name", sounds())
def test_cepstra_are_librosas(librosa: Any, name: str) -> None:
    samples = sounds()[name]

    ours = cepstra(power_spectrum(samples))

    theirs = librosa_cepstra(librosa, librosa_power(librosa, samples))
    assert ours == pytest.approx(theirs, abs=1e-3)


@pytest.mark.parametrize("name", sounds())
def test_the_shape_of_the_spectrum_is_librosas(librosa: Any, name: str) -> None:
    samples = sounds()[name]
    power = librosa_power(librosa, samples)

    ours = spectral_shape(power_spectrum(samples))

    feature = librosa.feature
    centroid = feature.spectral_centroid(S=power, sr=RATE)[0] / 1000
    rolloff = feature.spectral_rolloff(S=power, sr=RATE, roll_percent=0.85)[0] / 1000
    flatness = feature.spectral_flatness(S=power, power=1.0, amin=SILENCE)[0]
    assert ours[:, CENTROID] == pytest.approx(centroid, rel=1e-4)
    assert ours[:, ROLLOFF] == pytest.approx(rolloff, abs=RATE / TRANSFORM / 1000)
    assert ours[:, FLATNESS] == pytest.approx(flatness, rel=1e-3, abs=1e-6)


def yin(librosa: Any, samples: Samples) -> Array:
    """Return librosa's pitch (de Cheveigne & Kawahara 2002) of the same frames."""
    found: Array = librosa.yin(
        np.r_[samples, np.zeros(PITCH_FRAME)], fmin=LOWEST_PITCH, fmax=HIGHEST_PITCH, sr=RATE,
        frame_length=PITCH_FRAME, hop_length=HOP, center=False,
    )  # fmt: skip
    return found


def test_the_pitch_of_a_glide_is_librosas(librosa: Any) -> None:
    ours, _ = pitch(glide())

    theirs = yin(librosa, glide())[: len(ours)]
    inner = slice(5, -5)
    assert ours[inner] == pytest.approx(theirs[inner], rel=0.005)
    assert theirs[FRAMES] == pytest.approx(PITCHES, rel=1e-3)


def test_the_pitch_of_real_voices_is_librosas(librosa: Any) -> None:
    clips = sorted(real("emodb").rglob("*.mp3"))[::40]
    agree, both = 0, 0
    for clip in clips:
        samples = mono_samples(clip)
        ours, strength = pitch(samples)
        theirs = yin(librosa, samples)[: len(ours)]
        sure = strength > 0.8
        agree += int((np.abs(np.log2(ours[sure] / theirs[sure])) < 1 / 12).sum())
        both += int(sure.sum())

    assert both > 500
    assert agree / both > 0.95
