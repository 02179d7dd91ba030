"""Looking at clips in a process of its own, which a deadly one may bring down."""

from __future__ import annotations

import base64
import functools
from pathlib import Path
from typing import Any

import numpy as np

from active_learning.features import EXTRACTORS
from active_learning.features.extractor import Extractor, Kind, UnreadableClipError, Vector
from active_learning.features.networks import NetworkRefusedError, Networks
from annotation.media.worker import Reader

# A clip may take so long, of the wall clock and of the processor.
SECONDS, SECONDS_OF_NETWORKS = 60.0, 600.0
# A reader may also die of what its clip cannot help, such as a machine that is being stopped.
ATTEMPTS = 2
NONE = Networks()

reader = Reader("active_learning.features.child")


class ExtractorChangedError(Exception):
    """What looks at clips was replaced while it was in use."""


def extractors(networks: Networks = NONE) -> dict[Kind, Extractor]:
    """Return the extractor of each kind of clip; they look in a child process.

    It is kept from clip to clip and begun anew after a death, so that a clip that cannot be
    decoded, takes too long or ends its reader gives an UnreadableClipError and nothing worse.

    One whose network was replaced since raises ExtractorChangedError.

    Raises:
        NetworkRefusedError: a network cannot be used.
    """
    if not any(networks):
        return {
            kind: _looking(networks, kind, one.name, one.version, one.dimension)
            for kind, one in EXTRACTORS.items()
        }
    return _with_networks(networks, tuple(_state(path) for path in networks))


@functools.lru_cache(maxsize=4)
def _with_networks(networks: Networks, _states: tuple[Any, ...]) -> dict[Kind, Extractor]:
    answer = _asked({}, networks)
    if answer is None:
        raise NetworkRefusedError("Loading the network takes too long or too much memory.")
    if "unusable" in answer:
        raise NetworkRefusedError(answer["unusable"])
    return {kind: _looking(networks, kind, *told) for kind, told in answer["extractors"].items()}


def _state(path: Path | None) -> tuple[int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError as error:
        raise NetworkRefusedError(f"There is no network at {path}: {error.strerror}.") from error
    return found.st_mtime_ns, found.st_size


def _looking(networks: Networks, kind: Kind, name: str, version: int, dimension: int) -> Extractor:
    look = functools.partial(_look, networks, kind, [name, version, dimension])
    return Extractor(name, version, dimension, look)


def _look(networks: Networks, kind: Kind, told: list[str | int], path: Path) -> Vector:
    for _ in range(ATTEMPTS):
        answer = _asked({"kind": kind, "path": str(path.absolute())}, networks)
        if answer is None:
            continue
        if "refused" in answer:
            raise UnreadableClipError(answer["refused"])
        if answer.get("extractor") != told:
            changed = "A network's file, or the program, was replaced meanwhile."
            raise ExtractorChangedError(answer.get("unusable", changed))
        return np.frombuffer(base64.b64decode(answer["vector"]), dtype=np.float32)
    raise UnreadableClipError(
        f"Looking at {path.name} brought the reader down or took longer than "
        f"{_seconds(networks):g} s. Export the clip again from the original, shorter or smaller."
    )


def _asked(request: dict[str, Any], networks: Networks) -> dict[str, Any] | None:
    seconds = _seconds(networks)
    paths = [path and str(path.absolute()) for path in networks]
    return reader.ask(request | {"networks": paths, "seconds": seconds}, seconds)


def _seconds(networks: Networks) -> float:
    return SECONDS_OF_NETWORKS if any(networks) else SECONDS
