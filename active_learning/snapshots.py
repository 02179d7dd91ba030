"""What a round starts from, written down once: labels, weights and candidates, in a file."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from active_learning import writing

if TYPE_CHECKING:
    # What serves the web reads no media.
    from active_learning.features import Kind


class SnapshotGoneError(Exception):
    """The file is missing, or is not the one that was written."""


@dataclass(frozen=True)
class Example:
    """A labelled clip: what its labels add up to and how much it weighs in training."""

    task: int
    clip: str
    kind: Kind
    person: int  # Whom it shows; people who share clips count as one.
    distribution: list[float]
    weight: float
    effective_n: float
    labels: dict[str, float]
    uniform: bool  # Chance alone picked it, so it may judge the learner.
    reason: str = ""  # Why it was asked about first.
    held_out: bool = False  # It shows somebody kept apart: nothing is learned from it.
    test: bool = False  # It is one of the clips that judge every round's learner.
    traits: dict[str, str] = field(default_factory=dict)  # What it can be grouped by.


@dataclass(frozen=True)
class Candidate:
    """A task that wants labels."""

    task: int
    clip: str
    kind: Kind
    person: int
    information: float | None  # Of its labels so far; None where there are none.
    begun: bool  # To be finished before anything new is begun.
    held_out: bool = False  # It shows somebody kept apart: chance alone may pick it.
    test: bool = False  # It is asked in any case, to judge every round's learner.


@dataclass(frozen=True)
class Snapshot:
    """Everything that a round depends on, but for the clips themselves."""

    classes: list[str]
    seed: int
    learner: str
    strategy: str
    strength: float  # s of the aggregator's prior, in labels
    base_rate: list[float]  # m of the aggregator's prior
    extractors: dict[str, str]
    batch_size: int
    audit_share: float
    warm_up: int
    training: list[Example]
    pool: list[Candidate]
    test_why: str = ""  # Why nobody is kept apart; "" where somebody is.

    @property
    def tasks(self) -> set[int]:
        return {row.task for row in self.training} | {row.task for row in self.pool}

    @property
    def kinds(self) -> list[Kind]:
        return sorted({row.kind for row in self.training} | {row.kind for row in self.pool})

    def content(self) -> bytes:
        """Return the one JSON text of this snapshot."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":")).encode()


def write(content: bytes, path: Path) -> None:
    """Write a snapshot's content to `path` at once or not at all."""
    with writing.at_once(path) as file:
        file.write(gzip.compress(content, mtime=0))


def read(path: Path, sha256: str) -> Snapshot:
    """Return the snapshot in the file at `path`.

    Raises:
        SnapshotGoneError: it is missing, damaged, another than the one that was written, or of a
            version that held other things.
    """
    try:
        content = gzip.decompress(path.read_bytes())
    except (OSError, EOFError, zlib.error) as error:
        raise SnapshotGoneError(f"The snapshot {path.name} cannot be read.") from error
    if hashlib.sha256(content).hexdigest() != sha256:
        raise SnapshotGoneError(f"The snapshot {path.name} is not the one that was written.")
    plain: dict[str, Any] = json.loads(content)
    training = [Example(**row) for row in plain.pop("training")]
    pool = [Candidate(**row) for row in plain.pop("pool")]
    try:
        return Snapshot(**plain, training=training, pool=pool)
    except TypeError as error:
        raise SnapshotGoneError(f"The snapshot {path.name} is of another version.") from error
