"""A researcher's own network: TorchScript from a local path, on one thread.

Needs torch, which the extra `[deep]` brings; only the child process that looks at clips loads it.
TorchScript is read by torch's own reader, which makes tensors and compiles a small language; no
Python object is unpickled. An archive of `torch.export` (`.pt2`) may say that its weights are
pickled, and torch 2.13 then unpickles them, so none is read.
"""

from __future__ import annotations

import functools
import hashlib
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]


class NetworkRefusedError(ValueError):
    """A network's file cannot be used, for the reason in the message."""


class Networks(NamedTuple):
    """Where the networks lie; None where there is none.

    `voice` hears mono sound at 16 kHz, (1, n) from -1 to 1, n one to ten seconds, and returns
    (1, d), or (1, t, d) over time. `face` sees square grey crops of a face, (n, 1, 224, 224) from
    0 to 1, and returns (n, d).
    """

    voice: Path | None = None
    face: Path | None = None


class Network:
    """What is in a file of TorchScript, with the file's fingerprint.

    Raises:
        NetworkRefusedError: torch is missing, or the file is missing or no TorchScript.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._run = _loaded(path)
        self.sha256 = _sha256(path)

    def __call__(self, given: Array) -> Array:
        """Return what the network makes of `given`: (n, d), moments in time among the n.

        Raises:
            NetworkRefusedError: it fails, or returns no finite numbers of that form.
        """
        made = self._run(given)
        if made is None or made.ndim not in {2, 3} or not made.size:
            raise self._refusal("returns no tensor of (n, d) or (1, t, d)")
        if not np.isfinite(made).all():
            raise self._refusal("returns numbers that are not finite")
        return made.reshape(-1, made.shape[-1])

    def _refusal(self, what: str) -> NetworkRefusedError:
        return NetworkRefusedError(f"The network {self.path.name} {what}.")


def opened(path: Path) -> Network:
    """Return the network in a file, loaded once as long as the file stays as it is.

    Raises:
        NetworkRefusedError: it cannot be used.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise NetworkRefusedError(f"There is no network at {path}: {error.strerror}.") from error
    return _opened(path, state.st_mtime_ns, state.st_size)


@functools.lru_cache(maxsize=2)
def _opened(path: Path, _changed: int, _size: int) -> Network:
    return Network(path)


def _loaded(path: Path) -> Callable[[Array], Array | None]:
    try:
        import torch  # noqa: PLC0415 - an extra, and slow to import
    except ImportError as error:
        why = "The network needs torch. Install the extra: pip install 'attune[deep]'."
        raise NetworkRefusedError(why) from error
    torch.set_num_threads(1)
    module = _module(torch, path)

    def run(given: Array) -> Array | None:
        try:
            with torch.inference_mode():
                made = module(torch.from_numpy(given))
        except (RuntimeError, torch.jit.Error) as error:
            last = str(error).strip().rsplit("\n", maxsplit=1)[-1]
            why = f"The network {path.name} fails on an array of {given.shape}: {last}"
            raise NetworkRefusedError(why) from error
        return made.float().numpy() if isinstance(made, torch.Tensor) else None

    return run


def _module(torch: Any, path: Path) -> Any:
    try:
        with warnings.catch_warnings():
            # torch prefers the archives that may hold pickles.
            for kind in (DeprecationWarning, FutureWarning):
                warnings.simplefilter("ignore", kind)
            return torch.jit.load(str(path), map_location="cpu").eval()
    except RuntimeError as error:
        raise NetworkRefusedError(
            f"{path.name} is no TorchScript. Save the network with torch.jit.script(network)"
            ".save(path) or torch.jit.trace; weights alone and .pt2 archives are not read."
        ) from error


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
