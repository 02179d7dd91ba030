"""The files of a round, and what its row says of them."""

from __future__ import annotations

import hashlib
import json
import platform
import shutil
import tempfile
import time
from importlib.metadata import distributions, version
from pathlib import Path
from typing import Any

from django.conf import settings

from active_learning import snapshots
from active_learning.computing import Outcome
from active_learning.learners import LEARNERS, Learner, UntrustedLearnerError
from active_learning.models import Round
from active_learning.permitting import consents
from active_learning.snapshots import Snapshot
from jobs.registry import LONGEST_SECONDS

LIBRARIES = ("numpy", "scipy", "scikit-learn", "skops", "opencv-python-headless", "av", "torch")


def keep_snapshot(row: Round, snapshot: Snapshot) -> dict[str, Any]:
    """Write a snapshot to its file, named by its hash; return what the manifest says of it."""
    folder = _folder(row)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        part = Path(name) / "snapshot"
        sha256 = snapshots.write(snapshot, part)
        path = part.replace(folder / f"round-{row.number}-{sha256[:16]}.jsonl.gz")
    return {
        "snapshot": {"file": _named(path), "sha256": sha256},
        "versions": versions(),
        "seed": row.seed,
        "consents": consents((each.task for each in snapshot.training), row.campaign.purpose),
        "learner": f"{snapshot.learner}-{LEARNERS[snapshot.learner].version}",
        "withheld": [],
        "without_vector": [],
    }


def load_snapshot(row: Round) -> Snapshot:
    """Return what a round started from.

    Raises:
        SnapshotGoneError: its file is missing or was changed.
    """
    kept = row.manifest["snapshot"]
    return snapshots.read(Path(settings.LEARNER_ROOT) / kept["file"], kept["sha256"])


def keep_learner(row: Round, learner: Learner) -> tuple[str, str]:
    """Write a learner to a file named by its hash; return its name and SHA-256."""
    folder = _folder(row)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        part = Path(name) / "learner"
        sha256 = learner.save(part)
        path = part.replace(folder / f"round-{row.number}-{sha256[:16]}.skops")
    return _named(path), sha256


def load_learner(row: Round, name: str) -> Learner | None:
    """Return the learner of the kind `name` that a round keeps; None where it is not there."""
    if not row.learner:
        return None
    path = Path(settings.LEARNER_ROOT) / row.learner
    try:
        return LEARNERS[name].load(path, row.learner_sha256)
    except (OSError, UntrustedLearnerError):
        return None


def drop_learner(row: Round) -> None:
    """Remove the learner of a round that failed: it serves nobody."""
    if row.learner:
        (Path(settings.LEARNER_ROOT) / row.learner).unlink(missing_ok=True)


def chunks_key(row: Round) -> str:
    """Name what a round's predictions depend on; whoever computes a chunk agrees on it first."""
    manifest = row.manifest
    depends = [
        manifest["snapshot"]["sha256"], row.learner_sha256, bool(row.metrics["cold_start"]),
        manifest["withheld"], manifest["without_vector"],
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(depends).encode()).hexdigest()[:16]


def chunks_folder(row: Round) -> Path:
    """Return where the chunks of a running round lie, for all its workers."""
    return _folder(row) / f"round-{row.number}-chunks-{chunks_key(row)}"


def drop_chunks(row: Round) -> None:
    """Remove what was only needed to draw the batch, and what dead workers left of it before."""
    for folder in _folder(row).glob("round-*-chunks-*"):
        shutil.rmtree(folder, ignore_errors=True)
    for half in _folder(row).glob(f"{tempfile.gettempprefix()}*"):
        # Older than any work that may be going on.
        if half.stat().st_mtime < time.time() - LONGEST_SECONDS:
            shutil.rmtree(half) if half.is_dir() else half.unlink()


def versions() -> dict[str, str]:
    """Return the versions of what computes a round's numbers."""
    machine = {"python": platform.python_version(), "machine": platform.machine()}
    here = (name for name in LIBRARIES if any(distributions(name=name)))  # torch is an extra.
    return machine | {name: version(name) for name in here}


def drawn(outcome: Outcome) -> dict[str, Any]:
    """Return the new clips of a batch in the order of the draw, which LURE weights need."""
    batch = outcome.batch
    picks = [i for i, row in enumerate(batch.indices) if outcome.is_new[row]]
    return {
        "tasks": [outcome.tasks[int(batch.indices[i])] for i in picks],
        "reasons": [str(batch.reasons[i]) for i in picks],
        "probabilities": [float(batch.probabilities[i]) for i in picks],
        "drawn_from": int(outcome.is_new.sum()),
        "repeats": len(batch.indices) - len(picks),
    }


def _folder(row: Round) -> Path:
    return Path(settings.LEARNER_ROOT) / f"campaign-{row.campaign_id}"


def _named(path: Path) -> str:
    return str(path.relative_to(settings.LEARNER_ROOT))
