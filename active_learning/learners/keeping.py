"""Learners on disk: skops, never pickle, and only what we wrote ourselves.

`skops` refuses types it does not know, yet its own defaults have been too trusting before;
so the hash is compared before the file is opened, and every type must be on our own list.
"""

import hashlib
import hmac
import json
import os
import tempfile
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import ClassVar, Protocol

from skops import io as skops_io

from active_learning.learners.learner import UntrustedLearnerError

State = dict[str, object]


class Named(Protocol):
    """A learner with a name and a state of plain values."""

    name: ClassVar[str]
    version: ClassVar[int]

    def state(self) -> State:
        """Return plain values and arrays by name."""
        ...


ALLOWED_TYPES = frozenset(
    {
        "builtins.bool",
        "builtins.dict",
        "builtins.float",
        "builtins.int",
        "builtins.list",
        "builtins.str",
        "numpy.float32",
        "numpy.float64",
        "numpy.int64",
        "numpy.ndarray",
    }
)


def save_named(learner: Named, path: Path) -> str:
    """Write a learner's name, version and state to `path`; return the file's SHA-256."""
    return save_state({"learner": _title(learner), **learner.state()}, path)


def load_named(kind: type[Named], path: Path, sha256: str) -> State:
    """Return the state that a learner of this kind and version wrote.

    Raises:
        UntrustedLearnerError: as `load_state`, or it is another learner's.
    """
    state = load_state(path, sha256)
    if state.get("learner") != _title(kind):
        raise UntrustedLearnerError(f"{path.name} is no {_title(kind)}.")
    return state


def _title(learner: Named | type[Named]) -> str:
    return f"{learner.name}-{learner.version}"


def save_state(state: State, path: Path) -> str:
    """Write `state` (plain values and arrays) atomically; return the file's SHA-256."""
    content = skops_io.dumps(state)
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return hashlib.sha256(content).hexdigest()


def load_state(path: Path, sha256: str) -> State:
    """Return the state in the file at `path`.

    Raises:
        UntrustedLearnerError: the file's hash is not `sha256` (it is then never opened), or it
            names a type outside ALLOWED_TYPES.
    """
    content = path.read_bytes()
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
        raise UntrustedLearnerError(f"{path.name} is not the file that was written.")
    strangers = types_in(content) - ALLOWED_TYPES
    if strangers:
        raise UntrustedLearnerError(f"{path.name} holds {', '.join(sorted(strangers))}.")
    state: State = skops_io.loads(content, trusted=[])
    return state


def types_in(content: bytes) -> set[str]:
    """Return the full names of all types that a skops file would bring to life."""
    with zipfile.ZipFile(BytesIO(content)) as archive:
        schema = json.loads(archive.read("schema.json"))
    return set(_types(schema))


def _types(node: object) -> Iterator[str]:
    if isinstance(node, list):
        for child in node:
            yield from _types(child)
    if isinstance(node, dict):
        if "__class__" in node:
            yield f"{node.get('__module__')}.{node['__class__']}"
        for child in node.values():
            yield from _types(child)
