"""Files that are there whole or not at all, whenever the process or the machine stops; pure."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


@contextmanager
def at_once(path: Path) -> Iterator[IO[bytes]]:
    """Yield a file beside `path` that takes its place, safe on the disk, when the block ends.

    If the block fails nothing is left of it, and what was at `path` stays.

    Raises:
        OSError: the disk is full, or the folder may not be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            yield part
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
