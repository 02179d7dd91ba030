"""The outline of a sound, as drawn under the player."""

import numpy as np
from numpy.typing import NDArray

PEAKS = 200
_BLOCK = 240


class PeakMeter:
    """Keeps the absolute peak of each 5 ms at 48 kHz while a sound streams past."""

    def __init__(self) -> None:
        self._rest = np.zeros(0, dtype=np.float32)
        self._peaks: list[NDArray[np.float32]] = []

    def add(self, samples: NDArray[np.float32]) -> None:
        """Take `samples`, shape (channels, n), full scale 1."""
        line = np.concatenate([self._rest, np.abs(samples).max(axis=0)])
        whole = len(line) // _BLOCK * _BLOCK
        self._peaks.append(line[:whole].reshape(-1, _BLOCK).max(axis=1))
        self._rest = line[whole:]

    def waveform(self, n: int = PEAKS) -> tuple[float, ...]:
        """Return `n` peaks in 0..1, three decimals, spread evenly over the sound; () if silent."""
        peaks = np.concatenate([*self._peaks, self._rest])
        return outline(peaks, n)


def outline(peaks: NDArray[np.float32], n: int) -> tuple[float, ...]:
    """Return the maxima of `n` equal stretches of `peaks`, clipped to 1.

    >>> outline(np.array([0.1, 0.5, 0.2, 0.25], dtype=np.float32), 2)
    (0.5, 0.25)
    """
    if not len(peaks):
        return ()
    edges = np.arange(n) * len(peaks) // n
    maxima = np.maximum.reduceat(peaks, edges)
    return tuple(round(float(value), 3) for value in np.clip(maxima, 0, 1))
