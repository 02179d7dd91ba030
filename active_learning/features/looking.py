"""Looking at clips in a process of its own, which a deadly one may bring down."""

from __future__ import annotations

import base64
from pathlib import Path

import numpy as np

from active_learning.features.extractor import Kind, UnreadableClipError, Vector
from annotation.media.worker import Reader

SECONDS = 60.0  # A clip may take, of the wall clock and of the processor.
# A reader may also die of what its clip cannot help, such as a machine that is being stopped.
ATTEMPTS = 2

reader = Reader("active_learning.features.child")


def look(path: Path, kind: Kind) -> Vector:
    """Return the vector (d,) float32 of the clip at `path` by its kind's extractor.

    The child that looks is kept from clip to clip, and begun anew after a death.

    Raises:
        UnreadableClipError: the clip cannot be decoded, takes too long, or ends its reader.
    """
    request = {"kind": kind, "path": str(path.absolute()), "seconds": SECONDS}
    for _ in range(ATTEMPTS):
        answer = reader.ask(request, SECONDS)
        if answer is None:
            continue
        if "refused" in answer:
            raise UnreadableClipError(answer["refused"])
        return np.frombuffer(base64.b64decode(answer["vector"]), dtype=np.float32)
    raise UnreadableClipError(
        f"Looking at {path.name} brought the reader down or took longer than {SECONDS:g} s. "
        "Export the clip again from the original, shorter or smaller."
    )
