"""When each step of a round began and how long it took, as its manifest says."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils import timezone

Manifest = dict[str, Any]


def entered(manifest: Manifest, step: str) -> Manifest:
    """Return the manifest with `step` begun now, and the one before it ended."""
    told = ended(manifest)
    steps = [one for one in told.get("steps", []) if one["step"] != step]
    begun = {"step": step, "began": timezone.now().isoformat(), "seconds": None}
    return told | {"steps": [*steps, begun]}


def ended(manifest: Manifest) -> Manifest:
    """Return the manifest with the latest step ended now.

    A step that a dead worker left counts up to when the next worker goes on.
    """
    *before, last = manifest.get("steps", []) or [None]
    if last is None or last["seconds"] is not None:
        return manifest
    took = timezone.now() - datetime.fromisoformat(last["began"])
    return manifest | {"steps": [*before, last | {"seconds": round(took.total_seconds(), 3)}]}
