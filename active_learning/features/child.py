"""The process that looks at clips: what a file does to it is not done to the worker."""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from active_learning.features import deep
from active_learning.features.extractor import Extractor, Kind
from active_learning.features.networks import NetworkRefusedError, Networks
from annotation.media.child import restrain, serve
from annotation.media.limits import MEBIBYTE

MEMORY, MEMORY_OF_NETWORKS = 4096 * MEBIBYTE, 16384 * MEBIBYTE
LARGEST_FILE = 64 * MEBIBYTE  # It has no reason to write any.

Extractors = Callable[[Networks], Mapping[Kind, Extractor]]


def main(extractors: Extractors = deep.extractors) -> None:
    """Answer requests until the parent closes the pipe."""
    cv2.setNumThreads(1)  # As many clips as there are workers are looked at side by side.
    serve(partial(_answer, extractors))


def _answer(extractors: Extractors, request: dict[str, Any]) -> dict[str, Any]:
    networks = Networks(*(path and Path(path) for path in request["networks"]))
    restrain(MEMORY_OF_NETWORKS if any(networks) else MEMORY, request["seconds"], LARGEST_FILE)
    try:
        found = extractors(networks)
    except NetworkRefusedError as error:
        return {"unusable": str(error)}
    if "path" not in request:
        return {"extractors": {kind: _told(one) for kind, one in found.items()}}
    return _seen(found[request["kind"]], Path(request["path"]))


def _seen(extractor: Extractor, path: Path) -> dict[str, Any]:
    try:
        vector = extractor(path)
    except ValueError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "Looking at it takes too much memory."}
    seen = base64.b64encode(vector.tobytes()).decode()
    return {"extractor": _told(extractor), "vector": seen}


def _told(extractor: Extractor) -> list[str | int]:
    return [extractor.name, extractor.version, extractor.dimension]


if __name__ == "__main__":
    main()
