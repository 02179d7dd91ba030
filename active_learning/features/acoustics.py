"""What is heard frame by frame: loudness, spectrum and pitch every 10 ms.

The set follows eGeMAPS (Eyben et al. 2016) in spirit, computed here with numpy alone.
"""

import functools

import numpy as np
import numpy.typing as npt
from scipy.fft import dct

from active_learning.features.decoding import RATE, Samples

FRAME = 400  # 25 ms
HOP = 160  # 10 ms
TRANSFORM = 512
HARMONIC_TRANSFORM = 2048  # Bins of 8 Hz.
BANDS = 26
CEPSTRA = 13
PITCH_FRAME = 640  # 40 ms: two periods of the lowest pitch and a half.
LOWEST_PITCH, HIGHEST_PITCH = 62.5, 500.0  # Hz
VOICED_FROM = 0.45  # Least normalised autocorrelation of a voiced frame (Boersma 1993).
SILENCE = 1e-10

Array = npt.NDArray[np.float64]


def frames(samples: Samples, length: int) -> Array:
    """Cut samples into windows (n, length), one every HOP, the last padded with silence."""
    count = max(1, 1 + (len(samples) - 1) // HOP)
    padded = np.zeros((count - 1) * HOP + length)
    padded[: len(samples)] = samples[: len(padded)]
    return np.lib.stride_tricks.sliding_window_view(padded, length)[::HOP]


def power_spectrum(samples: Samples) -> Array:
    """Return |FFT|^2 of the Hann-windowed frames, (n, 257)."""
    windowed = frames(samples, FRAME) * np.hanning(FRAME)
    spectrum: Array = np.abs(np.fft.rfft(windowed, TRANSFORM)) ** 2
    return spectrum


def spectral_shape(power: Array) -> Array:
    """Return centroid (kHz), roll-off at 85 % (kHz), flux, flatness, alpha ratio, Hammarberg index.

    Args:
        power: (n, 257). The last two, in dB, are 50-1000 Hz over 1-5 kHz by energy, and the
            strongest peak of 0-2 kHz over that of 2-5 kHz.

    Returns:
        (n, 6).
    """
    hertz: Array = np.fft.rfftfreq(TRANSFORM, 1 / RATE).astype(np.float64)
    total = power.sum(axis=1) + SILENCE
    centroid = power @ hertz / total / 1000
    rolloff = hertz[(power.cumsum(axis=1) < 0.85 * total[:, None]).sum(axis=1).clip(max=256)] / 1000
    magnitude = np.sqrt(power / total[:, None])
    flux = np.r_[0.0, np.linalg.norm(np.diff(magnitude, axis=0), axis=1)]
    flatness = np.exp(np.log(power + SILENCE).mean(axis=1)) / (total / power.shape[1])
    low, high = _between(hertz, 50, 1000), _between(hertz, 1000, 5000)
    alpha = _decibel(power[:, low].sum(axis=1)) - _decibel(power[:, high].sum(axis=1))
    deep, bright = _between(hertz, 0, 2000), _between(hertz, 2000, 5000)
    hammarberg = _decibel(power[:, deep].max(axis=1)) - _decibel(power[:, bright].max(axis=1))
    return np.column_stack([centroid, rolloff, flux, flatness, alpha, hammarberg])


def cepstra(power: Array) -> Array:
    """Return 13 mel-frequency cepstral coefficients a frame (Davis & Mermelstein 1980), (n, 13)."""
    mel: Array = np.log(power @ _mel_filters().T + SILENCE)
    coefficients: Array = dct(mel, type=2, axis=1, norm="ortho")[:, :CEPSTRA]
    return coefficients


def pitch(samples: Samples) -> tuple[Array, Array]:
    """Return the pitch (Hz, 0 where unvoiced) and the strength of voicing (0-1) of each frame.

    The peak of the autocorrelation divided by that of the window (Boersma 1993), refined by a
    parabola through its neighbours; the shortest lag within 10 % of the best peak wins, which
    keeps the octave.
    """
    cut = frames(samples, PITCH_FRAME)
    window = np.hanning(PITCH_FRAME)
    correlation = _autocorrelation((cut - cut.mean(axis=1, keepdims=True)) * window)
    energy = correlation[:, :1]
    ratio = correlation / np.maximum(energy, SILENCE) / _autocorrelation(window[None])
    ratio *= float(_autocorrelation(window[None])[0, 0])
    shortest, longest = int(RATE / HIGHEST_PITCH), int(RATE / LOWEST_PITCH)
    lag, strength = _first_high_peak(ratio[:, shortest - 1 : longest + 2])
    strength = np.where(energy[:, 0] > 1e-6 * PITCH_FRAME, strength.clip(0, 1), 0.0)
    hertz = RATE / (lag + shortest - 1)
    return np.where(strength >= VOICED_FROM, hertz, 0.0), strength


def harmonic_differences(samples: Samples, hertz: Array) -> Array:
    """Return by how many dB the first harmonic exceeds the second and the third, (m, 2).

    A breathy voice has a strong first harmonic, a pressed one strong others (Hanson 1997).

    Args:
        samples: (n,).
        hertz: the pitch of every frame, 0 where unvoiced; m frames are voiced.
    """
    voiced = hertz > 0
    windowed = frames(samples, PITCH_FRAME)[voiced] * np.hanning(PITCH_FRAME)
    power: Array = np.abs(np.fft.rfft(windowed, HARMONIC_TRANSFORM)) ** 2
    bins = hertz[voiced, None] * HARMONIC_TRANSFORM / RATE
    first, second, third = (_peak(power, number * bins, reach=bins / 5) for number in (1, 2, 3))
    return _decibel(np.column_stack([first, first])) - _decibel(np.column_stack([second, third]))


def _peak(power: Array, centre: Array, *, reach: Array) -> Array:
    """The strongest of the bins within `reach` of `centre`, both (m, 1), in each row (m, k)."""
    widest = int(HIGHEST_PITCH * HARMONIC_TRANSFORM / RATE / 5)
    around = np.arange(-widest, widest + 1)
    at = (np.rint(centre).astype(np.intp) + around).clip(min=0)
    near = np.take_along_axis(power, at, axis=1)
    peak: Array = np.where(np.abs(around) <= np.maximum(1, reach), near, 0.0).max(axis=1)
    return peak


def _between(hertz: Array, low: float, high: float) -> npt.NDArray[np.bool_]:
    return (hertz >= low) & (hertz < high)


def _decibel(power: Array) -> Array:
    return 10 * np.log10(power + SILENCE)


def _autocorrelation(windowed: Array) -> Array:
    """Autocorrelation (n, 321) up to half the frame, by FFT."""
    size = windowed.shape[1]
    spectrum = np.abs(np.fft.rfft(windowed, 2 * size)) ** 2
    correlation: Array = np.fft.irfft(spectrum)[:, : size // 2 + 1]
    return correlation


def _first_high_peak(ratio: Array) -> tuple[Array, Array]:
    """Lag and height of the first local peak within 10 % of the best, by parabola."""
    left, here, right = ratio[:, :-2], ratio[:, 1:-1], ratio[:, 2:]
    height = np.where((here >= left) & (here > right), here, -1.0)
    best = height.max(axis=1, keepdims=True)
    at = (height >= 0.9 * best).argmax(axis=1)
    rows = np.arange(len(ratio))
    before, peak, after = left[rows, at], here[rows, at], right[rows, at]
    bend = before - 2 * peak + after
    shift = np.where(bend < 0, 0.5 * (before - after) / np.minimum(bend, -SILENCE), 0.0)
    return at + 1 + shift.clip(-0.5, 0.5), np.where(best[:, 0] > 0, peak, 0.0)


@functools.cache
def _mel_filters() -> Array:
    """Triangles (26, 257) even on the mel scale (2595 log10(1 + f/700)) from 20 Hz to 8 kHz."""
    low, high = (2595 * np.log10(1 + f / 700) for f in (20.0, RATE / 2))
    corners = 700 * (10 ** (np.linspace(low, high, BANDS + 2) / 2595) - 1)
    hertz = np.fft.rfftfreq(TRANSFORM, 1 / RATE)
    rising = (hertz - corners[:-2, None]) / np.diff(corners)[:-1, None]
    falling = (corners[2:, None] - hertz) / np.diff(corners)[1:, None]
    return np.clip(np.minimum(rising, falling), 0, None)
