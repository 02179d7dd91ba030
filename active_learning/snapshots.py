"""What a round starts from, written down once: labels, weights and candidates, in a file."""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from active_learning import writing

if TYPE_CHECKING:
    # What serves the web reads no media.
    from active_learning.features import Kind

# Of gzip: a third of the time of the best, for a tenth more bytes.
LEVEL = 5


class SnapshotGoneError(Exception):
    """The file is missing, or is not the one that was written."""


@dataclass(frozen=True, slots=True)
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


@dataclass(frozen=True, slots=True)
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

    def lines(self) -> Iterator[bytes]:
        """Yield the text of this snapshot: how long it is, then a line of JSON for every row."""
        plain = {one.name: getattr(self, one.name) for one in fields(self)}
        rows = [(kind, plain.pop(name)) for name, kind in ROWS.items()]
        plain["rows"] = {kind.__name__: [len(some), names_of(kind)] for kind, some in rows}
        yield _line(plain)
        for kind, some in rows:
            values = attrgetter(*names_of(kind))
            yield from (_line(values(row)) for row in some)


ROWS: dict[str, type[Example | Candidate]] = {"training": Example, "pool": Candidate}
_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":")).encode


def names_of(kind: type[Example | Candidate]) -> list[str]:
    """Return what a row of a snapshot says, in the order of its line."""
    return [one.name for one in fields(kind)]


def _line(value: object) -> bytes:
    return _encode(value).encode() + b"\n"


def write(snapshot: Snapshot, path: Path) -> str:
    """Write a snapshot to `path` at once or not at all; return the SHA-256 of its text."""
    said = hashlib.sha256()
    with writing.at_once(path) as file, _packed(file) as packed:
        for line in snapshot.lines():
            said.update(line)
            packed.write(line)
    return said.hexdigest()


def _packed(file: IO[bytes]) -> gzip.GzipFile:
    return gzip.GzipFile(filename="", fileobj=file, mode="wb", compresslevel=LEVEL, mtime=0)


def read(path: Path, sha256: str) -> Snapshot:
    """Return the snapshot in the file at `path`.

    Raises:
        SnapshotGoneError: it is missing, damaged, another than the one that was written, or of a
            version that held other things.
    """
    try:
        with gzip.open(path) as file:
            snapshot, said = _parsed(file)
    except (OSError, EOFError, zlib.error) as error:
        raise SnapshotGoneError(f"The snapshot {path.name} cannot be read.") from error
    except (ValueError, TypeError, KeyError) as error:
        raise SnapshotGoneError(f"The snapshot {path.name} is of another version.") from error
    if said != sha256:
        raise SnapshotGoneError(f"The snapshot {path.name} is not the one that was written.")
    return snapshot


def _parsed(file: Iterable[bytes]) -> tuple[Snapshot, str]:
    """Return a snapshot and the SHA-256 of its text, read a line at a time."""
    said = hashlib.sha256()

    def lines() -> Iterator[Any]:
        for line in file:
            said.update(line)
            yield json.loads(line)

    rest = lines()
    plain: dict[str, Any] = next(rest, {})
    lengths = plain.pop("rows")
    for name, kind in ROWS.items():
        length, names = lengths[kind.__name__]
        if names != names_of(kind):
            raise ValueError(f"{kind.__name__} says {names}.")
        plain[name] = [kind(*values) for values in islice(rest, length)]
    # What follows would be somebody else's: it has to be hashed as well.
    list(rest)
    return Snapshot(**plain), said.hexdigest()
