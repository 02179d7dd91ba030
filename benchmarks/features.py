"""What features cost: seconds of CPU per second of clip, beside the bare decoding.

    python -m benchmarks.features FOLDER [--most 50]

FOLDER holds images, recordings and videos of any common form. Prints a line per kind and, last,
one JSON object. The first clip of a kind is read once before the clock starts, for what is loaded
only once. A photograph has no length: its figures are per photograph.
"""

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import av
import cv2

from active_learning.features import EXTRACTORS, Kind
from active_learning.features.decoding import RATE, grey_frames, mono_samples
from active_learning.features.videos import FRAMES

SUFFIXES: dict[Kind, set[str]] = {
    "image": {".jpg", ".jpeg", ".png", ".webp"},
    "audio": {".mp3", ".wav", ".ogg", ".m4a", ".flac"},
    "video": {".mp4", ".webm", ".mov", ".mkv"},
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--most", type=int, default=50, help="clips of each kind (default: 50)")
    args = parser.parse_args()
    cv2.setNumThreads(1)
    result = {}
    for kind, suffixes in SUFFIXES.items():
        clips = sorted(p for p in args.folder.rglob("*") if p.suffix.lower() in suffixes)
        if clips:
            result[kind] = measured(kind, clips[: args.most])
            print(f"{kind:<6}", "  ".join(f"{k} {v:.4g}" for k, v in result[kind].items()))
    if not result:
        parser.error(f"There is no clip in {args.folder}.")
    print(json.dumps({"benchmark": "features", **result}))


def measured(kind: Kind, clips: list[Path]) -> dict[str, float]:
    """Return the CPU per second of clip (per clip, of images) of decoding and of features."""
    length = sum(seconds(kind, clip) for clip in clips)
    decoding = cpu(lambda clip: decode(kind, clip), clips)
    features = cpu(EXTRACTORS[kind], clips)
    return {
        "clips": len(clips),
        "length": length,
        "decoding": decoding / length,
        "features": features / length,
    }


def cpu(work: Callable[[Path], object], clips: list[Path]) -> float:
    """Return the seconds of CPU that `work` takes over `clips`, all threads together."""
    work(clips[0])
    start = time.process_time()
    for clip in clips:
        work(clip)
    return time.process_time() - start


def decode(kind: Kind, clip: Path) -> None:
    """Do the least that any features need."""
    if kind == "image":
        cv2.imread(str(clip), cv2.IMREAD_GRAYSCALE)
        return
    if kind == "video":
        grey_frames(clip, FRAMES)
    mono_samples(clip)


def seconds(kind: Kind, clip: Path) -> float:
    """Return how long a clip is; an image counts one."""
    if kind == "image":
        return 1.0
    if kind == "audio":
        return len(mono_samples(clip)) / RATE
    with av.open(str(clip)) as container:
        return float(container.duration or 0) / av.time_base


if __name__ == "__main__":
    main()
