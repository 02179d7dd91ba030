"""The process that looks at clips: what a file does to it is not done to the worker."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import cv2

from active_learning.features import EXTRACTORS, Extractor, Kind
from annotation.media.child import restrain, serve
from annotation.media.limits import MEBIBYTE

MEMORY = 4096 * MEBIBYTE
LARGEST_FILE = 64 * MEBIBYTE  # It has no reason to write any.


def main(extractors: Mapping[Kind, Extractor] = EXTRACTORS) -> None:
    """Answer requests until the parent closes the pipe."""
    cv2.setNumThreads(1)  # As many clips as there are workers are looked at side by side.
    serve(partial(_answer, extractors))


def _answer(extractors: Mapping[Kind, Extractor], request: dict[str, Any]) -> dict[str, Any]:
    restrain(MEMORY, request["seconds"], LARGEST_FILE)
    try:
        vector = extractors[request["kind"]](Path(request["path"]))
    except ValueError as error:
        return {"refused": str(error)}
    except MemoryError:
        return {"refused": "Looking at it takes too much memory."}
    return {"vector": base64.b64encode(vector.tobytes()).decode()}


if __name__ == "__main__":
    main()
