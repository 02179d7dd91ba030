"""Learners on disk: skops, never pickle, and only what we wrote ourselves.

`skops` refuses types it does not know, yet its own defaults have been too trusting before;
so the hash is compared before the file is opened, and every type must be on our own list.
The same state makes the same bytes, so the hash is the learner's and not only the file's.
"""

import hashlib
import hmac
import json
import zipfile
import zlib
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import ClassVar, Protocol

from skops import io as skops_io

from active_learning.learners.learner import UntrustedLearnerError
from active_learning.writing import at_once

State = dict[str, object]


class Named(Protocol):
    """A learner with a name and a state of plain values."""

    name: ClassVar[str]
    version: ClassVar[int]

    def state(self) -> State:
        """Return plain values and arrays by name."""
        ...


ALLOWED_TYPES = frozenset({"builtins.dict", "builtins.list", "builtins.str", "numpy.ndarray"})
# What skops makes of a type is another name in the file, so that one has to be known, too.
ALLOWED_LOADERS = frozenset({"DictNode", "JsonNode", "ListNode", "NdArrayNode", "TypeNode"})


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
    """Write `state` (plain values and arrays) atomically; return the file's SHA-256.

    The same state gives the same bytes under the same versions of numpy and skops.
    """
    content = _reproducible(skops_io.dumps(state))
    with at_once(path) as file:
        file.write(content)
    return hashlib.sha256(content).hexdigest()


def load_state(path: Path, sha256: str) -> State:
    """Return the state in the file at `path`.

    Raises:
        UntrustedLearnerError: the file's hash is not `sha256` (it is then never opened), it is of
            another form, or it names a type outside ALLOWED_TYPES.
    """
    content = path.read_bytes()
    if not hmac.compare_digest(hashlib.sha256(content).hexdigest(), sha256):
        raise UntrustedLearnerError(f"{path.name} is not the file that was written.")
    try:
        strangers = (types_in(content) - ALLOWED_TYPES) | (loaders_in(content) - ALLOWED_LOADERS)
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError) as error:
        raise UntrustedLearnerError(f"{path.name} is no file of skops.") from error
    if strangers:
        raise UntrustedLearnerError(f"{path.name} holds {', '.join(sorted(strangers))}.")
    state: State = skops_io.loads(content, trusted=[])
    return state


def types_in(content: bytes) -> set[str]:
    """Return the full names of all types that a skops file would bring to life."""
    return {f"{node.get('__module__')}.{node.get('__class__')}" for node in _nodes(content)}


def loaders_in(content: bytes) -> set[str]:
    """Return the names of what skops would bring them to life by."""
    return {str(node.get("__loader__")) for node in _nodes(content)}


def _nodes(content: bytes) -> list[State]:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return list(_nodes_under(json.loads(archive.read("schema.json"))))


def _nodes_under(part: object) -> Iterator[State]:
    """Every object of a schema that says what it is."""
    if isinstance(part, dict):
        if not part.keys().isdisjoint({"__class__", "__loader__"}):
            yield part
        part = list(part.values())
    if isinstance(part, list):
        for child in part:
            yield from _nodes_under(child)


def _reproducible(content: bytes) -> bytes:
    """Return a skops file without what is of the moment: addresses in memory, and the time.

    Arrays are named by their content, and nothing is shared between places by its address.
    """
    with zipfile.ZipFile(BytesIO(content)) as archive:
        schema = json.loads(archive.read("schema.json"))
        parts: dict[str, bytes] = {}
        for node in _nodes_under(schema):
            node.pop("__id__", None)
            if "file" in node:
                array = archive.read(str(node["file"]))
                node["file"] = f"{hashlib.sha256(array).hexdigest()}.npy"
                parts[str(node["file"])] = array
    parts["schema.json"] = json.dumps(schema).encode()
    written = BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for name, part in parts.items():
            archive.writestr(zipfile.ZipInfo(name), part)  # Dated 1980, as no date is given.
    return written.getvalue()
