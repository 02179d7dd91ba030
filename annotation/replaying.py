"""Plays recorded answers through the public HTTP API, as the people who gave them."""

from __future__ import annotations

import csv
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any
from uuid import UUID, uuid4

import httpx

COLUMNS = ("task", "worker", "label")
HAND = 5
TIMEOUT = 30.0
LONGEST_WAIT = 1.0
TRIES = 40


class InvalidAnswersError(ValueError):
    """The file of recorded answers cannot be played."""


class RefusedError(RuntimeError):
    """The server would not take the replay; the message has its words."""


@dataclass
class Recording:
    """What each worker said of each task: `answers[worker][task]` is an option of the scheme."""

    answers: dict[str, dict[str, str]]
    unknown_tasks: int = 0
    repeated: int = 0

    def __len__(self) -> int:
        return sum(map(len, self.answers.values()))


@dataclass
class Log:
    """What the client knows: the truth that the server is checked against."""

    acknowledged: dict[UUID, str] = field(default_factory=dict)
    statuses: Counter[str] = field(default_factory=Counter)
    latencies: list[float] = field(default_factory=list)
    failures: int = 0
    # Workers who got nothing more before a person had looked at their work.
    held_back: int = 0
    lock: Lock = field(default_factory=Lock)

    def note(self, results: Iterable[dict[str, Any]], seconds: float) -> None:
        with self.lock:
            self.latencies.append(seconds)
            for result in results:
                self.statuses[result["status"]] += 1
                if result["label"] and result["status"] in ("created", "duplicate"):
                    self.acknowledged[UUID(result["client_id"])] = result["status"]


def read_answers(path: Path, options: list[dict[str, str]], tasks: set[str]) -> Recording:
    """Read `task,worker,label` rows; a label is an option's value or its text."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError) as error:
        raise InvalidAnswersError(f"{path}: {error}.") from error
    missing = [name for name in COLUMNS if not rows or name not in rows[0]]
    if missing:
        raise InvalidAnswersError(f"{path}: the column {missing[0]!r} is missing, or it is empty.")
    value_of = {option["text"]: option["value"] for option in options}
    value_of |= {option["value"]: option["value"] for option in options}
    strange = {row["label"] for row in rows} - set(value_of)
    if strange:
        raise InvalidAnswersError(
            f"{path}: the scheme has no option {min(strange)!r}. It has: {', '.join(value_of)}."
        )
    recording = Recording(defaultdict(dict))
    for row in rows:
        said = recording.answers[row["worker"]]
        if row["task"] not in tasks:
            recording.unknown_tasks += 1
        elif row["task"] in said:
            recording.repeated += 1
        else:
            said[row["task"]] = value_of[row["label"]]
    return recording


@dataclass
class Player:
    """One worker: takes what the server serves, says what they said, skips what they never saw."""

    client: httpx.Client
    campaign: int
    answers: dict[str, str]
    log: Log
    chance: random.Random
    resend: float

    def play(self) -> None:
        answers: list[dict[str, Any]] = []
        while True:
            reply = self._post({"answers": answers, "want": HAND})
            if answers and self.chance.random() < self.resend:
                self._post({"answers": answers, "want": 0})
            answers = [self._answer(assignment) for assignment in reply["assignments"]]
            if not answers and "standing" in reply:
                with self.log.lock:
                    self.log.held_back += 1
            if not answers and (reply["reason"] == "done" or "standing" in reply):
                return
            if not answers:
                time.sleep(min(reply["retry_after"] or LONGEST_WAIT, LONGEST_WAIT))

    def _answer(self, assignment: dict[str, Any]) -> dict[str, Any]:
        sent: dict[str, Any] = {"client_id": str(uuid4()), "assignment": assignment["assignment"]}
        said = self.answers.get(assignment["clip"]["external_id"])
        # A person who answered the recording would have followed an instruction, too.
        said = assignment["instruction"]["value"] if "instruction" in assignment else said
        if said is None:
            return {**sent, "skip": "other"}
        sent["step"] = assignment["step"]
        return {**sent, "value": {assignment["scheme"]["questions"][0]["name"]: said}}

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Send until the server answers: what is sent twice is stored once."""
        for attempt in range(TRIES):
            started = time.perf_counter()
            try:
                response = self.client.post(f"/api/v1/campaigns/{self.campaign}/batch/", json=body)
            except httpx.TransportError:
                self._pause(attempt)
                continue
            if response.status_code in (429, 502, 503, 504) or response.status_code >= 500:
                self._pause(attempt)
                continue
            if response.is_error:
                raise RefusedError(f"HTTP {response.status_code}: {response.text[:300]}")
            reply: dict[str, Any] = response.json()
            self.log.note(reply["results"], time.perf_counter() - started)
            return reply
        raise RefusedError(f"The server did not answer {TRIES} times.")

    def _pause(self, attempt: int) -> None:
        with self.log.lock:
            self.log.failures += 1
        time.sleep(min(0.1 * 2**attempt, 5.0) * (0.5 + self.chance.random()))


def play(
    url: str, campaign: int, recording: Recording, secrets: dict[str, str], resend: float = 0.02
) -> tuple[Log, float]:
    """Play all workers at the same time and return the client's log and the seconds it took."""
    log = Log()

    def run(worker: str) -> None:
        headers = {"Authorization": f"Bearer {secrets[worker]}"}
        with httpx.Client(base_url=url, headers=headers, timeout=TIMEOUT) as client:
            chance = random.Random(worker)  # noqa: S311 - which request is sent twice
            Player(client, campaign, recording.answers[worker], log, chance, resend).play()

    started = time.perf_counter()
    with ThreadPoolExecutor(max_workers=len(recording.answers)) as pool:
        list(pool.map(run, recording.answers))
    return log, time.perf_counter() - started
