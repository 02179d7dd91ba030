"""A process that reads hostile files: one request a line in, one answer a line out.

Started by `worker`, without the parent's environment and, where Linux lets it, without a network.
What a file does to this process is not done to the importer.
"""

import ctypes
import json
import math
import os
import struct
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
from PIL import Image

from annotation.media import reading
from annotation.media.errors import EncoderMissing, UnreadableMedia, damaged
from annotation.media.limits import Limits

try:
    import resource
except ImportError:  # Windows: the parent's clock remains.
    resource = None  # type: ignore[assignment]

_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
Answer = Callable[[dict[str, Any]], dict[str, Any]]

_GIVEN_BY_HOSTILE_FILES = (
    ArithmeticError,
    LookupError,
    OSError,
    SyntaxError,  # Pillow's word for a broken PNG.
    TypeError,
    ValueError,
    struct.error,
    zlib.error,
)


def serve(answer: Answer) -> None:
    """Answer requests until the parent closes the pipe."""
    _leave_the_network()
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # What a codec prints is not an answer.
    av.logging.set_level(None)
    print(json.dumps({"ready": True}), file=answers, flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), file=answers, flush=True)


def _answer(request: dict[str, Any]) -> dict[str, Any]:
    limits = Limits(**request["limits"])
    restrain(limits.memory, limits.seconds, limits.bytes)
    source = Path(request["source"])
    try:
        if request["verb"] == "probe":
            return {"facts": reading.probe(source, limits)}
        return {"facts": reading.normalise(source, Path(request["folder"]), limits)}
    except UnreadableMedia as error:
        return _refused(error)
    except EncoderMissing as error:
        return {"missing": str(error)}
    except MemoryError:
        return _refused(
            UnreadableMedia("Reading it takes too much memory. Scale it down or cut it shorter.")
        )
    except _GIVEN_BY_HOSTILE_FILES as error:
        return _refused(damaged(error))


def _refused(error: UnreadableMedia) -> dict[str, Any]:
    return {"refused": {"message": error.message, "values": error.values}}


def restrain(memory: int, seconds: float, largest_file: int) -> None:
    """Bound the address space, the processor time of the next request and any file written."""
    if resource is None:
        return
    processor = math.ceil(time.process_time() + seconds)
    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: processor,
        resource.RLIMIT_FSIZE: largest_file,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: 64,
    }
    for kind, soft in wanted.items():
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (soft if hard < 0 else min(soft, hard), hard))


def _leave_the_network() -> None:
    """Enter an empty network where Linux allows it; elsewhere no address ever reaches libav."""
    if sys.platform != "linux":
        return
    own = _NEW_NETWORK if os.geteuid() == 0 else _NEW_NETWORK | _NEW_USER
    ctypes.CDLL(None).unshare(own)


if __name__ == "__main__":
    Image.MAX_IMAGE_PIXELS = None  # `images.load` refuses by the limits of the request.
    serve(_answer)
