import numpy as np
import pytest

from active_learning.features.acoustics import (
    cepstra,
    harmonic_differences,
    pitch,
    power_spectrum,
    spectral_shape,
)
from active_learning.features.sounds import SOUND_DIMENSION, describe_sound, functionals
from tests.active_learning.features.media import noise, tone

CENTROID, ROLLOFF, FLUX, FLATNESS, ALPHA, HAMMARBERG = range(6)
INNER = slice(5, -5)


@pytest.mark.parametrize("hertz", [80.0, 123.4, 220.0, 311.1, 440.0])
def test_the_pitch_of_a_tone_is_its_frequency(hertz: float) -> None:
    found, _ = pitch(tone(hertz))

    assert found[INNER] == pytest.approx(hertz, rel=0.005)


def test_a_tone_rich_in_overtones_keeps_its_octave() -> None:
    rich = sum((tone(150 * overtone, volume=0.1) for overtone in (2, 3, 4)), tone(150, volume=0.1))

    found, _ = pitch(rich)

    assert found[INNER] == pytest.approx(150, rel=0.01)


def test_noise_is_mostly_unvoiced_and_silence_wholly() -> None:
    assert (pitch(noise())[0] > 0).mean() < 0.1
    assert not pitch(np.zeros(8000, dtype=np.float32))[0].any()


def test_the_centroid_of_a_tone_lies_at_its_frequency() -> None:
    shape = spectral_shape(power_spectrum(tone(1000)))[INNER]

    assert shape[:, CENTROID] == pytest.approx(1.0, abs=0.02)
    assert shape[:, ROLLOFF] == pytest.approx(1.0, abs=0.06)


def test_noise_is_flatter_and_less_steady_than_a_tone() -> None:
    of_noise = spectral_shape(power_spectrum(noise()))[INNER].mean(axis=0)
    of_tone = spectral_shape(power_spectrum(tone(500)))[INNER].mean(axis=0)

    assert of_noise[FLATNESS] == pytest.approx(np.exp(-np.euler_gamma), abs=0.03)
    assert of_tone[FLATNESS] < 0.01
    assert of_noise[FLUX] > 10 * of_tone[FLUX]


def test_a_dark_sound_has_the_higher_alpha_ratio() -> None:
    dark = spectral_shape(power_spectrum(tone(300)))[INNER]
    bright = spectral_shape(power_spectrum(tone(3000)))[INNER]

    assert (dark[:, ALPHA] > 20).all()
    assert (bright[:, [ALPHA, HAMMARBERG]] < -20).all()


def test_loudness_moves_only_the_first_cepstral_coefficient() -> None:
    quiet, loud = (cepstra(power_spectrum(noise() * volume)) for volume in (0.1, 1.0))

    change = loud - quiet

    assert change[:, 0] == pytest.approx(np.sqrt(26) * np.log(100), abs=0.01)
    assert change[:, 1:] == pytest.approx(0, abs=0.01)


def test_slopes_are_a_second_not_a_frame() -> None:
    numbers = functionals(np.linspace(0.0, 5.0, 501))

    assert numbers[6] == pytest.approx(1.0)
    assert numbers[7] == 0.0


@pytest.mark.parametrize("hertz", [90.0, 200.0, 450.0])
def test_harmonics_of_a_half_and_a_quarter_lie_6_and_12_decibels_lower(hertz: float) -> None:
    voice = tone(hertz, volume=0.4) + tone(2 * hertz, volume=0.2) + tone(3 * hertz, volume=0.1)

    lower = harmonic_differences(voice, pitch(voice)[0])[INNER]

    assert lower == pytest.approx(np.tile([6.02, 12.04], (len(lower), 1)), abs=0.3)


def test_what_is_not_voiced_has_no_harmonics() -> None:
    assert harmonic_differences(noise(), np.zeros(100)).shape == (0, 2)


@pytest.mark.parametrize("count", [0, 1, 159, 400, 401])
def test_the_shortest_sounds_have_finite_features(count: int) -> None:
    vector = describe_sound(tone(200)[:count])

    assert vector.shape == (SOUND_DIMENSION,)
    assert np.isfinite(vector).all()
    assert vector.any() == (count > 0)
