"""Runs the demo twice on a fresh folder, as `make demo` does, and looks at what it promises.

python -m tests.demo_run
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from typing import Any

from benchmarks._site import manage, running_site

PATIENCE = 300
PROMISES = ("Round 1 is done", "The demo is at", "researcher@demo.example", "password")


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="attune-demo-") as name:
        folder = Path(name) / "var"
        for number in ("first", "second"):
            with running_site(folder, command="demo") as url:
                said = _await(folder / "up.log")
                labels = _labels(url, folder)
                chosen = _await_choice(url, folder)
            print(f"{number} run: {said[-1].strip()}; {labels} labels", flush=True)
            print(f"the learner chose in round {chosen}", flush=True)
            if labels < 100:
                print("The simulated annotators have hardly labelled.")
                return 1
    return 0


def _await(log: Path) -> list[str]:
    """Return what the demo printed, once all it promises is there."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        said = log.read_text()
        if all(promise in said for promise in PROMISES):
            return [line for line in said.splitlines() if "is done" in line]
        time.sleep(1)
    raise SystemExit(f"The demo did not get there in {PATIENCE} s:\n{log.read_text()[-4000:]}")


def _labels(url: str, folder: Path) -> int:
    """Return how many labels the API tells a researcher of."""
    return int(
        _get(f"{url}/api/v1/campaigns/1/agreement/", folder)["populations"]["crowd"]["n_labels"]
    )


def _await_choice(url: str, folder: Path) -> int:
    """Return the first round in which the learner itself chose clips."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        rounds = _get(f"{url}/api/v1/campaigns/1/rounds/", folder)["results"]
        warm = [
            row for row in rounds if row["state"] == "done" and not row["metrics"]["cold_start"]
        ]
        if warm:
            return int(min(row["number"] for row in warm))
        time.sleep(5)
    raise SystemExit(f"The learner chose in no round in {PATIENCE} s: {rounds}")


def _get(url: str, folder: Path) -> Any:
    token = manage("create_token", "researcher@demo.example", folder=folder).strip()
    headers = {"Authorization": f"Bearer {token}"}
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 - our own site
    with urllib.request.urlopen(request, timeout=30) as response:  # noqa: S310 - our own site
        return json.load(response)


if __name__ == "__main__":
    sys.exit(main())
