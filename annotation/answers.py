"""An answer as it arrives, and what is said back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from annotation.models import Label

# What the page records of the playback fits many times over; a script cannot fill the disk.
RECORD_CHARACTERS = 20_000
# "stopped" is the one key by which somebody ends a clip at once, without being asked why.
SKIP_REASONS = (
    "cannot-tell", "not-playing", "distressing", "i-know-this-person", "other", "stopped",
)  # fmt: skip


@dataclass(frozen=True)
class Answer:
    """A label or a skip as it arrives. `client_id` is the client's, and makes it idempotent."""

    client_id: UUID
    assignment: int
    value: Any = None
    skip: str = ""
    stage: str = ""
    step: int | None = None
    supersedes: UUID | None = None
    latency_ms: int | None = None
    active_ms: int | None = None
    changes: int = 0
    playback: dict[str, Any] = field(default_factory=dict)
    shown: dict[str, Any] = field(default_factory=dict)

    def flaws(self) -> dict[str, str]:
        """Return what keeps the answer from being stored, whatever the scheme asks."""
        found = {}
        if self.skip and self.skip not in SKIP_REASONS:
            error = _("%(given)r is not a reason. Choose one of: %(known)s.")
            found["skip"] = error % {"given": self.skip, "known": ", ".join(SKIP_REASONS)}
        for name, record in (("playback", self.playback), ("shown", self.shown)):
            if len(json.dumps(record)) > RECORD_CHARACTERS:
                error = _("At most %(most)d characters of JSON are kept.")
                found[name] = error % {"most": RECORD_CHARACTERS}
        return found

    def fingerprint(self) -> str:
        """Return the hash by which a second arrival is known to say the same."""
        said = [self.assignment, self.value, self.skip]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Result:
    """What became of an answer: `status` is the public word, `code` the kind of refusal."""

    client_id: UUID
    status: str
    stored: Label | None = None
    code: str = ""
    detail: str = ""
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> int | None:
        return self.stored.pk if self.stored else None


def created(answer: Answer, label: Label | None = None) -> Result:
    return Result(answer.client_id, "created", label)


def duplicate(answer: Answer, label: Label | None = None) -> Result:
    return Result(answer.client_id, "duplicate", label)


def late(answer: Answer, label: Label | None = None) -> Result:
    detail = _("The time for this clip ran out. Your answer is kept as late and credited.")
    return Result(answer.client_id, "late", label, "lease_gone", detail)


def withdrawn(answer: Answer) -> Result:
    detail = _("This clip is no longer available. Your work is credited; go on to the next.")
    return Result(answer.client_id, "withdrawn", code="clip_withdrawn", detail=detail)


def conflict(answer: Answer) -> Result:
    detail = _("Something else was sent under this client_id. Use a new one for a new answer.")
    return Result(answer.client_id, "invalid", code="conflict", detail=detail)


def answered_before(answer: Answer) -> Result:
    detail = _("This assignment was answered before. Ask for the next one.")
    return Result(answer.client_id, "invalid", code="conflict", detail=detail)


def not_found(answer: Answer) -> Result:
    detail = _("You have no such assignment in this campaign.")
    return Result(answer.client_id, "invalid", code="not_found", detail=detail)


def not_open(answer: Answer, stage: str) -> Result:
    error = _("Another step is open: %(open)s. Answer what is shown, and name its stage and step.")
    return invalid(answer, {"stage": error % {"open": stage}})


def not_seen(answer: Answer) -> Result:
    return invalid(answer, {"playback": _("Play the clip to its end before you answer.")})


def locked(answer: Answer) -> Result:
    error = _("That answer cannot be changed any more. Send the next one without this field.")
    return invalid(answer, {"supersedes": error})


def invalid(answer: Answer, errors: dict[str, str]) -> Result:
    detail = _("Nothing was stored: some fields are not right.")
    return Result(answer.client_id, "invalid", code="invalid", detail=detail, errors=errors)
